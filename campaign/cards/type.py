"""Messages set in type: lines, the name in italic, and the room they take on a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from campaign.cards import bidi, breaking, fonts
from campaign.cards.fonts import Family
from campaign.cards.pdf import number
from campaign.cards.rows import row
from campaign.cards.shaping import MissingGlyphs, Part, Shaper
from campaign.cards.sheet import POINTS_PER_MM
from campaign.errors import CandleError

SIZE = 11.0  # points; Alegreya runs small, so this looks like 10 of another serif
LEADING = 13.0  # points from line to line
# Sizes and leadings for a message that has a card for itself, the largest that fits is taken.
ALONE = ((15.0, 19.0), (13.0, 16.0))
MARGIN = 10.0  # mm at the sides and above; a little more than the safe zone, so that no line looks cut
FOOT = 13.0  # mm below, where the card's number stands
GAP = 1  # half-lines at least between two messages
BEFORE_NAME = 1200.0  # 1/1000 of the body size
FIRST_LINE = 0.74  # of the first line's pitch lies above its base line


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

    `height` is in half-lines of the typesetter's leading. `body` shows the message from the base line of its
    first line on, in a text object whose unit is `size` points; `drop` is how far that base line lies below
    the top, in points. `lines` are the parts of each line, in logical order.
    """

    height: int
    body: bytes
    drop: float
    size: float
    lines: tuple[tuple[Part, ...], ...]
    name: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The lines as text, for looking at."""
        return "\n".join(" ".join(part.text for part in line) for line in self.lines)


class _Line(NamedTuple):
    """A line to be shown: `left` in 1/1000 of the body size, `down` in leadings from the line before."""

    parts: tuple[Part, ...]
    body: bytes
    width: float
    left: float
    down: float


class _Name(NamedTuple):
    """A first name in one line."""

    parts: tuple[Part, ...]
    body: bytes
    width: float
    family: Family


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets messages for one size of card.

    `width` and `height` are the card's in mm, `size` and `leading` points. With `alone`, each message has a
    card for itself and is set as large as it fits.
    """

    width: float
    height: float
    size: float = SIZE
    leading: float = LEADING
    alone: bool = False

    @property
    def measure(self) -> float:
        """The length of a full line, in 1/1000 of the body size."""
        return (self.width - 2 * MARGIN) * POINTS_PER_MM / self.size * 1000

    @property
    def room(self) -> float:
        """The height of a card that messages may fill, in points."""
        return (self.height - MARGIN - FOOT) * POINTS_PER_MM

    @property
    def capacity(self) -> int:
        """How many half-lines a card holds; n messages take their heights and n - 1 times GAP."""
        return int(self.room * 2 / self.leading)

    def set(self, text: str, first_name: str, language: str = "en") -> Setting:
        """Set one message.

        Raises:
            CannotSet: naming the characters that no font draws, or by how many lines it is too long.
        """
        try:
            if self.alone and (large := self._large(text, first_name, language)):
                return large
            setting = self._set(text, first_name, language)
        except MissingGlyphs:
            raise _missing(text, first_name, language) from None
        excess = setting.height - self.capacity
        if excess > 0:
            lines = ceil(excess / 2)
            raise CannotSet(
                f"too long for the card by {lines} line{'s' if lines > 1 else ''}; "
                "ask for a shorter one or choose a larger card",
                lines=lines,
            )
        return setting

    def _large(self, text: str, first_name: str, language: str) -> Setting | None:
        """Set a message in the largest size that fits, its height still counted in this leading."""
        for size, leading in ALONE:
            setting = replace(self, size=size, leading=leading, alone=False)._set(text, first_name, language)
            height = setting.height * leading / 2
            if height <= self.room:
                return replace(setting, height=int(height * 2 / self.leading))
        return None

    def _set(self, text: str, first_name: str, language: str) -> Setting:
        plain = not fonts.foreign(fonts.TEXT).search(text.replace("\n", " "))
        base = fonts.TEXT if plain else fonts.main_family(text, language)
        direction = 0 if plain else bidi.base_level(text)
        name = _name(first_name, language)
        lines = self._lines(text, _shaper(base, language), direction, plain, BEFORE_NAME + name.width)
        if not lines:
            raise CannotSet("no words to set; reject the message")
        pitch = 1.0
        if not plain:
            pitch = max([part.pitch for line in lines for part in line.parts])
        pitch = max(pitch, *[part.pitch for part in name.parts])
        lines.append(self._name_line(lines[-1], name, direction))
        half_lines = sum([line.down for line in lines]) * pitch * 2
        return Setting(
            ceil(half_lines - 1e-6),
            self._body(lines, pitch, base, name.family),
            FIRST_LINE * pitch * self.leading,
            self.size,
            tuple([line.parts for line in lines[:-1]]),
            name.parts,
        )

    def _lines(self, text: str, shaper: Shaper, direction: int, plain: bool, room: float) -> list[_Line]:
        """Break the paragraphs; `room` should stay free on the last line for the name."""
        measure, lines, down = self.measure, [], 1.0
        paragraphs = text.strip().split("\n")
        for paragraph in paragraphs:
            if not paragraph or paragraph.isspace():
                down = 1.5
                continue
            mixed = not plain and (direction == 1 or bidi.needed(paragraph))
            found = row(paragraph, shaper, direction, mixed=mixed)
            found.narrow(shaper, measure)
            measured, start = found.measured, 0
            for end in measured.broken(measure, room if paragraph is paragraphs[-1] else 0.0):
                width = measured.width(start, end)
                parts = tuple(found.parts[start:end])
                left = measure - width if direction else -parts[0].hang
                lines.append(_Line(parts, found.body(start, end), width, left, down))
                start, down = end, 1.0
        return lines

    def _name_line(self, last: _Line, name: _Name, direction: int) -> _Line:
        """Place the name at the far end of the last line where there is room, else on a line of its own."""
        fits = last.width + BEFORE_NAME + name.width <= self.measure
        left = 0.0 if direction else self.measure - name.width
        return _Line(name.parts, name.body, name.width, left, 0.0 if fits else 1.0)

    def _body(self, lines: Sequence[_Line], pitch: float, base: Family, of_name: Family) -> bytes:
        """Show lines and name; moves are relative, so that it can stand anywhere on a card."""
        unit = self.leading * pitch / self.size
        out = [b"%s TL/%s %s Tf" % (number(unit), base.key.encode(), number(base.scale))]
        at, first, name = 0.0, lines[0], lines[-1]
        for line in lines:
            if line is name:
                out.append(b"/%s %s Tf" % (of_name.key.encode(), number(of_name.scale)))
            if line is first:
                move = b"%s 0 Td" % number(line.left / 1000) if line.left else b""
            elif line.down == 1.0 and line.left == at:
                move = b"T*"
            else:
                move = b"%s %s Td" % (number((line.left - at) / 1000), number(-line.down * unit))
            at = line.left
            out.append(b"%s[(%s)]TJ" % (move, line.body))
        return b"\n".join(out)


