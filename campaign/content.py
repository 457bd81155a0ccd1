"""The editors' folder: content/<campaign>/ read into a Campaign, every fault named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from campaign import edition, illustration, schema
from campaign.edition import Edition
from campaign.schema import Card, Facts, Form, Privacy, Recipient
from campaign.source import ContentError, ContentErrors, read

__all__ = [
    "Campaign",
    "Card",
    "ContentError",
    "ContentErrors",
    "Edition",
    "Form",
    "Privacy",
    "Recipient",
    "load",
    "load_all",
]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Paths of the receiver and of the page's own files: a campaign of such a name would hide them.
TAKEN = frozenset({"assets", "health", "hooks", "staff", "static"})


@dataclass(frozen=True, kw_only=True)
class Campaign(Facts):
    """One person's campaign: the facts of campaign.toml, the illustration, an edition a language."""

    slug: str
    illustration: Path
    editions: Mapping[str, Edition]

    @property
    def edition(self) -> Edition:
        """The edition in the main language."""
        return self.editions[self.languages[0]]


def load_all(content_dir: Path, *, site_url: str = "", today: date | None = None) -> dict[str, Campaign]:
    """Read every campaign of the folder, by slug.

    Raises:
        ContentErrors: every fault of all campaigns.
    """
    campaigns: dict[str, Campaign] = {}
    faults: list[ContentError] = []
    for folder in _campaign_folders(content_dir):
        try:
            campaigns[folder.name] = load(folder, site_url=site_url, today=today)
        except ContentErrors as errors:
            faults.extend(errors.faults)
    if not campaigns and not faults:
        faults.append(ContentError(content_dir, 0, "holds no campaign", "make one: python build.py new SLUG"))
    if faults:
        raise ContentErrors(faults)
    return campaigns


def _campaign_folders(content_dir: Path) -> list[Path]:
    if not content_dir.is_dir():
        return []
    return sorted(path for path in content_dir.iterdir() if path.is_dir() and not path.name.startswith("."))


def load(folder: Path, *, site_url: str = "", today: date | None = None) -> Campaign:
    """Read one campaign.

    `site_url` is put before links between the campaign's own pages: the receiver, which shows some of
    the texts on another origin, gives the page's. `today` is the last day that is not in the future;
    without it, the latest day that it is anywhere on Earth.

    Raises:
        ContentErrors: every fault, not only the first.
    """
    faults: list[ContentError] = []
    _check_slug(folder, faults)
    source = read(folder / "campaign.toml", faults, "write it; `python build.py new SLUG` shows an example")
    facts = schema.facts(source, today or _latest_day_on_earth()) if source else None
    picture = illustration.find(folder, faults)
    # The texts are read even when campaign.toml has faults, so that all faults are seen at once.
    languages = facts.languages if facts else _language_folders(folder)
    _check_folders(folder, facts, faults)
    found = (edition.read(folder, code, facts, site_url, faults) for code in languages)
    editions = {words.language: words for words in found if words}
    if faults or facts is None or picture is None:
        raise ContentErrors(faults)
    return Campaign(**vars(facts), slug=folder.name, illustration=picture, editions=editions)


def _latest_day_on_earth() -> date:
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def _check_slug(folder: Path, faults: list[ContentError]) -> None:
    slug = folder.name
    if not SLUG.fullmatch(slug) or len(slug) > 64:
        remedy = "name it with small Latin letters, digits and hyphens, at most 64"
        faults.append(ContentError(folder, 0, f'"{slug}" cannot be part of an address', remedy))
    if slug in TAKEN:
        faults.append(
            ContentError(folder, 0, f'"{slug}" is an address of Candle itself', "name it otherwise")
        )


def _language_folders(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def _check_folders(folder: Path, facts: Facts | None, faults: list[ContentError]) -> None:
    for code in _language_folders(folder):
        if facts and code not in facts.languages and not code.startswith("."):
            remedy = f'add "{code}" to languages in campaign.toml, or take the folder away'
            faults.append(ContentError(folder / code, 0, "campaign.toml does not name this language", remedy))
