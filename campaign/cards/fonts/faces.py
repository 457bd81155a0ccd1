"""The fonts of the cards in memory, and which of them sets which characters."""

from __future__ import annotations

import sys
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from hashlib import file_digest
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

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
    usual,
)
from campaign.cards.fonts.to_unicode import ZWJ
from campaign.cards.memo import Memo
from campaign.cards.pdf import escaped
from campaign.errors import CandleError

FOLDER = Path(__file__).resolve().parent
EM = 1000  # every font is read at 1000 units an em, the unit of PDF's glyph space
GLYPHS_PER_FONT = 1 << 16
EMOJI_STYLE = "\ufe0f"
KEYCAP = "\u20e3"
# What has no ink of its own and need not be in a font: joiners, direction marks, variation selectors, tags.
UNSEEN = combining_marks.characters(
    "\u034f", "\u200b\u200f", "\u2060", "\ufe00\ufe0f", "\U000e0020\U000e007f", "\U000e0100\U000e01ef"
)
HEART = "\u2764"  # solid like ink: the emoji font hatches it, as heralds do for red
MOST_MARKS = 2  # in a row: of three some leave the card's safe zone, which only setting them tells
_MOST_FIRST = 128  # characters: an alphabet
_MOST_WORDS = 500  # kept for each font, none longer than words are
_MOST_TEXT_WORDS = 5_000  # for that of Latin, Cyrillic and Greek, which are fifteen languages' and more
_LONG = 30
_SYMBOLS_BEGIN = 0x3000  # above lie scripts, below punctuation that texts of every script use


class FontError(CandleError):
    """A font file that is missing or cannot be read."""


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
        self.widths = Memo[int, int](self.font.get_glyph_h_advance)
        self.ink = Memo[int, Ink](self._ink)
        self.signs = Memo[int, Sign](self._sign)

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
    western = [ITALIC, SERIF_ITALIC] if base is ITALIC else [TEXT, SERIF]
    if cluster.removesuffix(EMOJI_STYLE) == HEART:
        return [HEARTS]
    if KEYCAP in cluster or (not cluster[0].isalpha() and (EMOJI_STYLE in cluster or ZWJ in cluster)):
        return [EMOJI]
    if _western(cluster[0], base):
        return western
    its = of_script(point)
    own = [] if its is None else [base] if its is NASKH and base is NASTALIQ else [its]
    near = [] if cluster[0].isalpha() else [family for family in (base, before) if family is not EMOJI]
    return [*own, *near, *western, EMOJI, SYMBOLS, CJK]


def main_family(text: str, language: str) -> tuple[Family, bool]:
    """Choose the font of most letters of `text`; tell whether it draws all of it."""
    likely = usual(language)
    if (pure := own(likely).all_of(text)) or own(likely).letters_of(text):  # all but emoji, signs, marks
        return likely, pure
    counts = Counter(filter(None, map(_family_of, text)))
    family = max(counts, key=lambda one: (counts[one], one is TEXT), default=TEXT)
    if family is NASKH and likely is NASTALIQ:
        family = NASTALIQ
    return family, own(family).all_of(text)


@lru_cache(maxsize=4096)
def _family_of(char: str) -> Family | None:
    if not char.isalpha():
        return None
    return TEXT if ord(char) <= LAST_WESTERN else of_script(ord(char)) or TEXT


class Own:
    """The characters that a text in a font takes from no other, each looked at once when it is first met."""

    def __init__(self, base: Family) -> None:
        self._base = base
        self._draws = face(base).font.get_nominal_glyph
        self._known = {"\n"}
        self._first = "\n"  # of these: they are stripped off a text in a quarter of the time to look each up
        self._marks: set[str] = set()
        self._words: set[str] = set()  # of these alone: of most texts few words are new
        self._most_words = _MOST_TEXT_WORDS if base is TEXT else _MOST_WORDS

    def all_of(self, text: str) -> bool:
        """Tell whether a text is of these alone, and no mark of it is without a letter to stand on."""
        if text in self._words:
            return True
        new = set(text.split(" ")) - self._words
        rest = "".join(new).lstrip(self._first)
        if rest and [char for char in set(rest) - self._known if not self._learn(char)]:
            return False
        if self._marks and any(part[0] in self._marks for word in new for part in word.split()):
            return False
        if len(self._words) > self._most_words:
            self._words.clear()
        self._words.update([word for word in new if len(word) < _LONG])
        return True

    def letters_of(self, text: str) -> bool:
        """Tell whether a text that was looked at has letters, and all of them are of these."""
        strange = set(text.lstrip(self._first)) - self._known
        return not any(map(str.isalpha, strange)) and any(map(str.isalpha, text))

    def piles_up(self, text: str) -> bool:
        """Tell whether more marks stand in a row than real words of most scripts have; `text` is of these."""
        if self._marks.isdisjoint(text):
            return False
        rows = groupby(text, self._marks.__contains__)
        return any(marked and len(list(row)) > MOST_MARKS for marked, row in rows)

    def _learn(self, char: str) -> bool:
        if not self._is_own(ord(char)):
            return False
        if combining_marks.is_mark(char):
            self._marks.add(char)
        self._known.add(char)
        if len(self._first) < _MOST_FIRST:
            self._first += char
        return True

    def _is_own(self, point: int) -> bool:
        """Tell it of one character; one that needs a closer look is none of them."""
        if self._base is CJK:
            drawn = point < _SYMBOLS_BEGIN and self._draws(point) and not _western(chr(point), CJK)
            return of_script(point) is CJK or (drawn and _plain(point))
        western = self._base in (TEXT, ITALIC) or not _western(chr(point), self._base)
        return western and bool(self._draws(point)) and _plain(point)


@cache
def own(base: Family) -> Own:
    """Give the characters that a text in `base` takes from no other font."""
    return Own(base)


def _western(char: str, base: Family) -> bool:
    """Tell of a letter, and beside Arabic of a figure: its fonts have those large and without serifs."""
    return ord(char) <= LAST_WESTERN and (char.isalpha() or (base in (NASKH, NASTALIQ) and char.isdecimal()))


def _plain(point: int) -> bool:
    char = chr(point)
    looked_at = (
        unicodedata.category(char) in ("Cf", "Zs", "Cc") or char in UNSEEN or char in combining_marks.COMMON
    )
    return char == " " or not looked_at
