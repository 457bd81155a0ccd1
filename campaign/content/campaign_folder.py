"""A campaign's folder: what it may be called, and that it holds nothing that leads elsewhere."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from campaign.content import folder_bounds
from campaign.errors import ContentError, ContentErrors
from campaign.language import locales

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 64
WHOLE = str.maketrans("łıøđ", "liod")  # letters that are none with an accent
# Paths of the receiver and of the page's own files: a campaign of such a name would hide them.
TAKEN = frozenset({"assets", "health", "hooks", "staff", "static"})


def check(folder: Path) -> list[ContentError]:
    """Say why a campaign's folder cannot have its name, before anything in it is opened.

    Raises:
        ContentErrors: it holds too much, pipes and their like, or links that lead elsewhere.
    """
    faults = slug_faults(folder, folder.name)
    folder_bounds.check(folder)
    if strange := [*folder_bounds.no_files(folder), *_links_elsewhere(folder)]:
        raise ContentErrors(strange)  # before anything is read, or read through them
    return faults


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


def latin(words: str) -> str:
    """Write words in small letters that an address may hold, where they have such: über, Łukasz, Yıldız."""
    letters = unicodedata.normalize("NFKD", words.casefold().translate(WHOLE))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _links_elsewhere(folder: Path) -> list[ContentError]:
    """Find links that lead out of the campaign's folder: what they show could be the operator's keys."""
    home, remedy = folder.resolve(), "put the file itself in its place"
    links = (path for path in folder_bounds.paths(folder) if path.is_symlink())
    # Not `resolve`, which raises for a link that leads to itself; that one is told when it is read.
    outside = (path for path in links if not Path(os.path.realpath(path)).is_relative_to(home))
    return [ContentError(path, 0, "is a link to somewhere else", remedy) for path in outside]
