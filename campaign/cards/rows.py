"""A paragraph's parts in a row, and how a line of them is shown: from left to right, or both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from campaign.cards import bidi, breaking
from campaign.cards.lines import Paragraph
from campaign.cards.shaping import Part, Shaper


@dataclass(slots=True)
class Row:
    """The parts of one paragraph that runs from left to right, in logical order."""

    parts: list[Part]
    joined: set[int] = field(default_factory=set)  # parts that must not begin a line

    @property
    def measured(self) -> Paragraph:
        """The parts' running widths."""
        return Paragraph.of(self.parts, self.joined)

    def body(self, start: int, end: int) -> bytes:
        """Show the line from part `start` to before `end`: the inside of a PDF text array."""
        return b"".join([part.spaced for part in self.parts[start : end - 1]]) + self.parts[end - 1].body

    def narrow(self, shaper: Shaper, measure: float) -> None:
        """Break what is wider than a line between its characters, as a last resort."""
        for i in range(len(self.parts) - 1, -1, -1):
            if self.parts[i].width > measure:
                self._replace(i, _pieces(self.parts[i].text, shaper, measure), shaper)

    def _replace(self, i: int, pieces: Sequence[str], shaper: Shaper) -> None:
        whole = self.parts[i]
        last = len(pieces) - 1
        spaced = whole.advance > whole.width
        self.parts[i : i + 1] = [
            shaper.part(piece, spaced=spaced and k == last) for k, piece in enumerate(pieces)
        ]


@dataclass(slots=True)
class MixedRow(Row):
    """The parts of a paragraph that runs both ways, their levels, and that of the space behind each."""

    levels: list[int] = field(default_factory=list)
    spaces: list[int | None] = field(default_factory=list)
    space: bytes = b""

    def body(self, start: int, end: int) -> bytes:
        """Show the line from part `start` to before `end`, reordered from left to right."""
        items: list[bytes] = []
        levels: list[int] = []
        for i in range(start, end):
            items.append(self.parts[i].body)
            levels.append(self.levels[i])
            after = self.spaces[i]
            if after is not None and i < end - 1:
                items.append(self.space)
                levels.append(after)
        return b"".join([items[k] for k in bidi.visual_order(levels)])

    def _replace(self, i: int, pieces: Sequence[str], shaper: Shaper) -> None:
        rtl, more = self.levels[i] % 2 == 1, len(pieces) - 1
        spaced = self.spaces[i] is not None
        self.parts[i : i + 1] = [
            shaper.directed(piece, spaced=spaced and k == more, rtl=rtl) for k, piece in enumerate(pieces)
        ]
        self.levels[i:i] = [self.levels[i]] * more
        self.spaces[i:i] = [None] * more
        self.joined = {k + more if k > i else k for k in self.joined}


def row(text: str, shaper: Shaper, direction: int, *, mixed: bool) -> Row:
    """Shape one paragraph; `direction` is its base level, `mixed` says whether any of it runs to the left.

    Raises:
        MissingGlyphs: naming the characters that no font draws.
    """
    words = text.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if mixed:
        return _mixed(words, shaper, direction)
    return Row(list(chain.from_iterable(map(shaper.__getitem__, words))))


def _mixed(words: Sequence[str], shaper: Shaper, direction: int) -> MixedRow:
    """Shape words that run both ways, split where the direction changes."""
    text = " ".join(words)
    levels = bidi.levels(text, direction)
    found = MixedRow([], space=shaper.space_body)
    at = 0
    for word in words:
        for segment in breaking.segments(word, shaper.language):
            runs = _level_runs(segment, levels[at : at + len(segment)])
            at += len(segment)
            space = levels[at] if text[at : at + 1] == " " else None
            _append(found, runs, space, shaper)
        at += 1
    return found


def _append(found: MixedRow, runs: Sequence[tuple[str, int]], space: int | None, shaper: Shaper) -> None:
    """Append the parts of one unbreakable segment."""
    last = len(runs) - 1
    for k, (piece, level) in enumerate(runs):
        if k:
            found.joined.add(len(found.parts))
        spaced = k == last and space is not None
        found.parts.append(shaper.directed(piece, spaced=spaced, rtl=level % 2 == 1))
        found.levels.append(level)
        found.spaces.append(space if k == last else None)


def _level_runs(text: str, levels: Sequence[int]) -> list[tuple[str, int]]:
    if len(set(levels)) == 1:
        return [(text, levels[0])]
    runs: list[tuple[str, int]] = []
    for char, level in zip(text, levels, strict=True):
        if runs and runs[-1][1] == level:
            runs[-1] = (runs[-1][0] + char, level)
        else:
            runs.append((char, level))
    return runs


def _pieces(text: str, shaper: Shaper, measure: float) -> list[str]:
    pieces = [""]
    for cluster in breaking.graphemes(text):
        if pieces[-1] and shaper.part(pieces[-1] + cluster).width > measure:
            pieces.append("")
        pieces[-1] += cluster
    return pieces
