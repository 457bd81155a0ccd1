"""A page set by hand in the cards' own type: words and rules at places in mm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import BinaryIO, Literal

from campaign.cards.fonts import faces
from campaign.cards.grids import POINTS_PER_MM
from campaign.cards.imposition import SheetSize
from campaign.cards.pdf import PDFWriter, archival, array_of, number
from campaign.cards.type.bidi.levels import base_level, levels, needed, visual_order
from campaign.cards.type.breaking import segments
from campaign.cards.type.embedding import Usage
from campaign.cards.type.glyph_runs import MissingGlyphs, Part
from campaign.cards.type.shaping import Shaper
from campaign.errors import CandleError

Align = Literal["left", "centre", "right"]
HAIRLINE = 0.4  # points
LEADING = 1.3  # from line to line, in sizes of the type


class PageError(CandleError):
    """Words that no font of the cards draws."""


class Page:
    """One page. The origin is the lower left corner; sizes of type are points."""

    def __init__(self, sheet: SheetSize, usage: Usage) -> None:
        self.sheet = sheet
        self._usage = usage
        self._drawn = [b"0 g 0 G"]

    def text_line(
        self, x: float, y: float, text: str, size: float = 11, *, italic: bool = False, align: Align = "left"
    ) -> float:
        """Set one line with its base line at `y`; give its length in mm.

        Raises:
            PageError: naming the characters that no font draws.
        """
        part = _part(text, italic)
        self._usage.add([part])
        length = part.width * size / 1000
        left = x * POINTS_PER_MM - length * {"left": 0, "centre": 0.5, "right": 1}[align]
        family = faces.ITALIC if italic else faces.TEXT
        place = array_of((size, 0, 0, size, left, y * POINTS_PER_MM))[1:-1]
        self._drawn.append(
            b"BT %s Tm/%s %s Tf[(%s)]TJ ET" % (place, family.key.encode(), number(family.scale), part.body)
        )
        return length / POINTS_PER_MM

    def paragraph(self, x: float, y: float, width: float, text: str, size: float = 11) -> float:
        """Set words over as many lines as they need; give the base line below them."""
        for line in wrapped([text], width, size):
            self.text_line(x, y, line, size)
            y -= size * LEADING / POINTS_PER_MM
        return y

    def line(self, x0: float, y0: float, x1: float, y1: float, weight: float = HAIRLINE) -> None:
        """Draw a rule of `weight` points."""
        ends = [edge * POINTS_PER_MM for edge in (x0, y0, x1, y1)]
        place = b"%s %s m %s %s l" % tuple(number(end) for end in ends)
        self._drawn.append(b"%s w %s S" % (number(weight), place))

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw the outline of a box."""
        edges = (x0, y0, x1 - x0, y1 - y0)
        place = array_of(edge * POINTS_PER_MM for edge in edges)[1:-1]
        self._drawn.append(b"%s w %s re S" % (number(HAIRLINE), place))

    @property
    def content(self) -> bytes:
        """The page's content stream."""
        return b"\n".join(self._drawn)


def fitting_size(text: str, width: float, size: float) -> float:
    """Give the size in which a line is no wider than `width`: `size`, or a smaller one."""
    return min(size, width * POINTS_PER_MM * 1000 / max(_part(text, False).width, 1.0))


def wrapped(texts: Iterable[str], width: float, size: float) -> list[str]:
    """Break each of some texts into lines that are no wider than `width`, and words that are wider alone."""

    def fits(words: str) -> bool:
        return _part(words.rstrip(), False).width * size / 1000 <= width * POINTS_PER_MM

    lines: list[str] = []
    for text in texts:
        lines.append("")
        for word in text.split():
            for piece in [f"{word} "] if fits(word) else segments(f"{word} ", "en"):
                if lines[-1] and not fits(lines[-1] + piece):
                    lines.append("")
                lines[-1] += piece
    return [line.rstrip() for line in lines]


def write(out: BinaryIO, pages: Sequence[Page], usage: Usage, title: str) -> None:
    """Write pages of one size into a PDF; `usage` is the one they were made with."""
    pdf = PDFWriter(out)
    for page in pages:
        pdf.page(pdf.stream(page.content))
    fonts_used = usage.write(pdf)
    size = pages[0].sheet
    box = array_of((0, 0, size.width * POINTS_PER_MM, size.height * POINTS_PER_MM))
    pdf.finish(
        b"/Font<<%s>>" % fonts_used,
        b"/MediaBox" + box,
        archival(pdf, title) + b"/ViewerPreferences<</PrintScaling/None>>",
    )


@cache
def _shaper(italic: bool, direction: int = 0) -> Shaper:
    return Shaper(faces.ITALIC if italic else faces.TEXT, "en", rtl=direction == 1)


def _part(text: str, italic: bool) -> Part:
    try:
        return _both_ways(text, italic) if needed(text) else _shaper(italic).part(text)
    except MissingGlyphs as missing:
        shown = ", ".join(missing.characters)
        raise PageError(f"no font of the cards draws {shown} in “{text}”; write it otherwise") from None


def _both_ways(text: str, italic: bool) -> Part:
    """Shape a line in which something runs from right to left, such as an address in Persian."""
    runs = [
        (level, "".join(c for _, c in run))
        for level, run in groupby(
            zip(levels(text, base_level(text)), text, strict=True), key=lambda pair: pair[0]
        )
    ]
    shaped = [_shaper(italic, level % 2).part(run) for level, run in runs]
    parts = [shaped[k] for k in visual_order([level for level, _ in runs])]
    return Part(
        sum([part.width for part in parts]),
        b"".join([part.body for part in parts]),
        b"".join([part.glyphs for part in parts]),
        max([part.pitch for part in parts]),
    )
