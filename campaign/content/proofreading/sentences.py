"""Sentences that end too early."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError

END = re.compile(r"(?<=[.!?])[\"“”’»)]*\s+")  # not …, which stands for a placeholder
DASHES = ("–", "—")
FEW = 4  # words: fewer behind the last stop are a name, or a place and a day


def broken(text: ProofText) -> Iterator[ContentError]:
    """Warn of each."""
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
