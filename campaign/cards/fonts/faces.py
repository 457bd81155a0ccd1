"""The fonts of the cards in memory, and which of them sets which characters."""

from __future__ import annotations

import sys
import unicodedata
from array import array
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from campaign.cards.fonts import combining_marks, to_unicode
from campaign.cards.fonts.families import (
    CJK,
    EMOJI,
    FAMILIES,
    HEARTS,
    ITALIC,
    LAST_WESTERN,
    NASKH,
    NASTALIQ,
    SERIF,
    SERIF_ITALIC,
    SYMBOLS,
    TEXT,
    Family,
    of_script,
)
from campaign.cards.fonts.to_unicode import ZWJ
from campaign.cards.memo import Memo
from campaign.cards.pdf import escaped
from campaign.errors import CandleError

if TYPE_CHECKING:
    import uharfbuzz as hb

FOLDER = Path(__file__).resolve().parent
EM = 1000  # every font is read at 1000 units an em, the unit of PDF's glyph space
GLYPHS_PER_FONT = 1 << 16
EMOJI_STYLE = "\ufe0f"
KEYCAP = "\u20e3"
# What has no ink of its own and need not be in a font: joiners, direction marks, variation selectors, tags.
UNSEEN = combining_marks.characters(
    "\u034f", "\u200b\u200f", "\u2060", "\ufe00\ufe0f", "\U000e0020\U000e007f", "\U000e0100\U000e01ef"
)
PILED_UP = 1.25  # leadings: where lines stand as far apart, most words hold glyphs that are moved
HEART = "\u2764"  # solid like ink: the emoji font hatches it, as heralds do for red


class FontError(CandleError):
    """A font file that is missing or cannot be read."""


Unmoved = tuple[str, bytes, int, bytes]  # a `Sign`, its advance in place of its width
Ink = tuple[int, int, int, int]  # a glyph's left, lower, right and upper edge, in 1/1000 em


class Sign(NamedTuple):
    """What shaping needs of a glyph: its letter, or those of a ligature, the bytes that show it, its width.

    `number` is its number among the glyphs of all fonts, packed.
    """

    letter: str
    code: bytes
    width: int
    number: bytes


