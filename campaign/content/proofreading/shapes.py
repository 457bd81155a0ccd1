"""Timelines without a day, pictures among words, emphasis that crosses itself, footnotes without a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from campaign.content.markup.footnotes import NAME, NOTES
from campaign.content.markup.timelines import moment_of
from campaign.content.proofreading.pasted import CELL, SHORT
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

NEARLY = re.compile(r"\d{4}-\d\d?(?:-\d\d?)?\b|\d\d?[./]\d\d?[./]\d{4}\b")
DASHES = re.compile(r"[ >]*-+\s*$")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SIGN = re.compile(r"\[\^([^\]]*)\]")
PICTURE = re.compile(r"!\[[^\]]*\]\([^()]*\)")
APART = "leave the line above it empty; what stands right below a picture is its caption"
DAY = "begin each entry with a day and a colon, as in - 2026-03-01: …; or with 2026-03: or 2026:"


def unfinished(text: ProofText) -> Iterator[ContentError]:
    """Warn of each of them."""
    for entries, _ in text.elements("ul"):
        begun = [bool(NEARLY.match(words_of(entry))) for entry in entries]
        if sum(begun) > 1 and sum(begun) * 2 > len(begun):  # most of them: a timeline was meant
            undated = (entry for entry in entries if not moment_of(words_of(entry), text.language))
            entry = next(undated, entries[0])  # where each has one, a link or bold words begin with it
            yield text.warning(text.parsed.lines[entry], "a timeline's entry without its day", DAY)
    yield from _pictures(text)
    yield from _footnotes(text)
    yield from _days_as_lists(text)
    yield from _joined(text)
    yield from _underlined(text)
    yield from _cells_too_many(text)


def _days_as_lists(text: ProofText) -> Iterator[ContentError]:
    """Warn of words that begin with 5. Dezember or 2026. november, and became a list of one entry."""
    lines = text.written.split("\n")
    for entries, line in text.elements("ol"):
        start = entries.get("start", "1")
        found = (
            re.search(rf"(?<!\d){start}([.)]) (.{{0,25}})", lines[line - 1]) if len(entries) == 1 else None
        )
        if found and (start != "1" or YEAR.search(found[2])):
            old = f"{start}{found[1]} "
            new = f"{start}\\{found[1]} "
            fix = Fix(line, old, new)
            remedy = f"write {new.strip()} where the number belongs to the words"
            yield text.warning(line, f'"{old.strip()}" begins a list of one entry', remedy, fix)


def _joined(text: ProofText) -> Iterator[ContentError]:
    """Warn of a paragraph right below a list, which becomes a part of the list's last entry."""
    lines = [*text.written.split("\n"), ""]
    for entries, _ in text.elements("ul", "ol"):
        line = text.parsed.lines.get(entries[-1], 0)
        while line and lines[line].startswith("  ") and lines[line].strip():  # what belongs to the entry
            line += 1
        entry, below = lines[line - 1], lines[line]
        goes_on = entry.endswith((",", "\\", "  "))  # the two last end a line, and no entry
        ends = entry.endswith((".", "!", "?")) or (len(entry) <= SHORT and not goes_on)
        if line and ends and below[:1].isupper():
            remedy = "leave a line empty between them; what belongs to the entry begins with two spaces"
            yield text.warning(line + 1, "a paragraph that joins the list above it", remedy)


def _underlined(text: ProofText) -> Iterator[ContentError]:
    """Warn of dashes that were meant to part, and made a heading of what stands above them."""
    lines = [*text.written.split("\n"), ""]
    for _, line in text.elements("h2"):
        if not lines[line - 1].lstrip(" >\u200e\u200f").startswith("#") and DASHES.match(lines[line]):
            apart = Fix(line + 1, lines[line], f"\n{lines[line]}")
            remedy = "leave the line above them empty; a heading begins with ##"
            yield text.warning(line + 1, "dashes that make a heading of the line above", remedy, apart)


def _cells_too_many(text: ProofText) -> Iterator[ContentError]:
    """Warn of what no page shows: a row's cells beyond those of its table's first row."""
    lines = text.written.split("\n")
    for table, first in text.elements("table"):
        columns = len(next(table.iter("tr"), ()))
        for number, line in enumerate(takewhile(str.strip, lines[first - 1 :]), start=first):
            cells = CELL.split(line.strip(" >\u200e\u200f").removeprefix("|").rstrip().removesuffix("|"))
            if len(cells) > columns and "`" not in line:
                fault = f'a cell that nobody sees: "{cells[columns].strip()[:40]}"'
                yield text.warning(
                    number, fault, "take a | out, or name its column; a plain | is written \\|"
                )


def _pictures(text: ProofText) -> Iterator[ContentError]:
    """Warn of pictures among the words of a paragraph, where a caption cannot be told from the text."""
    lines = ["", *text.written.split("\n"), ""]
    for paragraph, _ in text.elements("p"):
        for picture in paragraph.iter("img") if words_of(paragraph) else ():
            line = text.parsed.lines[picture]
            sign = lines[line].rstrip()
            own = PICTURE.fullmatch(sign) and lines[line - 1].strip() and not lines[line + 1].strip()
            fix = Fix(line, sign, f"\n{sign}") if own else None
            fault = f'a picture in the middle of a paragraph: "{picture.get("src", "")}"'
            yield text.warning(line, fault, APART, fix)


def _footnotes(text: ProofText) -> Iterator[ContentError]:
    """Warn of signs without a footnote, and where there are none of footnotes without a sign."""
    signs = {sign.get(NAME) for sign, _ in text.elements("a")}
    notes = [note for notes, _ in text.elements(NOTES) for note in notes[0] if note.get(NAME) not in signs]
    unmet = {found[1]: part.number for part in text.parts for found in SIGN.finditer(part.words)}
    for name, line in unmet.items():  # where it stands twice, its last one may lack a colon
        remedy = (
            f"write what it says on a line of its own, behind [^{name}]: none stands in a heading or a link"
        )
        yield text.warning(line, f"a footnote [^{name}]", remedy)
    for note in [] if unmet else notes:
        remedy = f"put [^{note.get(NAME)}] behind the words that it is about, or take it out"
        fault = f"a footnote [^{note.get(NAME)}] that nothing leads to"
        yield text.warning(text.parsed.lines[note], fault, remedy)
