"""A new campaign to fill in, and a new language of a campaign."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from campaign.content.campaign_folder import slug_faults
from campaign.errors import CandleError, ContentErrors

EXAMPLE = Path(__file__).parent / "example"  # every sentence of it says what to write in its place
WRITTEN_IN = "en"
BESIDE = re.compile(
    r"^(.*?\S) {2,}# ", re.MULTILINE
)  # what stands before a comment, which begins in one column
COLUMN = 32


@dataclass(frozen=True)
class Beginnings:
    """What is known of a campaign before a word of it is written; without a name it has that of its slug."""

    name: str = ""
    languages: tuple[str, ...] = (WRITTEN_IN,)
    reads: tuple[str, ...] = ("be", "ru")
    palette: str = "candle"


def new(content_dir: Path, slug: str, known: Beginnings = Beginnings(), *, today: date | None = None) -> Path:
    """Begin a campaign: write every file, each saying what belongs into it.

    It loads and can be seen in the preview. It is a draft, which no page shows, and `build.py check` names
    each file that still holds the example's words.

    Raises:
        CandleError: when there is such a campaign, or the slug cannot be part of an address.
    """
    folder = content_dir / slug
    if found := slug_faults(folder, slug):
        raise ContentErrors(found)
    if folder.exists():
        raise CandleError(f"{folder}: exists already; choose another slug, or edit what is there")
    unfinished = content_dir / f".{slug}.new"  # content/ is watched: nobody must read half a campaign
    shutil.rmtree(unfinished, ignore_errors=True)
    _copy_files(EXAMPLE, unfinished)
    for code in known.languages:
        _copy_files(EXAMPLE / WRITTEN_IN, unfinished / code)
    facts = unfinished / "campaign.toml"
    facts.write_text(_filled(facts.read_text(encoding="utf-8"), slug, known, today), encoding="utf-8")
    return unfinished.rename(folder)


def _copy_files(folder: Path, to: Path) -> None:
    """Copy what the files hold, not their modes: whoever writes here may be another than who installed it."""
    to.mkdir(parents=True)
    for file in folder.iterdir():
        if file.is_file():
            (to / file.name).write_bytes(file.read_bytes())


def _filled(facts: str, slug: str, known: Beginnings, today: date | None) -> str:
    name = known.name or slug.replace("-", " ").title()
    for blank, value in (
        ('"NAME"', _as_toml(name)),
        ('["en"]', _as_toml(known.languages)),
        ('["be", "ru"]', _as_toml(known.reads)),
        ('palette = "candle"', f'palette = "{known.palette}"'),
        ("TODAY", (today or datetime.now(UTC).date()).isoformat()),
    ):
        facts = facts.replace(blank, value)
    return BESIDE.sub(lambda found: f"{found[1]:<{COLUMN}} # ", facts)


def _as_toml(value: str | tuple[str, ...]) -> str:
    """Write a line of text, or a list of such: JSON and TOML write them alike."""
    return json.dumps(value, ensure_ascii=False)


def example(name: str) -> bytes:
    """Return a file of a new campaign, to tell it from one that somebody wrote."""
    file = next(EXAMPLE.rglob(name), None)
    return file.read_bytes() if file else b""
