"""Sentences that end too early or stand there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError

END = re.compile(r"(?<=[.!?])[\"“”’»)]*\s+")  # not …, which stands for a placeholder
SHORTEST = 20  # characters of a sentence that nobody says twice
DASHES = ("–", "—")
FEW = 4  # words: fewer behind the last stop are a name, or a place and a day


def broken(text: ProofText) -> Iterator[ContentError]:
    """Warn of each."""
    yield from _cut_off(text)
    yield from _twice(text)


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
