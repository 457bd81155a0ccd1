"""A card's back as outlines, for pages: what the press writes into a PDF, walked through glyph by glyph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from struct import unpack
from typing import TYPE_CHECKING, NamedTuple

from campaign.cards.dimensions import ABOVE_SINGLE, MARGIN
from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import EM
from campaign.cards.fonts.families import BY_KEY, Family
from campaign.cards.imposition import POINTS_PER_MM
from campaign.cards.memo import Memo
from campaign.cards.pdf import unescaped
from campaign.cards.type.bidi.levels import base_level
from campaign.cards.type.set_words import Setting
from campaign.cards.type.shaping import store
from campaign.cards.type.typesetter import Typesetter

if TYPE_CHECKING:
    import uharfbuzz as hb

UNITS = 500  # an em: finer than any screen shows a card, and half the digits of a font's own
LINES = (1.0, 0.93, 0.97, 0.4, 0.0)  # of a column: some words of others, and the gap below them
MOST_SHAPES = 2_000  # kept, in a few MB: more than all letters of the languages that most people write
_NUMBER = rb"-?\d+(?:\.\d+)?"
_TOKEN = re.compile(
    rb"<</ActualText\((?:[^()\\]|\\.)*+\)>>BDC"
    rb"|/(?P<font>\w) (?P<scale>%(n)s) Tf"
    rb"|(?P<right>%(n)s) (?P<up>%(n)s) Td"
    rb"|(?P<leading>%(n)s) TL"
    rb"|(?P<next>T\*)"
    rb"|(?P<rise>%(n)s) Ts"
    rb"|\((?P<shown>(?:[^()\\]|\\.)*+)\)"
    rb"|(?P<back>%(n)s)" % {b"n": _NUMBER},
    re.DOTALL,
)
# Glyphs of a font in a row: how far up they stand, and how far to the right each, in body sizes.
Shown = tuple[Family, float, list[tuple[int, float]]]


class Outlines(NamedTuple):
    """A card's back in black: what SVG calls its view box, the shapes of glyphs, and where each stands.

    The unit is 1/500 of the body size. `places` are the number of a shape, and how far right and down it
    stands. `others` stand for the words of others on the same card: how far right and down a line of theirs
    begins, and how long it is.
    """

    width: int
    height: int
    shapes: tuple[str, ...]
    places: tuple[tuple[int, int, int], ...]
    others: tuple[tuple[int, int, int], ...] = ()

    @property
    def svg(self) -> str:
        """Draw it as elements of SVG, of numbers and what `shape` writes; a template takes far longer."""
        shapes = [f'<path id="s{number}" d="{path}"/>' for number, path in enumerate(self.shapes)]
        glyphs = [f'<use href="#s{number}" x="{right}" y="{down}"/>' for number, right, down in self.places]
        lines = [
            f'<rect x="{right}" y="{down}" width="{long}" height="230" rx="115"/>'
            for right, down, long in self.others
        ]
        return "".join(["<defs>", *shapes, "</defs>", *glyphs, *lines])


def outlines(typesetter: Typesetter, setting: Setting) -> Outlines:
    """Draw a message that was set on a card: as the first of several, or on a card of its own."""
    unit = setting.size / UNITS
    left, top = MARGIN * POINTS_PER_MM, _top(typesetter, setting)
    shapes: list[str] = []
    numbers = Memo[tuple[Family, int, float], int | None](lambda glyph: _number(shapes, glyph))
    places: list[tuple[int, int, int]] = []
    for piece, down in setting.stacked:
        size, scale = piece.size, piece.size / setting.size
        for family, up, row in _walk(piece.body):
            there = round((top + down + piece.drop - up * size) / unit)
            places += [
                (number, round((left + right * size) / unit), there)
                for glyph, right in row
                if (number := numbers[family, glyph, scale]) is not None
            ]
    width, height = (round(length * POINTS_PER_MM / unit) for length in (typesetter.width, typesetter.height))
    others = _others(width, height, left / unit, places, typesetter.leading / unit)
    if base_level(" ".join(setting.lines)):
        others = ((width - right - long, down, long) for right, down, long in others)
    return Outlines(width, height, tuple(shapes), tuple(places), () if typesetter.alone else tuple(others))


def _number(shapes: list[str], glyph: tuple[Family, int, float]) -> int | None:
    """Add a glyph to the shapes and return its number; None where it has no ink."""
    path = shape(*glyph)
    if not path:
        return None
    shapes.append(path)
    return len(shapes) - 1


def _others(
    width: int, height: int, margin: float, places: Sequence[tuple[int, int, int]], leading: float
) -> Iterator[tuple[int, int, int]]:
    """Draw lines below a message, as long as lines of words are, so that nobody takes the card for empty."""
    lowest = max([down for _, _, down in places], default=round(margin))
    first = round(lowest + 1.3 * leading)  # there is a gap between two messages
    for number, down in enumerate(range(first, round(height - margin), round(leading))):
        if long := LINES[number % len(LINES)]:
            yield round(margin), down, round((width - 2 * margin) * long)


def _top(typesetter: Typesetter, setting: Setting) -> float:
    """Tell how far what is set begins below the card's upper edge, in points."""
    spare = (typesetter.capacity - setting.height) * typesetter.leading / 2 if typesetter.alone else 0.0
    return MARGIN * POINTS_PER_MM + spare * ABOVE_SINGLE


