"""Lists as people indent them, put where Python-Markdown looks for them: four spaces a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

LEVEL = " " * 4
ENTRY = re.compile(r"([*+-]|([0-9]{1,9})[.)])(?: +(\S.*))? *$")
RULE = re.compile(r" *(?:(?:- *){3,}|(?:_ *){3,}|(?:\* *){3,})$")


@dataclass(frozen=True)
class Line:
    """One line of a text; `number` counts from 1, and 0 is a line that nobody wrote."""

    number: int
    words: str


@dataclass(frozen=True)
class _Item:
    """A list's entry: what stands at `column` or right of it belongs to it. `number` is "" for a bullet."""

    bullet: str
    number: str
    words: str
    column: int

    @property
    def interrupts(self) -> bool:
        """Whether it begins a list right below a line of text: 1917. at the start of a line is a year."""
        return bool(self.words) and self.number in {"", "1"}


def settle(lines: Iterable[Line]) -> Iterator[Line]:
    """Indent each entry, and what belongs to it, as CommonMark reads the text; lines keep their numbers.

    Python-Markdown wants four spaces a level and an empty line above a list; editors write two or three
    spaces, and begin a list right below a line of text.
    """
    entries: list[_Item] = []  # those that are open, the outermost first
    blank = True  # the line above is empty
    begun = inf  # the level of the list with which the lines above begin; inf is a paragraph
    for line in lines:
        words = line.words.lstrip(" ")
        column = len(line.words) - len(words)
        entry = _entry(line.words, words, column)
        left = _leave(entries, column) if words and (entry or blank) else None
        if entry and not (blank or left or begun < inf or entry.interrupts):
            entry = None
        level = len(entries)
        if entry:
            other = left is not None and bool(left.number) != bool(entry.number)
            if not blank and (level < begun or other):
                blank = True
                yield Line(0, "")
            yield Line(line.number, f"{LEVEL * level}{entry.bullet} {entry.words}")
            entries.append(entry)
            begun = level if blank else begun
        else:
            yield Line(line.number, LEVEL * (level if words and blank else 0) + words)
            begun = inf if blank else begun
        blank = not words


def _entry(line: str, words: str, column: int) -> _Item | None:
    entry = ENTRY.match(words)
    if not entry or RULE.match(line):
        return None
    bullet, number, rest = entry.groups(default="")
    return _Item(
        f"{number}." if number else bullet, number, rest, column + max(entry.start(3), len(bullet) + 1)
    )


def _leave(entries: list[_Item], column: int) -> _Item | None:
    """Close the entries that do not hold `column`, and return the outermost of them."""
    left = None
    while entries and column < entries[-1].column:
        left = entries.pop()
    return left
