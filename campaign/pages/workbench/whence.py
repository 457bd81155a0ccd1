"""Where a sentence of the page stands in the editors' files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.content.campaign import Campaign
from campaign.content.facts import TOML
from campaign.content.source import read

WORD = re.compile(r"\w+")
ENOUGH = 0.5  # of the words have to be there
BY_ITS_PARAGRAPH = 0.4  # how much a paragraph counts beside the line itself


@dataclass(frozen=True)
class SourceLine:
    """A line of a file; the file by its path below content/."""

    file: str
    line: int


def of_page(path: str, campaigns: Mapping[str, Campaign]) -> tuple[str, str] | None:
    """Return slug and language of a page's address; None where it belongs to no campaign."""
    parts = [part for part in path.split("/") if part]
    campaign = campaigns.get(parts[0]) if parts else None
    if campaign is None:
        return None
    spoken = parts[1] if len(parts) > 1 and parts[1] in campaign.languages else campaign.languages[0]
    return campaign.slug, spoken


def files(folder: Path, code: str) -> list[Path]:
    """List the texts of one language, and the facts."""
    return [*sorted((folder / code).rglob("*.md")), folder / TOML]


def find(paths: Iterable[Path], near: str, block: str, content_dir: Path) -> SourceLine | None:
    """Find the line that holds the words `near` which a reader points at, in the paragraph `block`."""
    wanted, around = _words(near), set(_words(block))
    if not wanted:
        return None
    best, place = 0.0, None
    for path in paths:
        for number, line, paragraph in _lines(path):
            here = sum(word in line for word in wanted) / len(wanted)
            there = len(around & paragraph) / len(around | paragraph) if around else 0.0
            if here >= ENOUGH and here + BY_ITS_PARAGRAPH * there > best:
                best = here + BY_ITS_PARAGRAPH * there
                place = SourceLine(path.relative_to(content_dir).as_posix(), number)
    return place


def _lines(path: Path) -> Iterator[tuple[int, set[str], set[str]]]:
    """Yield each line's number, its words with those of its neighbours' half, and those of its paragraph."""
    source = read(path, [], "")
    number = 1
    for paragraph in (source.text if source else "").split("\n\n"):
        around = set(_words(paragraph))
        for line in paragraph.split("\n"):
            yield number, set(_words(line)), around
            number += 1
        number += 1


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