def _walk(body: bytes) -> Iterator[Shown]:
    """Go through the operators of a message's body, of which there are few, row by row."""
    family, scale = faces.TEXT, 1.0
    left = x = y = leading = rise = 0.0
    for token in _TOKEN.finditer(body):
        kind = token.lastgroup
        if kind == "shown":
            store.give_way()
            widths, codes = faces.face(family).widths, unescaped(token["shown"])
            row: list[tuple[int, float]] = []
            for glyph in unpack(f">{len(codes) // 2}H", codes):
                row.append((glyph, x))
                x += widths[glyph] / EM * scale
            yield family, y + rise, row
        elif kind == "back":
            x -= float(token["back"]) / EM * scale
        elif kind == "scale":
            family, scale = BY_KEY[token["font"]], float(token["scale"])
        elif kind == "up":
            left, y = left + float(token["right"]), y + float(token["up"])
            x = left
        elif kind == "next":
            x, y = left, y - leading
        elif kind == "leading":
            leading = float(token["leading"])
        elif kind == "rise":
            rise = float(token["rise"])


@lru_cache(maxsize=MOST_SHAPES)
def shape(family: Family, glyph: int, scale: float = 1.0) -> str:
    """Give a glyph's outline as the data of an SVG path, as large as it is set; "" where it has no ink."""
    pen = _Pen(family.scale * scale * UNITS / EM)
    faces.face(family).font.draw_glyph(glyph, _drawing(), pen)
    return "".join(pen.path)


class _Pen:
    """Writes path data in whole numbers, each point by its way from the one before."""

    def __init__(self, scale: float) -> None:
        self.path: list[str] = []
        self._scale = scale
        self._at = self._start = (0, 0)

    def write(self, command: str, *points: tuple[float, float]) -> None:
        """Write a command and its points, whose y grows upwards."""
        there = [(round(x * self._scale), -round(y * self._scale)) for x, y in points]
        steps = [step for x, y in there for step in (x - self._at[0], y - self._at[1])]
        self.path.append(command + " ".join(map(str, steps)).replace(" -", "-"))
        self._at = there[-1] if there else self._start  # a closed path ends where it began
        if command == "m":
            self._start = self._at


@cache
def _drawing() -> hb.DrawFuncs:
    """Let HarfBuzz write to a pen."""
    import uharfbuzz as hb  # whoever draws a glyph has opened its font, and loaded it

    drawing = hb.DrawFuncs()
    drawing.set_move_to_func(lambda x, y, pen: pen.write("m", (x, y)))
    drawing.set_line_to_func(lambda x, y, pen: pen.write("l", (x, y)))
    drawing.set_quadratic_to_func(lambda a, b, x, y, pen: pen.write("q", (a, b), (x, y)))
    drawing.set_cubic_to_func(lambda a, b, c, d, x, y, pen: pen.write("c", (a, b), (c, d), (x, y)))
    drawing.set_close_path_func(lambda pen: pen.write("z"))
    return drawing
