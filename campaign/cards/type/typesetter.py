"""Messages set in type: lines, the name in italic, and the room they take on a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise, starmap
from math import ceil
from typing import NamedTuple

from campaign.cards import dimensions
from campaign.cards.card_words import Wording
from campaign.cards.dimensions import ABOVE_BELOW, ALONE, BEFORE_NAME, FIRST_LINE, FOOT, LEADING, MARGIN, SIZE
from campaign.cards.fonts import faces, main_font
from campaign.cards.fonts.families import Family
from campaign.cards.imposition import POINTS_PER_MM
from campaign.cards.pdf import number
from campaign.cards.type.bidi.levels import base_level
from campaign.cards.type.glyph_runs import MissingGlyphs
from campaign.cards.type.lines import Paragraph, TooWide, turned_over
from campaign.cards.type.rows import Row, Way, broken, parted, shaper
from campaign.cards.type.set_words import Setting
from campaign.cards.type.shaping import store
from campaign.errors import CandleError


class CannotSet(CandleError):
    """A message that no card can carry as it is.

    `characters` are those that no font draws; `lines` is by how many it is too long. The caller names the
    message.
    """

    def __init__(self, message: str, characters: Sequence[str] = (), lines: int = 0) -> None:
        super().__init__(message)
        self.characters = tuple(characters)
        self.lines = lines


class _Block(NamedTuple):
    """One paragraph in lines; `down` is how far its first line lies below the line before, in leadings.

    `direction` is its own: the full stop of an English one below Arabic stands at its right.
    """

    row: Row
    measured: Paragraph
    ends: list[int]
    down: float
    direction: int


class _Name(NamedTuple):
    """A first name: the body and width of its line, or of its lines where it is wider than the card.

    `room` is what it asks for on a line that holds words too.
    """

    lines: list[tuple[bytes, float]]
    room: float
    pitch: float
    family: Family
    row: Row | None


_NO_NAME = _Name([], 0.0, 0.0, faces.TEXT, None)


@dataclass(frozen=True)
class Typesetter:
    """Sets messages for one size of card.

    `width` and `height` are the card's in mm, `size` and `leading` points. With `alone`, each message has a
    card for itself and is set as large as it fits, as all are on a card with long lines if not `plain`.
    What is set by a `rough` one is as high, which is all that packing asks, and its lines need not be even.
    """

    width: float
    height: float
    size: float = SIZE
    leading: float = LEADING
    alone: bool = False
    plain: bool = False
    rough: bool = False

    @cached_property
    def measure(self) -> float:
        """The length of a full line, in 1/1000 of the body size."""
        return (self.width - 2 * MARGIN) * POINTS_PER_MM / self.size * 1000

    @property
    def room(self) -> float:
        """The height of a card that messages may fill, in points."""
        return (self.height - MARGIN - FOOT) * POINTS_PER_MM

    @cached_property
    def capacity(self) -> int:
        """How many half-lines a card holds; n messages take their heights and n - 1 times `GAP`."""
        return int(self.room * 2 / self.leading)

    @cache  # noqa: B019 # of a few sizes of a few cards
    def _sized(self, size: float, leading: float) -> Typesetter:
        return replace(self, size=size, leading=leading)

    def set(
        self, text: str, first_name: str, language: str = "en", below: str = "", written_in: str = ""
    ) -> Setting:
        """Set one message, as `Wording` says it.

        Raises:
            CannotSet: naming the characters that no font draws, or by how many lines it is too long.
        """
        with store:
            return self._fitting(Wording(text, first_name, language, below, written_in or language))

    def _fitting(self, wording: Wording) -> Setting:
        try:
            wide = self.measure > dimensions.WIDE and not self.plain
            large = self._large(wording) if self.alone or wide else None
            if large and not large.turned:
                return large
            setting = self._stacked(wording)
            if large and 2 * setting.turned > large.turned:
                return large
        except MissingGlyphs as missing:
            raise _missing(wording, missing.characters) from None
        except TooWide:
            raise CannotSet("one of its characters is wider than a line; cut it out") from None
        excess = setting.height - self.capacity
        if excess > 0:
            lines = ceil(excess / 2)
            raise CannotSet(
                f"too long for the card by {lines} line{'s' if lines > 1 else ''}; "
                "it needs fewer words, or a larger card",
                lines=lines,
            )
        return setting

    def _large(self, wording: Wording) -> Setting | None:
        """Set a message in the largest size that fits; its height in this leading is clear of those below.

        A smaller size is worth it where it turns over half as many of a poem's lines and parts half as many
        words, or fewer.
        """
        best = None
        for size, leading in ALONE:
            setting = self._sized(size, leading)._stacked(wording)
            fits = setting.height * leading / 2 <= self.room
            if fits and (best is None or 2 * setting.turned <= best.turned):
                height = int(setting.height * leading / self.leading) + (not self.alone)
                best = setting._replace(height=min(height, self.capacity))
            if best and not best.turned:
                break
        return best

    def _stacked(self, wording: Wording) -> Setting:
        """Set the text with the name, as its writer wrote it, and below them what stands there."""
        upper = self._set(
            wording.text, _name(wording.first_name, wording.written_in, self.measure), wording.language
        )
        if not wording.below:
            return upper
        size, leading = dimensions.smaller(self.size)
        lower = self._sized(size, leading)._set(wording.below, _NO_NAME, wording.written_in)
        begins = upper.height + ABOVE_BELOW
        height = begins + ceil(lower.height * leading / self.leading - 1e-6)
        nearer = upper.spared + dimensions.spared(alone=self.alone) * self.leading
        down, spared = begins * self.leading / 2 - nearer, nearer + lower.spared
        return upper._replace(height=height, below=lower, below_by=down, spared=spared)

    def _set(self, text: str, name: _Name, language: str) -> Setting:
        base, pure = main_font.main_family(text, language)
        direction = 0 if pure and not base.rtl else base_level(text)
        way = Way(base, language, direction, pure and not base.rtl)
        blocks = self._blocks(text, way, name.room)
        pitch = base.pitch if pure else max([base.pitch, *[block.row.pitch for block in blocks]])
        own_line, last = self._own_line(blocks[-1], name), max(pitch, name.pitch)
        apart = sum([block.down > 1 for block in blocks]) if len(blocks) > 1 else 0
        white = apart * dimensions.spared(alone=self.alone)
        lines = sum([block.down + len(block.ends) - 1 for block in blocks]) - 1 + own_line
        turned = turned_over([len(block.ends) for block in blocks], apart) if len(blocks) > 3 else 0
        torn = sum([parted(row) for row in [*[block.row for block in blocks], name.row] if row])
        return Setting(
            ceil(((lines + white) * pitch + max(len(name.lines), 1) * last) * 2 - 1e-6),
            partial(self._body, blocks, name, pitch, last, own_line=own_line, poem=turned > 0),
            FIRST_LINE * (last if lines < 1 else pitch) * self.leading,
            self.size,
            tuple([(block.row, block.ends) for block in blocks]),
            name.row,
            spared=white * pitch * self.leading,
            turned=turned + torn,
        )

    def _blocks(self, text: str, way: Way, for_name: float) -> list[_Block]:
        """Break the paragraphs; on the last line, the name is to have room."""
        measure, down = self.measure, 1.0
        blocks: list[_Block] = []
        paragraphs = text.strip("\n").split("\n")
        last = len(paragraphs) - 1
        for i, paragraph in enumerate(paragraphs):
            if not paragraph or paragraph.isspace():
                down = dimensions.EMPTY_LINE - dimensions.spared(alone=self.alone)
                continue
            if last and not way.ltr and any(map(str.isalpha, paragraph)):
                way = way._replace(direction=base_level(paragraph))
            room = for_name if i == last else 0.0
            row, measured, ends = broken(paragraph, way, measure, room, rough=self.rough)
            blocks.append(_Block(row, measured, ends, down, way.direction))
            down = 1.0
        if not blocks:
            raise CannotSet("no words to set; reject the message")
        return blocks

    def _own_line(self, last: _Block, name: _Name) -> bool:
        """Tell whether the name stands on a line of its own, for want of room on the last one."""
        start, end = (0, *last.ends)[-2:]
        width = last.measured.width(start, end)
        return len(name.lines) > 1 or (bool(name.lines) and width + name.room > self.measure)

    def _body(
        self, blocks: Sequence[_Block], name: _Name, pitch: float, last: float, *, own_line: bool, poem: bool
    ) -> bytes:
        """Show lines, and the name at the far end of the last one or on its own.

        What a line of a `poem` turns over is indented, as far as there is room: it is no new line.
        Moves are relative, so that it can stand anywhere. `pitch` is that of the lines, `last` that of the
        one with the name, whose letters may be taller.
        """
        unit, measure = self.leading * pitch / self.size, self.measure
        further = FIRST_LINE * (last / pitch - 1)
        out = [b"%s TL%s" % (number(unit), blocks[0].row.shaper.base.family.chosen)]
        at = left = taken = 0.0
        for row, measured, ends, down, direction in blocks:
            start = 0
            for end, body in zip(ends, row.bodies(ends), strict=True):
                left = measure - measured.width(start, end) if direction else -row.hang(start)
                beside = not own_line and row is blocks[-1].row and end == ends[-1]
                if beside:
                    down += further
                if poem and start:
                    free = measure - measured.width(start, end) - name.room * beside
                    indent = min(dimensions.TURNED_OVER, max(free, 0.0))
                    left += -indent if direction else indent
                if down == 1.0 and left == at and taken:
                    move = b"T*"
                elif taken or left:
                    move = b"%.3f %.4f Td" % ((left - at) / 1000, -down * unit if taken else 0.0)
                else:
                    move = b""
                out.append(b"%s[(%s)]TJ" % (move, body))
                at, taken = left, taken + down
                start, down = end, 1.0
        if name.lines:
            out.append(name.family.chosen)
        for i, (body, wide) in enumerate(name.lines):
            left = 0.0 if blocks[-1].direction else measure - wide
            down = last / pitch if i else (1 + further) * own_line
            up = 0.0 - down * unit  # never -0.0, which would be written so
            out.append(b"%.3f %.4f Td[(%s)]TJ" % ((left - at) / 1000, up, body))
            at = left
        # A word that begins or ends with a statement of its text leaves nothing between the brackets.
        return b"\n".join(out).replace(b"[()]TJ", b"")


@lru_cache(maxsize=4096)
def _name(first_name: str, language: str, measure: float) -> _Name:
    """Set the name in italic; scripts without one stay upright. It is broken only where it must be."""
    if not first_name.strip():
        raise CannotSet("no first name to set; reject the message")
    family = _family_of_name(first_name, language)
    way = Way(family, language, base_level(first_name), ltr=False)
    row, measured, ends = broken(first_name, way, measure, 0.0)
    widths = starmap(measured.width, pairwise((0, *ends)))
    lines = list(zip(row.bodies(ends), widths, strict=True))
    return _Name(lines, BEFORE_NAME + max(width for _, width in lines), row.pitch, family, row)


def _family_of_name(first_name: str, language: str) -> Family:
    family, _ = main_font.main_family(first_name, language)
    return faces.ITALIC if family is faces.TEXT else family


def _missing(wording: Wording, met: list[str]) -> CannotSet:
    """Name all that no font draws, one by one; what only a whole word shows is what was `met`."""
    text, first_name, language, below, written_in = wording
    characters = shaper(main_font.main_family(text, language)[0], language).unprintable(text)
    characters += shaper(_family_of_name(first_name, written_in), written_in).unprintable(first_name)
    if below:
        characters += shaper(main_font.main_family(below, written_in)[0], written_in).unprintable(below)
    characters = characters or met
    shown = ", ".join(f"{c} ({' '.join(f'U+{ord(x):04X}' for x in c)})" for c in dict.fromkeys(characters))
    return CannotSet(f"no font of the cards draws {shown}; cut it out", characters)
