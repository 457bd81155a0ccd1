"""A paragraph's words in a row, and how a line of them is shown: to the right, to the left, or both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain, groupby, pairwise, starmap
from typing import NamedTuple

from campaign.cards.fonts import faces
from campaign.cards.fonts.families import Family
from campaign.cards.type import breaking
from campaign.cards.type.bidi.levels import levels, needed, only_right_to_left, visual_order
from campaign.cards.type.glyph_runs import Part
from campaign.cards.type.lines import Paragraph, TooWide
from campaign.cards.type.punctuation import closed_up, white
from campaign.cards.type.shaping import Breakable, Shaper

_OPENING_QUOTES = '“„«‘‚"「『《〈（【'
_LIKELY = 40  # characters on a line
FEWEST = 3  # at either side of a break inside a word


@lru_cache(maxsize=256)
def shaper(base: Family, language: str, direction: int = 0) -> Shaper:
    """Give the shaper of a font, a language and a direction (1 is right to left), with the words it knows."""
    return Shaper(base, language, rtl=direction == 1)


@dataclass(slots=True)
class Row:
    """The words of one paragraph of one direction, in logical order, a space behind each."""

    words: list[str]
    shaper: Shaper
    parts: list[Part] = field(default_factory=list)  # known when it is measured

    def measured(self) -> Paragraph:
        """Measure the words.

        Raises:
            Breakable: a word may be broken inside; see `Pieces`.
        """
        known, space = self.shaper, self.shaper.space
        self.parts = list(map(known.words.__getitem__, self.words))
        totals = list(accumulate([part.width + space for part in self.parts]))
        return Paragraph(self.words, totals, known.space, False, known.opening, known.closing)

    def bodies(self, ends: Sequence[int]) -> list[bytes]:
        """Show the lines that end there: of each the inside of a PDF text array."""
        bodies, step = [part.body for part in self.parts], -1 if self.shaper.rtl else 1
        lines = [bodies[start:end][::step] for start, end in pairwise((0, *ends))]
        return list(map(self.shaper.space_body.join, lines))

    def text(self, start: int, end: int) -> str:
        """Give the same line as text."""
        return " ".join(self.words[start:end])

    def hang(self, start: int) -> float:
        """Let an opening quotation mark hang half into the margin, so that the letters stand flush."""
        word = self.words[start]
        if word[0] not in _OPENING_QUOTES or len(word) == 1:
            return 0.0
        return self.shaper.parts[word[0]].width / 2

    @property
    def pitch(self) -> float:
        """The distance that its lines need, in leadings."""
        return max([part.pitch for part in self.parts])


@dataclass(slots=True)
class Pieces(Row):
    """Words that may be broken inside: those that end in a space have one behind them."""

    shown: list[bytes] = field(default_factory=list)  # known when it is measured

    def measured(self) -> Paragraph:
        """Measure the pieces."""
        known = self.shaper
        pieces = list(map(known.shown.__getitem__, self.words))
        self.parts, self.shown, advances = map(list, zip(*pieces, strict=True))
        if known.base.family is faces.CJK:
            self._close_up(advances)
        totals = list(accumulate(advances))
        return Paragraph(self.words, totals, known.space, True, known.opening, known.closing)

    def _close_up(self, advances: list[float]) -> None:
        """Close up signs between pieces too: at a line's end it is white that reaches into the margin."""
        if places := closed_up("".join(self.words)):
            last = {end - 1: i for i, end in enumerate(accumulate(map(len, self.words)))}
            face = self.shaper.base
            for i in [last[place] for place in places if place in last]:
                sign = self.words[i][-1]
                glyph = face.regional(sign, self.shaper.language).glyph_infos[0].codepoint
                less = white(sign, face.ink[glyph][2])
                advances[i] -= less * face.family.scale
                self.shown[i] += b")%d(" % less

    def bodies(self, ends: Sequence[int]) -> list[bytes]:
        """Show the lines that end there; a space at the end of one is left out."""
        return list(starmap(self._body, pairwise((0, *ends))))

    def _body(self, start: int, end: int) -> bytes:
        known, line = self.shaper, self.shown[start:end]
        space = known.space_body if self.words[end - 1][-1] == " " else b""
        if known.rtl:
            return b"".join(line[::-1]).removeprefix(space)
        return b"".join(line).removesuffix(space)

    def text(self, start: int, end: int) -> str:
        """Give the same line as text."""
        return "".join(self.words[start:end]).rstrip(" ").replace(breaking.SOFT_HYPHEN, "")


@dataclass(slots=True)
class Mixed(Pieces):
    """Pieces that run both ways: the level of each, and that of the space behind it."""

    levels: list[int] = field(default_factory=list)
    spaces: list[int] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)  # places where no line may begin

    def measured(self) -> Paragraph:
        """Measure the pieces."""
        known = self.shaper
        pieces = [
            self._known(level).shown[piece] for piece, level in zip(self.words, self.levels, strict=True)
        ]
        self.parts = [piece.part for piece in pieces]
        totals = list(accumulate([piece.advance for piece in pieces]))
        turned = self._known(1)
        clinging = known.opening | turned.opening, known.closing | turned.closing
        return Paragraph(self.words, totals, known.space, True, *clinging, self.joined)

    def _body(self, start: int, end: int) -> bytes:
        """Show one line, reordered from left to right."""
        items: list[bytes] = []
        levels: list[int] = []
        for i in range(start, end):
            piece, level = self.words[i], self.levels[i]
            items.append(self.parts[i].body)
            levels.append(level)
            if piece[-1] == " " and i < end - 1:
                items.append(self.shaper.space_body)
                levels.append(self.spaces[i])
        return b"".join([items[k] for k in visual_order(levels)])

    def _known(self, level: int) -> Shaper:
        return shaper(self.shaper.base.family, self.shaper.language, level % 2)