@lru_cache(maxsize=256)
def _shaper(base: Family, language: str) -> Shaper:
    return Shaper(base, language)


@lru_cache(maxsize=4096)
def _name(first_name: str, language: str) -> _Name:
    """Set the name in italic; scripts without one stay upright."""
    family = fonts.main_family(first_name, language)
    shaper = _shaper(fonts.ITALIC if family is fonts.TEXT else family, language)
    mixed = bidi.needed(first_name)
    found = row(first_name, shaper, bidi.base_level(first_name), mixed=mixed)
    end = len(found.parts)
    if not end:
        raise CannotSet("no first name to set; reject the message")
    return _Name(tuple(found.parts), found.body(0, end), found.measured.width(0, end), shaper.base.family)


def _missing(text: str, first_name: str, language: str) -> CannotSet:
    characters = unprintable(text, language) + unprintable(first_name, language)
    shown = ", ".join(f"{c} ({' '.join(f'U+{ord(x):04X}' for x in c)})" for c in dict.fromkeys(characters))
    return CannotSet(f"no font of the cards draws {shown}; ask for other words", characters)


def unprintable(text: str, language: str) -> list[str]:
    """List the characters of a text that no font of the cards draws, in order."""
    shaper = _shaper(fonts.main_family(text, language), language)
    found: list[str] = []
    for cluster in breaking.graphemes(text):
        if cluster.isspace():
            continue
        try:
            shaper.part(cluster)
        except MissingGlyphs as missing:
            found += missing.characters
    return found
