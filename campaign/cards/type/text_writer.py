"""Glyphs shown in a PDF: the inside of a text array, with the text that they stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from campaign.cards.fonts.faces import EM, Face
from campaign.cards.pdf import escaped, number

# A glyph, the bytes that show it and its width; then its offset to the right, its offset upwards and its
# advance where it stands, in 1/1000 em.
Shown = tuple[int, bytes, int, int, int, int]

_GAP = 50  # an extractor may take a gap this wide for a space
_WIDE = 700  # and the jump over a glyph this wide for a new line
_SPLITTERS = "\u200b\u200c"  # MuPDF takes any gap behind them for a space
_STATED = b")]TJ EMC[("


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

    def glyphs(self, shown: Sequence[Shown]) -> None:
        """Show glyphs, the pen corrected where their places differ from their widths."""
        out, shift, rise = self._out, self._shift, self._rise
        for _, code, width, right, up, advance in shown:
            if up != rise:
                rise = up
                out.append(b")]TJ %s Ts[(" % number(up * self.face.family.scale / EM))
            shift += right
            if shift:
                out.append(b")%d(" % -shift)
            out.append(code)
            shift = advance - right - width
        self._shift, self._rise = shift, rise

    def cluster(self, text: str, spelt: str, shown: Sequence[Shown], follows: str = "") -> None:
        """Show one cluster; its text is stated where its glyphs do not tell it.

        `spelt` is what they tell, one by one. `follows` is the letter behind it, "" where that is not known.
        """
        if spelt == text or (len(shown) == 1 and self.face.ligatures.get(shown[0][0]) == text):
            self.glyphs(shown)
            return
        # What can be read stays outside: MuPDF doubles letters that end both the text and the glyphs.
        end, stated = len(shown), text
        while end > 1 and len(stated) > 1 and spelt[end - 1] == stated[-1]:
            end, stated = end - 1, stated[:-1]
        if len(stated) > end and follows in ("", stated[-1]) and unicodedata.category(stated[-1]) == "Lo":
            self._before_its_like(stated, spelt, shown[:end])
        else:
            self._stated(stated, shown[:end])
        if end < len(shown):
            self.glyphs(shown[end:])

    def _stated(self, text: str, shown: Sequence[Shown]) -> None:
        self._out.append(_statement(text))
        self.glyphs(shown)
        if len(text) > len(shown):
            last = shown[-1][5]
            wide = last > _WIDE
            if wide and unicodedata.category(text[len(shown) - 1]) == "Mn":
                self._blank(last // 2)  # MuPDF gives marks no width: halve the way
            if wide or text[-1] in _SPLITTERS or abs(self._shift) > _GAP:
                self._blank(0)
        elif abs(self._shift) > _GAP:
            self._blank(0)
        self._out.append(_STATED)

    def _before_its_like(self, text: str, spelt: str, shown: Sequence[Shown]) -> None:
        """Show a cluster whose last letter may follow it once more.

        MuPDF gives each glyph a letter, and sets the rest where the next cluster begins; of two letters that
        are the same and at one place it keeps one. So each letter gets a glyph, the last ones a space each.
        Letters that begin both text and glyphs stay outside, for MuPDF counts on from them.
        """
        first = 0
        while first < len(shown) - 1 and spelt[first] == text[first]:
            first += 1
        self.glyphs(shown[:first])
        self._out.append(_statement(text[first:]))
        self.glyphs(shown[first:])
        space = self.face.space
        for _ in range(len(text) - len(shown)):
            self._invisible(space, self.face.widths[space])
        self._out.append(_STATED)

    def _blank(self, back: int) -> None:
        """Show nothing where a stated text ends, or `back` before: extractors measure it by its glyphs."""
        blank, width = self.face.blank
        self._invisible(blank, width + back)

    def _invisible(self, glyph: int, back: int) -> None:
        _, code, width, _ = self.face.signs[glyph]
        self.glyphs([(glyph, code, width, -back, self._rise, 0)])
        self.added.append(glyph)

    def finished(self) -> bytes:
        """Give the bytes, the pen at the end of the last advance and on the base line."""
        if self._rise:
            self._out.append(b")]TJ 0 Ts[(")
        if self._shift:
            self._out.append(b")%d(" % -self._shift)
        return b"".join(self._out)


@lru_cache(maxsize=4096)
def _statement(text: str) -> bytes:
    return b")]TJ/Span<</ActualText(\xfe\xff%s)>>BDC[(" % escaped(text.encode("utf-16-be"))