class Way(NamedTuple):
    """How a text runs: its main font, language and base level, and whether all of it runs to the right."""

    base: Family
    language: str
    direction: int
    ltr: bool


def broken(
    text: str, way: Way, measure: float, room: float, *, rough: bool = False
) -> tuple[Row, Paragraph, list[int]]:
    """Shape one paragraph that is not empty, and break it into lines; see `Paragraph.broken`.

    What is wider than a line is broken between its characters, as a last resort.

    Raises:
        MissingGlyphs: naming the characters that no font draws.
    """
    words = text.split(" ")
    if "  " in text or text[0] == " " or text[-1] == " ":
        words = [word for word in breaking.keep_spaces(text).split(" ") if word]
    base, language, direction, ltr = way
    one_way = ltr or (only_right_to_left(text) if direction else not needed(text))
    known = shaper(base, language, direction if one_way else 0)
    row: Row = _plain(words, known) if one_way else _mixed(words, known, direction)
    try:
        measured = row.measured()
    except Breakable:
        row = Pieces(list(chain.from_iterable(map(known.pieces.__getitem__, words))), known)
        measured = row.measured()
    try:
        return row, measured, measured.broken(measure, room, rough=rough)
    except TooWide:
        turned = shaper(base, language, 1)  # letters that join are as wide as their neighbours make them
        pieces = [_cut(word, turned if needed(word) else known, measure) for word in words]
        row = (
            Pieces(list(chain.from_iterable(pieces)), known) if one_way else _mixed(pieces, known, direction)
        )
        measured = row.measured()
        return row, measured, measured.broken(measure, room, rough=rough)


def parted(row: Row) -> int:
    """Count the places where its words are parted by a hyphen, for want of room."""
    return sum([word[-1] == breaking.SOFT_HYPHEN for word in row.words]) if isinstance(row, Pieces) else 0


def _plain(words: list[str], known: Shaper) -> Row:
    if known.unspaced:  # all at once: the breaker is slow to start
        return Pieces(breaking.segments(" ".join(words), known.language), known)
    return Row(words, known)


def _cut(word: str, known: Shaper, measure: float) -> Iterable[str]:
    """Split a word where a line may end, and what is still too wide anywhere."""
    pieces = known.pieces[word]
    if all(known.shown[piece].advance <= measure + known.space for piece in pieces):
        return pieces
    return chain.from_iterable(_fitting(piece, known, measure) for piece in pieces)


def _fitting(piece: str, known: Shaper, measure: float) -> list[str]:
    """Cut a piece between its characters, each part as long as a line holds; its space stays at its end.

    What is left over is never one or two letters; where letters are parted, a hyphen has room.
    """
    clusters = list(breaking.graphemes(piece.rstrip(" ")))
    if any(starmap(breaking.takes_hyphen, pairwise(clusters))):
        measure -= known.hyphen
    found, start, count = [""], 0, _LIKELY
    while start < len(clusters):
        count = _most(clusters[start:], known, measure, count)
        end = start + count
        if end < len(clusters):
            end = max(min(end, len(clusters) - FEWEST), min(end, start + FEWEST))
        part = "".join(clusters[start:end])
        parted = end < len(clusters) and breaking.takes_hyphen(clusters[end - 1], clusters[end])
        found.append(part + breaking.SOFT_HYPHEN if parted else part)
        start = end
    found[-1] += piece[len(piece.rstrip(" ")) :]
    return found[1:] or [piece]


def _most(clusters: Sequence[str], known: Shaper, measure: float, guess: int) -> int:
    """Count how many clusters a line holds, at least one; shaping is dear, so begin near a guess.

    No try is much longer than the guess, which is the line before, or than what is found.
    """

    def width(count: int) -> float:
        return known.width("".join(clusters[:count]))

    low, high, step = 1, len(clusters) + 1, 1
    tried = min(guess, len(clusters))
    tried = min(max(int(tried * measure / max(width(tried), 1.0)), 1), 2 * tried, len(clusters))
    while high - low > 1:
        fits = width(tried) <= measure
        low, high = (tried, high) if fits else (low, tried)
        if low > 1 and high <= len(clusters):
            tried = (low + high) // 2
        else:
            tried = min(low + step, high - 1) if fits else max(high - step, low + 1)
            step *= 2
    return low


def _mixed(words: Iterable[Iterable[str]], known: Shaper, direction: int) -> Mixed:
    """Split words, whole or in pieces, where their direction changes."""
    segments = [
        segment for word in words for segment in (known.pieces[word] if isinstance(word, str) else word)
    ]
    embedding = levels("".join(segments), direction)
    split = Mixed([], known)
    at = 0
    for segment in segments:
        end = at + len(segment)
        spaced = segment[-1] == " "
        runs = _level_runs(segment.rstrip(" "), embedding[at : end - spaced])
        for k, (piece, level) in enumerate(runs):
            if k:
                split.joined.add(len(split.words))
            split.words.append(piece + " " if spaced and k == len(runs) - 1 else piece)
            split.levels.append(level)
            split.spaces.append(embedding[end - 1])
        at = end
    return split


def _level_runs(text: str, levels: Sequence[int]) -> list[tuple[str, int]]:
    if len(set(levels)) == 1:
        return [(text, levels[0])]
    runs: list[tuple[str, int]] = []
    start = 0
    for level, run in groupby(levels):
        end = start + len(list(run))
        runs.append((text[start:end], level))
        start = end
    return runs
