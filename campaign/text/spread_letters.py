"""Words written with a gap after each letter, as people stress them: "H a p p y   d a y"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from campaign.text.matching import fold

Span = tuple[int, int]

SHORTEST = 2  # letters, of which two words have more: else it is a code in groups
_ROW = re.compile(r"(?<![^\W_])[^\W\d_](?:\s+[^\W\d_](?![^\W_])){5,}")
_SAID = re.compile(r"(?=.*[aeiouyаеиоуыэюяіє])(?!.*[^aeiouyаеиоуыэюяіє]{5}).*", re.DOTALL)


def find_spread(text: str) -> Iterator[tuple[Span, str]]:
    """Yield them with what they say: wider gaps part them, and each can be pronounced as no code can.

    Words of one length are groups of a code.
    """
    for row in _ROW.finditer(text):
        usual = min(map(len, re.findall(r"\s+", row[0])))
        words = ["".join(word.split()) for word in re.split(rf"\n|\s{{{usual + 1},}}", row[0])]
        said = all(len(word) == 1 or _SAID.fullmatch(fold(word)) for word in words)
        if said and sum(map(_is_word, words)) > 1 and len(set(map(len, words))) > 1:
            yield row.span(), " ".join(words)


def _is_word(letters: str) -> bool:
    """Tell a word from a few letters, and from a stretch of the alphabet."""
    return len(letters) > SHORTEST and any(
        ord(after) - ord(before) != 1 for before, after in pairwise(letters)
    )