class Face:
    """A font file, mapped into memory when it is first used."""

    def __init__(self, family: Family) -> None:
        import uharfbuzz as hb  # with the first font: it takes 3 MB, and a receiver may long see no message

        path = FOLDER / family.file
        try:
            self.face = hb.Face(hb.Blob.from_file_path(str(path)))
        except (hb.HarfBuzzError, OSError) as error:
            raise FontError(
                f"{path}: cannot be read as a font; restore the file from the repository"
            ) from error
        self.family = family
        self.path = path
        self.number = FAMILIES.index(family)
        self.font = hb.Font(self.face)
        self.font.scale = (EM, EM)
        self._new_buffer = hb.Buffer
        self._shape = hb.shape
        self._unnamed = hb.BufferSerializeFlags.NO_CLUSTERS | hb.BufferSerializeFlags.NO_GLYPH_NAMES
        self._hide = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        self.widths = Memo[int, int](self.font.get_glyph_h_advance)
        self.ink = Memo[int, Ink](self._ink)
        self.signs = Memo[int, Sign](self._sign)
        self.unmoved = Memo[str, Unmoved](self._unmoved)
        self.plain = family is NASKH or family.pitch < PILED_UP

    def shaped(self, text: str, direction: str = "", language: str = "") -> hb.Buffer:
        """Shape a text; what is not given of its direction, language and script is guessed from it."""
        buffer = self._new_buffer()
        buffer.add_str(text)
        if direction:
            buffer.direction, buffer.language = direction, language
        buffer.guess_segment_properties()
        if self.family is CJK and not buffer.script:  # a sign alone: its form, too, is its language's
            buffer.set_script_from_ot_tag("hani")
        if not (text.isalpha() or UNSEEN.isdisjoint(text)):
            buffer.flags = self._hide
        self._shape(self.font, buffer)
        return buffer

    def answer(self, buffer: hb.Buffer) -> str:
        """Write what was shaped as `glyph+advance|glyph+advance`; with a glyph that is moved stands an @."""
        return str(buffer.serialize(self.font, flags=self._unnamed))[1:-1]

    def regional(self, text: str, language: str) -> hb.Buffer:
        """Shape Chinese characters one by one, in the forms that a language gives them."""
        buffer = self._new_buffer()
        buffer.add_str(text)
        buffer.direction, buffer.language = "ltr", language
        buffer.set_script_from_ot_tag("hani")
        self._shape(self.font, buffer, {"ccmp": False, "ljmo": False, "kern": False})
        return buffer

    def covers(self, text: str) -> bool:
        """Tell whether the font draws every visible character of `text`, whole or decomposed."""
        return all(self._draws(char) for char in text)

    def _draws(self, char: str) -> bool:
        if self.font.get_nominal_glyph(ord(char)) is not None or char in UNSEEN:
            return True
        parts = unicodedata.normalize("NFD", char)
        form = len(parts) == 1 and unicodedata.category(char) == "Lo"  # of a name's letter: no other will do
        return parts != char and not form and self.covers(parts)

    def spells(self, glyphs: Sequence[int], text: str) -> bool:
        """Tell whether an extractor reads `text` from these glyphs, by ToUnicode alone."""
        if len(glyphs) == len(text):
            return "".join(map(self.letters.__getitem__, glyphs)) == text
        return len(glyphs) == 1 and self.ligatures.get(glyphs[0]) == text

    def _sign(self, glyph: int) -> Sign:
        number = (self.number * GLYPHS_PER_FONT + glyph).to_bytes(4, sys.byteorder)
        letter = self.ligatures.get(glyph) or self.letters[glyph]
        return Sign(letter, escaped(glyph.to_bytes(2, "big")), self.widths[glyph], number)

    def _unmoved(self, answer: str) -> Unmoved:
        """Read `glyph+advance`: where that is not its width, the pen is corrected behind it."""
        glyph, advance = map(int, answer.split("+"))
        letter, code, width, number = self.signs[glyph]
        return letter, code + b")%d(" % (width - advance) if width != advance else code, advance, number

    def _ink(self, glyph: int) -> Ink:
        box = self.font.get_glyph_extents(glyph)
        if not box:
            return (0, 0, 0, 0)
        return box.x_bearing, box.y_bearing + box.height, box.x_bearing + box.width, box.y_bearing

    @cached_property
    def space(self) -> int:
        """The glyph of the word space."""
        return int(self.font.get_nominal_glyph(0x20) or 0)

    @cached_property
    def blank(self) -> tuple[int, int]:
        """A glyph without ink and its width, which is nothing where the font has such a one."""
        joiner = self.font.get_nominal_glyph(ord(ZWJ))
        if joiner and not self.widths[joiner] and not self.font.get_glyph_extents(joiner).width:
            return int(joiner), 0
        return self.space, self.widths[self.space]

    @cached_property
    def to_unicode(self) -> array[int]:
        """The one character that each glyph stands for, 0 where there is none; by glyph id."""
        return to_unicode.code_points(self)

    @cached_property
    def letters(self) -> str:
        """The same as text, NUL where there is none."""
        return self.to_unicode.tobytes().decode("utf-32")

    @cached_property
    def ligatures(self) -> dict[int, str]:
        """The letters that a ligature's glyph stands for."""
        return to_unicode.ligatures(self)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the font file, for the manifest."""
        with self.path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()


@cache
def face(family: Family) -> Face:
    """Open a font, once.

    Raises:
        FontError: the file is missing or damaged.
    """
    return Face(family)


@lru_cache(maxsize=4096)
def choose(cluster: str, base: Family, before: Family) -> Face | None:
    """Find the font for one grapheme cluster; None where no font draws all of it, each mark in its place.

    `base` is the message's main font, `before` that of the cluster in front: figures and punctuation stay
    with them.
    """
    if combining_marks.is_mark(cluster[0]):
        return None  # it has no letter to stand on
    able = (face(f) for f in _chain(cluster, base, before))
    return next((f for f in able if f.covers(cluster) and combining_marks.placed(f, cluster)), None)


def _chain(cluster: str, base: Family, before: Family) -> list[Family]:
    point = ord(cluster[0])
    latin = [ITALIC, SERIF_ITALIC] if base is ITALIC else [TEXT, SERIF]
    if cluster.removesuffix(EMOJI_STYLE) == HEART:
        return [HEARTS]
    if KEYCAP in cluster or (not cluster[0].isalpha() and (EMOJI_STYLE in cluster or ZWJ in cluster)):
        return [EMOJI]
    if western(cluster[0], base):
        return latin
    its = of_script(point)
    own = [] if its is None else [base] if its is NASKH and base is NASTALIQ else [its]
    near = [] if cluster[0].isalpha() else [family for family in (base, before) if family is not EMOJI]
    return [*own, *near, *latin, EMOJI, SYMBOLS, CJK]


def western(char: str, base: Family) -> bool:
    """Tell of a letter, and beside Arabic of a figure: its fonts have those large and without serifs."""
    return ord(char) <= LAST_WESTERN and (char.isalpha() or (base in (NASKH, NASTALIQ) and char.isdecimal()))
