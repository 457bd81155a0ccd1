"""Words to choose from: a text in pieces that a reviewer ticks to cut them out, and what was ticked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from campaign.text.flag import Flag

Span = tuple[int, int]

_CHUNK = re.compile(r"\S+")
_TICKED = re.compile(r"(message|first_name):([0-9]{1,9}):([0-9]{1,9})")
# Thai to Burmese, Khmer, Japanese, Chinese: written without spaces, so each sign is a piece.
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Choice:
    """A piece of a field that can be cut out; `ticked` when it was asked for."""

    field: str
    start: int
    end: int
    text: str
    ticked: bool

    @property
    def name(self) -> str:
        """Name it in a form: the place, and no word."""
        return f"{self.field}:{self.start}:{self.end}"


def choose_words(field: str, text: str, asked: Span | None) -> list[Choice]:
    """Return the pieces of a text, cut also where the span that is asked for begins and ends.

    Full stops and the like are left out unless they are asked for: between two ticked words they go along.
    """
    first, last = asked or (0, -1)
    spans = (part for chunk in _CHUNK.finditer(text) for part in _divided(text, chunk.span(), asked))
    choices = (
        Choice(field, start, end, text[start:end], first <= start and end <= last) for start, end in spans
    )
    return [choice for choice in choices if choice.ticked or not _is_punctuation(choice.text)]


def ticked_spans(form: Mapping[str, str]) -> list[Flag]:
    """Return the places that a posted form names."""
    named = (_TICKED.fullmatch(name) for name in form)
    return [Flag("removed", found[1], int(found[2]), int(found[3])) for found in named if found]


def _divided(text: str, chunk: Span, asked: Span | None) -> Iterator[Span]:
    """Divide a chunk without spaces: the signs around a word from it, and the signs of an unspaced script."""
    start, end = chunk
    cuts = {start, end, *(place for place in asked or () if start < place < end)}
    letters = [place for place in range(start, end) if text[place].isalnum()]
    if letters:
        cuts |= {letters[0], _with_marks(text, letters[-1] + 1, end)}
    if _UNSPACED.search(text, start, end):
        cuts |= set(range(start, end))
    ordered = sorted(place for place in cuts if place in chunk or not _is_mark(text[place]))
    yield from pairwise(ordered)


def _with_marks(text: str, place: int, end: int) -> int:
    while place < end and _is_mark(text[place]):
        place += 1
    return place


def _is_punctuation(piece: str) -> bool:
    return all(unicodedata.category(character)[0] == "P" for character in piece)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"
