"""Letters with a gap after each, as people stress words: "H a p p y   d a y". What they say may be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Span = tuple[int, int]
Kind = TypeVar("Kind", bound=str)

_ROW = re.compile(r"(?<![^\W_])[^\W\d_](?:\s+[^\W\d_](?![^\W_])){5,}")


def find_in_spread(
    text: str, find: Callable[[str], Iterable[tuple[Kind, Span]]]
) -> Iterator[tuple[Kind, Span]]:
    """Yield what is found once each row is read as what it says, over the whole row."""
    said, places, at = "", list[Span](), 0
    for row in _ROW.finditer(text):
        words = " ".join(_words(row[0]))
        said += text[at : row.start()] + words
        places += [(place, place + 1) for place in range(at, row.start())] + [row.span()] * len(words)
        at = row.end()
    if not places:  # as in most texts
        return
    places += [(place, place + 1) for place in range(at, len(text))]
    for kind, (start, end) in find(said + text[at:]):
        first, last = places[start][0], places[end - 1][1]
        if last - first > end - start:  # else no row has a part in it
            yield kind, (first, last)


def _words(row: str) -> list[str]:
    """Part a row where its gaps are wider than the others, and where a line or a sentence ends."""
    usual = min(map(len, re.findall(r"\s+", row)), default=1)
    return ["".join(word.split()) for word in re.split(rf"[.,]\s+|\n|\s{{{usual + 1},}}", row)]
