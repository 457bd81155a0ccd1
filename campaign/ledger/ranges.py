"""Numbers of cards and sheets as people write them: `7`, or `3-5` with both ends."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaign.language.english import counted

WRITTEN = re.compile(r"\s*(\d{1,9})\s*(?:[-–]\s*(\d{1,9})\s*)?", re.ASCII)


def read(text: str) -> range:
    """Read one number, or the first and the last.

    Raises:
        ValueError: it is neither; the words say how to write it.
    """
    ends = WRITTEN.fullmatch(text)
    if not ends or int(ends[2] or ends[1]) < int(ends[1]):
        raise ValueError(f"{text!r}: write one number, or the first and the last as 3-5")
    return range(int(ends[1]), int(ends[2] or ends[1]) + 1)


def name(numbers: Iterable[int], noun: str = "card") -> str:
    """Name numbered things as one says it: card 3, cards 3–5, cards 2 and 5–7."""
    written = write(numbers)
    *first, last = written.split(", ")
    told = f"{', '.join(first)} and {last}" if first else last
    return f"{noun} {told}" if written.isdecimal() else f"{noun}s {told}"


def write(numbers: Iterable[int]) -> str:
    """Write numbers shortly: 3, 5–7."""
    runs: list[list[int]] = []
    if isinstance(numbers, range) and numbers.step == 1 and numbers:  # somebody may have typed a billion
        runs, numbers = [[numbers.start, numbers.stop - 1]], ()
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def outside(asked: range, count: int, noun: str = "card") -> str:
    """Say that a batch does not have all these: it has 1 card, and you asked for card 7."""
    return f"it has {counted(count, noun)}, and you asked for {name(asked, noun)}"
