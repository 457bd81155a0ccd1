"""Timelines without a day, pictures among words, emphasis that crosses itself, footnotes without a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content.markup.arranging import moment_of
from campaign.content.markup.footnotes import NAME, NOTES
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

NEARLY = re.compile(r"\d{4}-\d\d?(?:-\d\d?)?\b")
SIGN = re.compile(r"\[\^([^\]]*)\]")
PICTURE = re.compile(r"!\[[^\]]*\]\([^()]*\)")
APART = "leave the line above it empty; what stands right below a picture is its caption"
DAY = "begin each entry with a day and a colon, as in - 2026-03-01: …; or with 2026-03: or 2026:"


def unfinished(text: ProofText) -> Iterator[ContentError]:
    """Warn of each of them."""
    for entries, _ in text.elements("ul"):
        begun = [bool(NEARLY.match(words_of(entry))) for entry in entries]
        if sum(begun) > 1 and sum(begun) * 2 > len(begun):  # most of them: a timeline was meant
            entry = next(entry for entry in entries if not moment_of(words_of(entry), text.language))
            yield text.warning(text.parsed.lines[entry], "a timeline's entry without its day", DAY)
    for tag, marks in (("em", "*"), ("strong", "**")):
        for emphasis, line in text.elements(tag):
            if emphasis.find(f".//{tag}") is not None:
                remedy = f"close one {marks} before the next opens, or take one pair out"
                yield text.warning(line, f'emphasis in emphasis: "{words_of(emphasis)[:40]}"', remedy)
    yield from _pictures(text)
    yield from _footnotes(text)


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
    unmet = [(part.number, found[1]) for part in text.parts for found in SIGN.finditer(part.words)]
    for line, name in unmet:
        meant = notes[0].get(NAME) if len(notes) == len(unmet) == 1 else None
        fix = Fix(line, f"[^{name}]", f"[^{meant}]") if meant else None
        remedy = (
            f"write what it says on a line of its own, behind [^{name}]: none stands in a heading or a link"
        )
        yield text.warning(
            line, f"a footnote [^{name}]", f"did you mean [^{meant}]?" if meant else remedy, fix
        )
    for note in [] if unmet else notes:
        remedy = f"put [^{note.get(NAME)}] behind the words that it is about, or take it out"
        fault = f"a footnote [^{note.get(NAME)}] that nothing leads to"
        yield text.warning(text.parsed.lines[note], fault, remedy)
