"""From a save to the new words on the screen of a Chromium, with ten campaigns in six languages.

The page itself notes when it has painted the words: to ask it from outside, after each load, takes longer
than the load itself.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from campaign import ROOT
from campaign.pages.preview import serving
from campaign.pages.preview.workbench import Workbench
from campaign.settings import Settings
from tests.benchmarks.table import Row, at_most, only, show
from tests.browser.conftest import ARGUMENTS, executable
from tests.support.ports import free_ports

CAMPAIGNS = 10
SAVES = 40
APART = 1.2  # seconds between two saves: the proofreader comes to look through the last one meanwhile
PATIENCE = 400  # milliseconds between two questions to the page, which is to have its time for itself
SETTLED = 10  # seconds after the start: all campaigns are looked through once
MEDIAN, SLOW = 300, 500  # milliseconds
LOOK = """
(() => {
  const look = () => {
    const sign = sessionStorage.getItem("awaited");
    const said = document.body?.innerText.replace(/\\s/g, " ") ?? "";
    requestAnimationFrame(look);
    if (!sign || !said.includes(sign)) return;
    sessionStorage.removeItem("awaited");
    requestAnimationFrame(() => setTimeout(() => sessionStorage.setItem("seen", Date.now())));  // painted
  };
  look();
})();
"""


def main(*, quick: bool) -> None:
    """Print the table."""
    saves = 8 if quick else SAVES
    with tempfile.TemporaryDirectory() as aside:
        home = Path(aside)
        for number in range(1, CAMPAIGNS + 1):
            shutil.copytree(ROOT / "content/mikita", home / f"content/campaign-{number}")
        (port,) = free_ports(1)
        origin = f"http://127.0.0.1:{port}"
        config = Settings(content_dir=home / "content", build_dir=home / "build", site_url=(origin,))
        workbench = Workbench(config)
        with serving.serving(workbench, port):
            watched = serving.rebuilding(workbench, stop := threading.Event())
            next(watched)
            threading.Thread(target=list, args=[watched], daemon=True).start()
            taken = _measured(f"{origin}/campaign-3/be/", home / "content/campaign-3", saves)
            stop.set()
    show("From a save to the words on the screen", _rows(taken))


def _measured(address: str, folder: Path, saves: int) -> dict[str, list[float]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page()
        page.add_init_script(LOOK)
        page.goto(address)
        time.sleep(SETTLED)
        story, facts = folder / "be/story.md", folder / "campaign.toml"
        taken = {
            "a sentence": [_sentence(page, story, number) for number in range(saves)],
            "a fact, which all six languages show": [
                _fact(page, facts, number) for number in range(saves // 2)
            ],
        }
        browser.close()
    return taken


def _sentence(page: Page, story: Path, number: int) -> float:
    first, rest = story.read_text(encoding="utf-8").split("\n", 1)
    return _seen(page, story, f"{first.partition(' №')[0]} №{number}\n{rest}", f"№{number}")


def _fact(page: Page, facts: Path, number: int) -> float:
    text = facts.read_text(encoding="utf-8")
    line = next(line for line in text.split("\n") if line.startswith("goal"))
    return _seen(page, facts, text.replace(line, f"goal = {20_000 + number}"), f"20 {number:03}")


def _seen(page: Page, file: Path, text: str, sign: str) -> float:
    """Save a file, and give the milliseconds until the page holds the sign and has been painted."""
    time.sleep(APART)
    page.evaluate(
        "sign => { sessionStorage.removeItem('seen'); sessionStorage.setItem('awaited', sign) }", sign
    )
    begun = time.time()
    file.write_text(text, encoding="utf-8")
    seen = page.wait_for_function("() => sessionStorage.getItem('seen')", polling=PATIENCE)
    return float(seen.json_value()) - begun * 1000


def _rows(taken: dict[str, list[float]]) -> list[Row]:
    first, *others = taken.items()
    what, figures = first
    rows = [
        at_most(f"{what}: median", MEDIAN, statistics.median(figures), " ms"),
        at_most(f"{what}: 95 of 100", SLOW, statistics.quantiles(figures, n=20)[-1], " ms"),
    ]
    return rows + [only(f"{what}: median", f"{statistics.median(some):.0f} ms") for what, some in others]


if __name__ == "__main__":
    main(quick=False)
