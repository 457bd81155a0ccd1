"""Full-width signs of Chinese and Japanese in a row: much of each is white, and falls together."""

from __future__ import annotations

import re

HALF, QUARTER = 500, 250  # 1/1000 em that a sign gives up
_CLOSING = "、。，．：；！？」』）】》〉〕］｝”’"
_OPENING = "「『（【《〈〔［｛“‘"
_CLOSED_UP = f"[{_CLOSING}](?=[{_CLOSING}{_OPENING}])|[{_OPENING}](?=[{_OPENING}])"  # compiled when it is met


def white(sign: str, far: int) -> int:
    """Say how much falls together behind a sign whose ink ends there: less where it stands in the middle."""
    return HALF if sign in _OPENING else next((part for part in (HALF, QUARTER) if far <= 2 * HALF - part), 0)


def closed_up(text: str) -> list[int]:
    """Give the places of the signs that take less than their width, for another one follows."""
    return [found.start() for found in re.finditer(_CLOSED_UP, text)]
