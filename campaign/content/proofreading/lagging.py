"""Translations that lag: what they were made from has changed since, and they have not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from campaign.content.markup.tree import elements
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError

FILE = "translated.txt"  # beside a translation's texts; without it nothing lags
HEAD = (
    "# What each paragraph here was made from: its file, its own digest, that of the original.\n"
    "# Written by build.py translate LANGUAGE CAMPAIGN.\n"
)
LINE = re.compile(r"(\S+) ([0-9a-f]{16}) ([0-9a-f]{16})")
LONGEST = 1024 * 1024  # bytes
APART = {"ul", "ol", "section"}  # each entry is a paragraph of its own
Made = Mapping[str, Mapping[str, set[str]]]  # by a text's name: the originals of each digest


def read_made(home: Path) -> Made:
    """Read what a translation's paragraphs were made from; other lines count for nothing."""
    made: dict[str, dict[str, set[str]]] = {}
    if not (home / FILE).is_file():
        return made
    with (home / FILE).open("rb") as file:
        written = file.read(LONGEST).decode("utf-8", errors="replace")
    for found in filter(None, map(LINE.fullmatch, written.splitlines())):
        made.setdefault(found[1], {}).setdefault(found[2], set()).add(found[3])
    return made


def lagging(text: ProofText, original: ProofText, made: Made) -> Iterator[ContentError]:
    """Warn of each paragraph whose original has changed since it was translated."""
    theirs = list(_paragraphs(original))
    now = {digest for _, digest in theirs}
    ours = list(_paragraphs(text))
    for place, (line, digest) in enumerate(ours):
        originals = made.get(text.name, {}).get(digest)
        if originals and not originals & now:
            where = f":{theirs[place][0]}" if len(ours) == len(theirs) else ""
            remedy = (
                f"read {original.language}/{original.name}{where} and change it; where it is right as it is: "
                f"python build.py translate {text.language} {text.campaign} --still-right"
            )
            yield text.warning(line, "was made from a paragraph that has changed since", remedy)


def keep(text: ProofText, original: ProofText, made: Made, *, still_right: bool) -> Iterator[str]:
    """Yield the lines that say what a text's paragraphs were made from.

    One that lags goes on to do so, unless somebody says that it is right. Where a text has more or fewer
    paragraphs than the other, only those are kept that were known.
    """
    theirs, ours = list(_paragraphs(original)), list(_paragraphs(text))
    now = {digest for _, digest in theirs}
    for place, (_, digest) in enumerate(ours):
        known = made.get(text.name, {}).get(digest, set())
        if known and not known & now and not still_right:
            yield from (f"{text.name} {digest} {one}" for one in sorted(known))
        elif len(ours) == len(theirs):
            yield f"{text.name} {digest} {theirs[place][1]}"
        else:
            yield from (f"{text.name} {digest} {one}" for one in sorted(known & now))


def _paragraphs(text: ProofText) -> Iterator[tuple[int, str]]:
    """Yield the line and the digest of each paragraph, entry of a list or other block."""
    for block in text.parsed.blocks:
        listed = block[0] if block.tag == "section" else block
        for unit in listed if block.tag in APART else [block]:
            yield text.parsed.lines.get(unit, 0), _digest(unit)


def _digest(unit: Element) -> str:
    leads = (
        one.get("href", "") + one.get("src", "") + one.get("alt", "") for one in elements([unit], "a", "img")
    )
    return hashlib.sha256("\0".join((words_of(unit), *leads)).encode()).hexdigest()[:16]
