"""Messages set in type: lines, the name in italic, and the room they take on a card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import ceil

from campaign.cards import bidi, breaking, fonts
from campaign.cards.lines import Paragraph
from campaign.cards.pdf import number
from campaign.cards.shaping import MissingGlyphs, Part, Shaper
from campaign.errors import CandleError

POINTS_PER_MM = 72 / 25.4
SIZE = 11.0  # points; Alegreya runs small, so this looks like 10 of another serif
LEADING = 13.0  # points from line to line
MARGIN = 10.0  # mm at the sides and above; a little more than the safe zone, so that no line looks cut
FOOT = 13.0  # mm below, where the card's number stands
GAP = 1  # half-lines at least between two messages
BEFORE_NAME = 1200.0  # 1/1000 of the body size
_GATHERED = re.compile("[ \t\u3000]+")


class CannotSet(CandleError):
    """A message that no card can carry as it is.

    `characters` are those that no font draws; `lines` is by how many it is too long. The caller names the
    message.
    """

    def __init__(self, message: str, characters: Sequence[str] = (), lines: int = 0) -> None:
        super().__init__(message)
        self.characters = tuple(characters)
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Setting:
    """One message as it will be printed.

    `height` is in half-lines. `body` shows it from the base line of its first line on, in a text object whose
    unit is the body size; `drop` is how far that base line lies below the top, in leadings. `lines` are the
    parts of each line in logical order.
    """

    height: int
    body: bytes
    drop: float
    lines: tuple[tuple[Part, ...], ...]
    name: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The lines as text, for looking at."""
        return "\n".join(" ".join(part.text for part in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Line:
    parts: tuple[Part, ...]
    body: bytes
    width: float
    left: float  # from the left end of the measure
    down: float  # from the line before, in leadings


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets messages for one size of card.

    `width` and `height` are the card's in mm, `size` and `leading` points.
    """

    width: float
    height: float
    size: float = SIZE
    leading: float = LEADING

    @property
    def measure(self) -> float:
        """The length of a full line, in 1/1000 of the body size."""
        return (self.width - 2 * MARGIN) * POINTS_PER_MM / self.size * 1000

    @property
    def capacity(self) -> int:
        """How many half-lines a card holds; n messages take their heights and n - 1 times GAP."""
        return int((self.height - MARGIN - FOOT) * POINTS_PER_MM * 2 / self.leading)

    def set(self, text: str, first_name: str, language: str = "en") -> Setting:
        """Set one message.

        Raises:
            CannotSet: naming the characters that no font draws, or by how many lines it is too long.
        """
        try:
            setting = self._set(text, first_name, language)
        except MissingGlyphs:
            characters = unprintable(text, language) + unprintable(first_name, language, italic=True)
            shown = ", ".join(
                f"{c} ({' '.join(f'U+{ord(x):04X}' for x in c)})" for c in dict.fromkeys(characters)
            )
            raise CannotSet(f"no font of the cards draws {shown}; ask for other words", characters) from None
        excess = setting.height - self.capacity
        if excess > 0:
            lines = ceil(excess / 2)
            raise CannotSet(
                f"too long for the card by {lines} line{'s' if lines > 1 else ''}; "
                "ask for a shorter one or choose a larger card",
                lines=lines,
            )
        return setting

    def _set(self, text: str, first_name: str, language: str) -> Setting:
        plain = not fonts.beyond_text().search(text.replace("\n", " "))
        base = fonts.TEXT if plain else fonts.main_family(text, language)
        direction = 0 if plain else bidi.base_level(text)
        shaper = _shaper(base, language)
        name = _name(first_name, language)
        room = BEFORE_NAME + name.width
        lines: list[_Line] = []
        down = 1.0
        paragraphs = text.strip("\n").split("\n")
        for i, paragraph in enumerate(paragraphs):
            if not paragraph.strip():
                down = 1.5
                continue
            last = i == len(paragraphs) - 1
            lines += self._paragraph(paragraph, shaper, direction, plain, room if last else 0.0, down)
            down = 1.0
        pitch = 1.0 if plain else max(part.pitch for line in lines for part in line.parts)
        pitch = max(pitch, name.pitch)
        return self._finished(lines, name, direction, pitch, base)

    def _paragraph(
        self, text: str, shaper: Shaper, direction: int, plain: bool, room: float, down: float
    ) -> list[_Line]:
        words = _words(text)
        if not plain and (direction or bidi.needed(text)):
            row: _Row = _mixed(words, shaper, direction)
        else:
            row = _Row(list(chain.from_iterable(map(shaper.__getitem__, words))), set())
        row.narrow(shaper, self.measure)
        measured = Paragraph.of(row.parts, row.joined)
        start, lines = 0, []
        for end in measured.broken(self.measure, room):
            width = measured.width(start, end)
            left = self.measure - width if direction else 0.0
            lines.append(_Line(tuple(row.parts[start:end]), row.body(start, end), width, left, down))
            start, down = end, 1.0
        return lines

    def _finished(
        self, lines: list[_Line], name: _Inline, direction: int, pitch: float, base: fonts.Family
    ) -> Setting:
        last = lines[-1]
        run_in = last.width + BEFORE_NAME + name.width <= self.measure
        name_line = _Line(
            name.parts,
            name.body,
            name.width,
            0.0 if direction else self.measure - name.width,
            0.0 if run_in else 1.0,
        )
        shown = [*lines, name_line]
        body = self._body(shown, pitch, base)
        half_lines = sum(line.down for line in shown) * pitch * 2
        return Setting(
            ceil(half_lines - 1e-6), body, 0.74 * pitch, tuple(line.parts for line in lines), name.parts
        )

    def _body(self, lines: list[_Line], pitch: float, base: fonts.Family) -> bytes:
        unit = self.leading * pitch / self.size
        out = [b"%s TL/%s %s Tf" % (number(unit), base.key.encode(), number(base.scale))]
        at = 0.0
        for i, line in enumerate(lines):
            if i == len(lines) - 1:
                out.append(b"/%s 1 Tf" % fonts.ITALIC.key.encode())
            hang = line.parts[0].hang if line.parts and not line.left else 0.0
            left = line.left - hang
            if i and line.down == 1.0 and left == at:
                out.append(b"T*")
            elif left != at or i:
                out.append(
                    b"%s %s Td" % (number((left - at) / 1000), number(-line.down * unit if i else 0.0))
                )
            at = left
            out.append(b"[(%s)]TJ" % line.body)
        return b"\n".join(out)


@dataclass(slots=True)
class _Inline:
    """A text on one line, as the name is."""

    parts: tuple[Part, ...]
    body: bytes
    width: float

    @property
    def pitch(self) -> float:
        return max(part.pitch for part in self.parts)


@dataclass(slots=True)
class _Row:
    """The parts of one paragraph that runs from left to right."""

    parts: list[Part]
    joined: set[int]  # parts that must not begin a line

    def body(self, start: int, end: int) -> bytes:
        """Show one line of them."""
        return b"".join([part.spaced for part in self.parts[start : end - 1]]) + self.parts[end - 1].body

    def narrow(self, shaper: Shaper, measure: float) -> None:
        """Break what is wider than a line between its characters, as a last resort."""
        for i in range(len(self.parts) - 1, -1, -1):
            if self.parts[i].width > measure:
                self._replace(i, _pieces(self.parts[i].text, shaper, measure), shaper)

    def _replace(self, i: int, pieces: list[str], shaper: Shaper) -> None:
        whole = self.parts[i]
        self.parts[i : i + 1] = [shaper.part(piece, spaced=False) for piece in pieces[:-1]] + [
            shaper.part(pieces[-1], spaced=whole.advance > whole.width)
        ]


@dataclass(slots=True)
class _MixedRow(_Row):
    """The parts of a paragraph that runs both ways, their levels, and that of the space behind each."""

    levels: list[int]
    spaces: list[int | None]
    space: bytes

    def body(self, start: int, end: int) -> bytes:
        """Show one line of them from left to right."""
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

    def _replace(self, i: int, pieces: list[str], shaper: Shaper) -> None:
        rtl, more = self.levels[i] % 2 == 1, len(pieces) - 1
        spaced = self.spaces[i] is not None
        self.parts[i : i + 1] = [shaper.part(piece, spaced=False, rtl=rtl) for piece in pieces[:-1]] + [
            shaper.part(pieces[-1], spaced=spaced, rtl=rtl)
        ]
        self.levels[i:i] = [self.levels[i]] * more
        self.spaces[i:i] = [None] * more
        self.joined = {k + more if k > i else k for k in self.joined}


def _mixed(words: list[str], shaper: Shaper, direction: int) -> _MixedRow:
    """Shape words that run both ways, split where the direction changes."""
    text = " ".join(words)
    levels = bidi.levels(text, direction)
    row = _MixedRow([], set(), [], [], shaper.space_body)
    at = 0
    for word in words:
        for segment in breaking.segments(word, shaper.language):
            pieces = _level_runs(segment, levels[at : at + len(segment)])
            at += len(segment)
            space = levels[at] if text[at : at + 1] == " " else None
            last = len(pieces) - 1
            for k, (piece, level) in enumerate(pieces):
                if k:
                    row.joined.add(len(row.parts))
                row.parts.append(
                    shaper.directed(piece, spaced=k == last and space is not None, rtl=level % 2 == 1)
                )
                row.levels.append(level)
                row.spaces.append(space if k == last else None)
        at += 1
    return row


def _level_runs(text: str, levels: list[int]) -> list[tuple[str, int]]:
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


@lru_cache(maxsize=256)
def _shaper(base: fonts.Family, language: str) -> Shaper:
    return Shaper(base, language)


@lru_cache(maxsize=4096)
def _name(first_name: str, language: str) -> _Inline:
    """Set the name in italic; scripts without one stay upright."""
    shaper = _shaper(fonts.ITALIC, language)
    words = _words(first_name)
    if bidi.needed(first_name):
        row: _Row = _mixed(words, shaper, bidi.base_level(first_name))
    else:
        row = _Row([part for word in words for part in shaper[word]], set())
    end = len(row.parts)
    return _Inline(tuple(row.parts), row.body(0, end), Paragraph.of(row.parts, row.joined).width(0, end))


def _words(text: str) -> list[str]:
    return [word for word in _GATHERED.sub(" ", text).split(" ") if word]


def unprintable(text: str, language: str, *, italic: bool = False) -> list[str]:
    """List the characters of a text that no font of the cards draws, in order."""
    base = fonts.ITALIC if italic else fonts.main_family(text, language)
    found: list[str] = []
    for cluster in breaking.graphemes(text):
        if cluster.isspace():
            continue
        try:
            _shaper(base, language).part(cluster)
        except MissingGlyphs as missing:
            found += missing.characters
    return found
