"""Glyphs shown in a PDF: the inside of a text array, with the text that they stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from campaign.cards.fonts import EM, Face
from campaign.cards.pdf import number

# A glyph's offset to the right, offset upwards and advance, in 1/1000 em; the last is for vertical lines.
Place = tuple[int, int, int, int]

_GAP = 50  # an extractor may take a gap this wide for a space
_WIDE = 700  # and the jump over a glyph this wide for a new line


class TextWriter:
    """Collects the inside of a text array, beginning and ending in an open string.

    `added` are glyphs without ink that were needed.
    """

    def __init__(self, face: Face) -> None:
        self.face = face
        self.added: list[int] = []
        self._out: list[bytes] = []
        self._shift = 0  # what the pen must move right before the next glyph
        self._rise = 0

    def glyphs(self, glyphs: Sequence[int], places: Sequence[Place]) -> None:
        """Show glyphs, the pen corrected where their places differ from their widths."""
        codes, widths, out = self.face.codes, self.face.widths, self._out
        shift, rise = self._shift, self._rise
        for glyph, (right, up, advance, _) in zip(glyphs, places, strict=True):
            if up != rise:
                rise = up
                out.append(b")]TJ %s Ts[(" % number(up * self.face.family.scale / EM))
            shift += right
            if shift:
                out.append(b")%d(" % -shift)
            out.append(codes[glyph])
            shift = advance - right - widths[glyph]
        self._shift, self._rise = shift, rise

    def cluster(self, text: str, glyphs: list[int], places: list[Place]) -> None:
        """Show one cluster; its text is stated where its glyphs do not tell it."""
        spells = self.face.spells
        if spells(glyphs, text):
            self.glyphs(glyphs, places)
            return
        # What can be read stays outside: MuPDF doubles letters that end both the text and the glyphs.
        end, stated = len(glyphs), text
        while end > 1 and len(stated) > 1 and spells(glyphs[end - 1 : end], stated[-1]):
            end, stated = end - 1, stated[:-1]
        self._out.append(_statement(stated))
        self.glyphs(glyphs[:end], places[:end])
        wide = len(stated) > end and places[end - 1][2] > _WIDE
        if (
            wide and unicodedata.category(stated[end - 1]) == "Mn"
        ):  # MuPDF gives marks no width: halve the way
            self._blank(places[end - 1][2] // 2)
        if wide or abs(self._shift) > _GAP:
            self._blank(0)
        self._out.append(b")]TJ EMC[(")
        if end < len(glyphs):
            self.glyphs(glyphs[end:], places[end:])

    def _blank(self, back: int) -> None:
        """Show nothing where a stated text ends, or `back` before: extractors measure it by its glyphs."""
        blank, width = self.face.blank
        self.glyphs([blank], [(-width - back, self._rise, 0, 0)])
        self.added.append(blank)

    def finished(self) -> bytes:
        """Give the bytes, the pen at the end of the last advance and on the base line."""
        if self._rise:
            self._out.append(b")]TJ 0 Ts[(")
        if self._shift:
            self._out.append(b")%d(" % -self._shift)
        return b"".join(self._out)


def _statement(text: str) -> bytes:
    return b")]TJ/Span<</ActualText<FEFF%s>>>BDC[(" % text.encode("utf-16-be").hex().upper().encode()
