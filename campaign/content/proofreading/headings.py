"""Headings of nothing, headings that stand there twice, and bold words that were meant as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from campaign.content.markup.tree import HEADINGS
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

BOLD = re.compile(r"(\*\*|__)([^*_]+)\1\s*")
LONGEST = 60  # characters of a heading


def doubtful(text: ProofText) -> Iterator[ContentError]:
    """Warn of a heading without words, of one that stands twice, and of one with nothing below it."""
    for heading, line in text.elements(*HEADINGS):
        if not words_of(heading):
            yield text.warning(line, "a heading without words", "write it, or take the # out")
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
    yield from _bold(text)


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
