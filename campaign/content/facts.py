"""What campaign.toml says, read alone: enough for whoever shows none of a campaign's texts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from campaign.content import campaign_toml, folder_bounds
from campaign.content.campaign_toml import Facts
from campaign.content.editors_file import LONGEST, read
from campaign.errors import ContentError, ContentErrors
from campaign.language import locales
from campaign.storage.disk import first_bytes

TOML = "campaign.toml"
DRAFT = re.compile(r"^draft\s*=\s*true\b", re.MULTILINE)
BELOW = re.compile(r"^\s*\[", re.MULTILINE)  # where the keys of a table begin
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 64
# Paths of the receiver and of the page's own files: a campaign of such a name would hide them.
TAKEN = frozenset({"assets", "health", "hooks", "staff", "static"})


@dataclass(frozen=True, kw_only=True)
class CampaignFacts(Facts):
    """The facts of campaign.toml, and whose they are."""

    folder: Path
    slug: str


def load_facts(folder: Path) -> CampaignFacts:
    """Read a campaign.toml, without the texts beside it and what may be wrong with those.

    Raises:
        ContentErrors: every fault, not only the first.
    """
    faults = check_folder(folder)
    facts = read_facts(folder, faults)
    if faults or facts is None:
        raise ContentErrors(faults)
    return CampaignFacts(**vars(facts), folder=folder, slug=folder.name)


def check_folder(folder: Path) -> list[ContentError]:
    """Say why a campaign's folder cannot have its name, before anything in it is opened.

    Raises:
        ContentErrors: it holds too much, pipes and their like, or links that lead elsewhere.
    """
    faults = slug_faults(folder, folder.name)
    folder_bounds.check(folder)
    if strange := [*folder_bounds.no_files(folder), *_links_elsewhere(folder)]:
        raise ContentErrors(strange)  # before anything is read, or read through them
    return faults


def read_facts(folder: Path, faults: list[ContentError], today: date | None = None) -> Facts | None:
    """Read campaign.toml; what is wrong goes to `faults`, and then there are no facts.

    `today` is the last day that is not in the future; without it, the latest that it is anywhere on Earth.
    """
    source = read(folder / TOML, faults, "write it; `python build.py new SLUG` shows an example")
    return campaign_toml.facts(source, today or _latest_day_on_earth()) if source else None


def slug_faults(folder: Path, slug: str) -> list[ContentError]:
    """Say why a campaign's folder cannot have this name."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        remedy = f"name it with small Latin letters, digits and hyphens, at most {LONGEST_SLUG}"
        return [ContentError(folder, 0, f'"{slug}" cannot be part of an address', remedy)]
    if slug in TAKEN:
        return [ContentError(folder, 0, f'"{slug}" is an address of Candle itself', "name it otherwise")]
    if locales.known(slug):
        return [ContentError(folder, 0, f'"{slug}" is the code of a language', "name it otherwise")]
    return []


def _links_elsewhere(folder: Path) -> list[ContentError]:
    """Find links that lead out of the campaign's folder: what they show could be the operator's keys."""
    home, remedy = folder.resolve(), "put the file itself in its place"
    links = (path for path in folder_bounds.paths(folder) if path.is_symlink())
    # Not `resolve`, which raises for a link that leads to itself; that one is told when it is read.
    outside = (path for path in links if not Path(os.path.realpath(path)).is_relative_to(home))
    return [ContentError(path, 0, "is a link to somewhere else", remedy) for path in outside]


def _latest_day_on_earth() -> date:
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def is_draft(folder: Path) -> bool:
    """Tell whether a campaign says that it is a draft, though it may have faults."""
    try:
        written = first_bytes(folder / TOML, LONGEST).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    return DRAFT.search(BELOW.split(written, maxsplit=1)[0]) is not None
