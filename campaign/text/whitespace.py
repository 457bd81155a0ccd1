"""The gaps between words, made alike: somebody may type two spaces, or begin a line within a number."""

from __future__ import annotations

import re
from functools import cached_property

_WIDE = re.compile(r"(?:[^\S\n ]|\s(?=\s))\s*")


class ClosedUp:
    """A text in which any row of white space is one space, or one line's end where it holds one.

    A pattern that allows a single sign of white space so meets all of them, and costs no more for wide ones.
    """

    def __init__(self, text: str) -> None:
        self._original = text
        self.text = text if is_plain(text) else _WIDE.sub(_one, text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the half-open offsets into the text as it was written."""
        if len(self.text) == len(self._original):
            return start, end
        return self._places[start], self._places[end - 1] + 1

    @cached_property
    def _places(self) -> list[int]:
        """The place in the original of each character; of a gap its beginning."""
        places, in_gap = [], False
        for index, character in enumerate(self._original):
            if not (in_gap and character.isspace()):
                places.append(index)
            in_gap = character.isspace()
        return places


def is_plain(text: str) -> bool:
    """Tell it, of most texts in one line, that no gap in them is more than a space."""
    return text.isprintable() and "  " not in text


def _one(gap: re.Match[str]) -> str:
    return "\n" if "\n" in gap[0] else " "
