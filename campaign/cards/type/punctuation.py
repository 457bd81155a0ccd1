"""Full-width signs of Chinese and Japanese in a row: half of each is white, and falls together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

HALF = 500  # 1/1000 em that a sign gives up
_CLOSING = frozenset("、。，．：；！？」』）】》〉〕］｝”’")
_OPENING = frozenset("「『（【《〈〔［｛“‘")
_ALL = _CLOSING | _OPENING


def closed_up(text: str) -> Iterator[int]:
    """Give the places of the signs that take half their width, for another one follows."""
    for place, (sign, after) in enumerate(pairwise(text)):
        if (sign in _CLOSING and after in _ALL) or (sign in _OPENING and after in _OPENING):
            yield place
