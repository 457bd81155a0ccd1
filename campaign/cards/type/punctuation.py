"""Full-width signs of Chinese and Japanese in a row: half of each is white, and falls together."""

from __future__ import annotations

import re

HALF = 500  # 1/1000 em that a sign gives up
_CLOSING = "、。，．：；！？」』）】》〉〕］｝”’"
_OPENING = "「『（【《〈〔［｛“‘"
_CLOSED_UP = f"[{_CLOSING}](?=[{_CLOSING}{_OPENING}])|[{_OPENING}](?=[{_OPENING}])"  # compiled when it is met


def closed_up(text: str) -> list[int]:
    """Give the places of the signs that take half their width, for another one follows."""
    return [found.start() for found in re.finditer(_CLOSED_UP, text)]
