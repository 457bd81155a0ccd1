"""The gaps between words, made alike: somebody may type two spaces, or begin a line within a number.

And the figures of keycap emoji, which are read as figures.
"""

from __future__ import annotations

import re
from functools import cached_property

KEYCAP = "\u20e3"
_WIDE = re.compile(r"(?:[^\S\n ]|\s(?=\s))\s*")
_KEYS = re.compile(f"\ufe0f?{KEYCAP}")


class ClosedUp:
    """A text without keys, in which any white space is one space, or one line's end where it holds one.

    A pattern that allows a single sign of white space so meets all of them, and costs no more for wide ones.
    """

    def __init__(self, text: str) -> None:
        self._original = text
        keyless = _KEYS.sub("", text) if KEYCAP in text else text
        self.text = keyless if is_plain(keyless) else _WIDE.sub(_one, keyless)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the half-open offsets into the text as it was written."""
        if len(self.text) == len(self._original):
            return start, end
        return self._places[start], self._places[end]

    @cached_property
    def _places(self) -> list[int]:
        """The place in the original of each character, and of its end; of a gap its beginning."""
        keys = {at for key in _KEYS.finditer(self._original) for at in range(*key.span())}
        places, in_gap = [], False
        for index, character in enumerate(self._original):
            if index in keys:
                continue
            if not (in_gap and character.isspace()):
                places.append(index)
            in_gap = character.isspace()
        return [*places, len(self._original)]


def is_plain(text: str) -> bool:
    """Tell it, of most texts in one line, that no gap in them is more than a space."""
    return text.isprintable() and "  " not in text


def _one(gap: re.Match[str]) -> str:
    return "\n" if "\n" in gap[0] else " "
