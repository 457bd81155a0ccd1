"""Tables for `str.translate` that fill themselves as characters are met, and remember some."""

from __future__ import annotations

from collections.abc import Callable

MOST_REMEMBERED = 10_000  # characters, of the million that somebody may send one after the other


class CharacterTable(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self, work: Callable[[str], str]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, point: int) -> str:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = self[point] = self._work(chr(point))
        return found
