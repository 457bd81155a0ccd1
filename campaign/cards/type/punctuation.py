"""Full-width signs of Chinese and Japanese in a row: half of each is white, and falls together."""

from __future__ import annotations

import re
from collections.abc import Iterator

HALF = 500  # 1/1000 em that a sign gives up
_CLOSING = "、。，．：；！？」』）】》〉〕］｝”’"
_OPENING = "「『（【《〈〔［｛“‘"
_BEFORE_ANOTHER = re.compile(f"[{_CLOSING}](?=[{_CLOSING}{_OPENING}])|[{_OPENING}](?=[{_OPENING}])")


def closed_up(text: str) -> Iterator[int]:
    """Give the places of the signs that take half their width, for another one follows."""
    return (found.start() for found in _BEFORE_ANOTHER.finditer(text))
