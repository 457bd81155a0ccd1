"""Sentences that end too early or stand there twice, headings of nothing, and headings that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from campaign.content.markup.tree import HEADINGS
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

END = re.compile(r"(?<=[.!?])[\"“”’»)]*\s+")  # not …, which stands for a placeholder
SHORTEST = 20  # characters of a sentence that nobody says twice
DASHES = ("–", "—")
FEW = 4  # words: fewer behind the last stop are a name, or a place and a day
BOLD = re.compile(r"(\*\*|__)([^*_]+)\1\s*")
LONGEST = 60  # characters of a heading


def broken(text: ProofText) -> Iterator[ContentError]:
    """Warn of each."""
    yield from _cut_off(text)
    yield from _twice(text)
    yield from _headings(text)
    yield from _bold(text)


def _cut_off(text: ProofText) -> Iterator[ContentError]:
    for block in text.parsed.blocks:
        if block.tag != "p" or (len(block) and not (block[-1].tail or "").strip()):
            continue  # what ends with a link or bold words may be a list of them
        sentences = END.split(words_of(block))
        last = sentences[-1]
        if sentences[0].startswith(DASHES):
            continue  # who signs, or speaks
        if len(sentences) > 1 and last.rstrip(",;–-")[-1:].isalpha() and len(last.split()) >= FEW:
            line = text.parsed.lines[block]
            fault = f'a sentence without its end: "{last[-40:]}"'
            yield text.warning(_last_line(text, line, last), fault, "write the rest of it, or its full stop")


def _last_line(text: ProofText, first: int, sentence: str) -> int:
    """Return the line on which a paragraph that begins on another one ends."""
    end = " ".join(sentence.split()[-2:])
    return next(
        (n for n, words in sorted(text.lines.items()) if n >= first and words.rstrip().endswith(end)), first
    )


def _twice(text: ProofText) -> Iterator[ContentError]:
    for block, line in text.elements("p", "li"):
        sentences = [sentence.strip() for sentence in END.split(words_of(block))]
        for one, other in pairwise(sentences):
            if len(one) >= SHORTEST and one == other:
                twice = f"{one} {one}"
                number = next((n for n, words in text.lines.items() if n >= line and twice in words), line)
                yield text.warning(number, f'"{one[:60]}" stands there twice', "take one of them out")


def _headings(text: ProofText) -> Iterator[ContentError]:
    """Warn of a heading that another one has, and of one with nothing below it."""
    seen: dict[str, int] = {}
    blocks: Sequence[Element | None] = [*text.parsed.blocks, None]
    for block, below in pairwise(blocks):
        if block is None or block.tag not in HEADINGS or not words_of(block):
            continue
        line, words = text.parsed.lines[block], words_of(block)
        if seen.setdefault(words, line) != line:
            yield text.warning(
                line, f'the heading "{words[:40]}" of line {seen[words]} again', "call one of them otherwise"
            )
        elif block.tag != "h1" and (below is None or (below.tag in HEADINGS and below.tag <= block.tag)):
            yield text.warning(
                line, f'nothing stands below "{words[:40]}"', "write it, or take the heading out"
            )


def _bold(text: ProofText) -> Iterator[ContentError]:
    """Warn of bold lines that were meant as headings: nobody who listens to a page hears them as such."""
    written = text.written.split("\n")
    for block, below in pairwise(text.parsed.blocks):
        words = words_of(block)
        alone = (
            block.tag == "p" and len(block) == 1 and block[0].tag == "strong" and words == words_of(block[0])
        )
        # A picture may be bold, too, and has no words.
        if alone and below.tag not in HEADINGS and len(words) <= LONGEST and words[-1:].isalnum():
            line = text.parsed.lines[block]
            bold = BOLD.fullmatch(written[line - 1])
            fix = Fix(line, bold[0], f"## {bold[2]}") if bold else None
            yield text.warning(line, f'bold words in a heading\'s place: "{words}"', f"write ## {words}", fix)
