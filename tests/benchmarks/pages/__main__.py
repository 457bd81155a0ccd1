"""The table of a thousand pages: `python -m tests.benchmarks pages`."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.process import ROOT, run
from tests.benchmarks.table import Row, at_most, only, show

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
MIKITA = ROOT / "content/mikita"
PAGES = 1000
ROUNDS = 3
GOAL = 1.0
# Pages alone, in the theme that does the least: no articles, archives, feeds or listings.
CONFIGURATION = """\
SITENAME = "Candle"
SITEURL = "https://candle.example.org"
THEME = "simple"
PAGE_PATHS = ["pages"]
ARTICLE_PATHS = STATIC_PATHS = DIRECT_TEMPLATES = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


def main(*, quick: bool = False) -> None:
    """Build the same texts with both, in turn, each time from nothing."""
    with tempfile.TemporaryDirectory() as aside:
        home = Path(aside)
        rows = _rows(home, 100 if quick else PAGES, 1 if quick else ROUNDS)
    show("CPU to build pages from nothing", rows)


def _rows(home: Path, pages: int, rounds: int) -> list[Row]:
    ours = [sys.executable, "-m", "tests.benchmarks.pages.ours", home / "content", home / "site"]
    _campaigns(home / "content", 1)
    run(ours)
    each = len(list((home / "site/campaign-0").rglob("*.html")))
    shared = len(list((home / "site").rglob("*.html"))) - each  # the front pages, and 404
    _campaigns(home / "content", -(-(pages - shared) // each))
    run(ours)
    _texts(home / "site", home / "texts/pages")
    (home / "settings.py").write_text(CONFIGURATION)
    pelican = peers.python("pelican", REQUIREMENTS).with_name("pelican")
    theirs = [pelican, home / "texts", "-o", home / "theirs", "-s", home / "settings.py", "--quiet"]
    taken: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(rounds):
        for who, command, output in (("ours", ours, "site"), ("theirs", theirs, "theirs")):
            shutil.rmtree(home / output, ignore_errors=True)
            taken[who].append(run(command).cpu)
    mine, others = (statistics.median(taken[who]) for who in ("ours", "theirs"))
    counted = (len(list((home / name).rglob("*.html"))) for name in ("site", "theirs"))
    return [
        at_most("ours over Pelican's", GOAL, mine / others),
        only("ours", f"{mine:.2f} s for {next(counted):,} pages"),
        only("Pelican's", f"{others:.2f} s for {next(counted):,} pages"),
    ]


def _campaigns(content: Path, number: int) -> None:
    shutil.rmtree(content, ignore_errors=True)
    for one in range(number):
        shutil.copytree(MIKITA, content / f"campaign-{one}")


def _texts(site: Path, pages: Path) -> None:
    """Write, for every page of ours, the Markdown that stands on it, as a page of Pelican's."""
    pages.mkdir(parents=True)
    for number, page in enumerate(sorted(site.rglob("*.html"))):
        text = _text_of(page.relative_to(site))
        (pages / f"{number}.md").write_text(f"Title: Page {number}\n\n{text}\n", encoding="utf-8")


def _text_of(page: Path) -> str:
    """Find what a page is made of by its address: /slug/, /slug/language/, or a name below one of them."""
    parts = page.parent.parts[1:]
    language = parts[0] if parts and (MIKITA / parts[0]).is_dir() else "en"
    name = parts[-1] if parts and parts[-1] != language else ""
    names = [f"{name}.md"] if name else ["story.md", "how-it-works.md", "suggestions.md", "writing.md"]
    files = (MIKITA / language / each for each in names)
    return "\n\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


if __name__ == "__main__":
    main()
