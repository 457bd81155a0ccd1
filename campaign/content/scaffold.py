"""A new campaign to fill in, and a new language of a campaign."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from campaign.content.facts import slug_faults
from campaign.errors import CandleError, ContentErrors

EXAMPLE = Path(__file__).parent / "example"  # every sentence of it says what to write in its place


def new(content_dir: Path, slug: str, *, today: date | None = None) -> Path:
    """Begin a campaign: write every file, each saying what belongs into it.

    It loads and can be seen in the preview; it is paused, and `build.py check` names each file that
    still holds the example's words.

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
    shutil.copytree(EXAMPLE, unfinished)
    facts = unfinished / "campaign.toml"
    filled = facts.read_text(encoding="utf-8")
    filled = filled.replace("NAME", slug.replace("-", " ").title())
    filled = filled.replace("TODAY", (today or datetime.now(UTC).date()).isoformat())
    facts.write_text(filled, encoding="utf-8")
    return unfinished.rename(folder)


def example(name: str) -> bytes:
    """Return a file of a new campaign, to tell it from one that somebody wrote."""
    file = next(EXAMPLE.rglob(name), None)
    return file.read_bytes() if file else b""
