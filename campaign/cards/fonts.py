"""The fonts of the cards: which font sets which characters, and what each of its glyphs means."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from campaign.cards.pdf import escaped
from campaign.errors import CandleError

FOLDER = Path(__file__).resolve().parent / "fonts"
EM = 1000  # every font is read at 1000 units an em, the unit of PDF's glyph space
ZWJ = "\u200d"
EMOJI_STYLE = "\ufe0f"
KEYCAP = "\u20e3"
# Letters whose pairs and triples fonts draw as one glyph; an extractor must get the letters back.
LIGATURES = ("ff", "fi", "fl", "fj", "fb", "fh", "fk", "ft", "ffi", "ffl", "ffj", "ffb", "ffh", "ffk", "tt")
CJK_LANGUAGES = ("zh-Hans", "ja", "ko", "zh-Hant", "zh-HK")


class FontError(CandleError):
    """A font file that is missing or cannot be read."""


@dataclass(frozen=True, eq=False)
class Family:
    """One font file.

    `key` names it in a PDF, `scale` sets it beside the body size so that all scripts look equally large,
    `pitch` is the distance of its lines in leadings, `blocks` are the code points it is asked for.
    """

    key: str
    file: str
    scale: float = 1.0
    pitch: float = 1.0
    blocks: tuple[tuple[int, int], ...] = ()


TEXT = Family("T", "Alegreya-Regular.ttf")
ITALIC = Family("I", "Alegreya-Italic.ttf")
SERIF = Family("S", "NotoSerif-Regular.ttf", 0.86)
SERIF_ITALIC = Family("J", "NotoSerif-Italic.ttf", 0.86)
EMOJI = Family("E", "NotoEmoji-Regular.ttf", 0.86)
SYMBOLS = Family("Y", "NotoSansSymbols2-Regular.ttf", 0.86)
CJK = Family(
    "C",
    "NotoSerifCJK-Regular.otf",
    0.92,
    1.15,
    (
        (0x1100, 0x11FF),
        (0x2E80, 0x9FFF),
        (0xA960, 0xA97F),
        (0xAC00, 0xD7FF),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE4F),
        (0xFF00, 0xFFEF),
    ),
)
ARABIC_BLOCKS = ((0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
NASKH = Family("A", "NotoNaskhArabic-Regular.ttf", 1.0, 1.25, ARABIC_BLOCKS)
NASTALIQ = Family("U", "NotoNastaliqUrdu-Regular.ttf", 0.9, 1.75, ARABIC_BLOCKS)
SCRIPTS = (
    Family("a", "NotoSerifArmenian-Regular.ttf", 0.88, 1.0, ((0x530, 0x58F), (0xFB13, 0xFB17))),
    Family("h", "NotoSerifHebrew-Regular.ttf", 0.95, 1.1, ((0x590, 0x5FF), (0xFB1D, 0xFB4F))),
    Family(
        "d",
        "NotoSerifDevanagari-Regular.ttf",
        0.92,
        1.25,
        ((0x900, 0x97F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF)),
    ),
    Family("b", "NotoSerifBengali-Regular.ttf", 0.92, 1.25, ((0x980, 0x9FF),)),
    Family("p", "NotoSerifGurmukhi-Regular.ttf", 0.92, 1.25, ((0xA00, 0xA7F),)),
    Family("g", "NotoSerifGujarati-Regular.ttf", 0.92, 1.25, ((0xA80, 0xAFF),)),
    Family("t", "NotoSerifTamil-Regular.ttf", 0.86, 1.25, ((0xB80, 0xBFF),)),
    Family("l", "NotoSerifTelugu-Regular.ttf", 0.88, 1.35, ((0xC00, 0xC7F),)),
    Family("k", "NotoSerifKannada-Regular.ttf", 0.88, 1.35, ((0xC80, 0xCFF),)),
    Family("m", "NotoSerifMalayalam-Regular.ttf", 0.88, 1.25, ((0xD00, 0xD7F),)),
    Family("s", "NotoSerifSinhala-Regular.ttf", 0.88, 1.25, ((0xD80, 0xDFF),)),
    Family("i", "NotoSerifThai-Regular.ttf", 0.92, 1.3, ((0xE00, 0xE7F),)),
    Family("o", "NotoSerifLao-Regular.ttf", 0.92, 1.3, ((0xE80, 0xEFF),)),
    Family("w", "NotoSerifTibetan-Regular.ttf", 0.92, 1.6, ((0xF00, 0xFFF),)),
    Family(
        "y", "NotoSerifMyanmar-Regular.ttf", 0.82, 1.6, ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))
    ),
    Family(
        "r",
        "NotoSerifGeorgian-Regular.ttf",
        0.88,
        1.0,
        ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    ),
    Family(
        "e",
        "NotoSerifEthiopic-Regular.ttf",
        0.86,
        1.15,
        ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)),
    ),
    Family("q", "NotoSerifKhmer-Light.ttf", 0.88, 1.5, ((0x1780, 0x17FF), (0x19E0, 0x19FF))),
    CJK,
)
FAMILIES = (TEXT, ITALIC, SERIF, SERIF_ITALIC, EMOJI, SYMBOLS, NASKH, NASTALIQ, *SCRIPTS)
NASTALIQ_LANGUAGES = ("ur", "ks", "pnb", "skr")
LAST_WESTERN = 0x52F  # Latin, Greek and Cyrillic lie below the Armenian block


class Face:
    """A font file in memory, mapped when it is first used."""

    def __init__(self, family: Family) -> None:
        path = FOLDER / family.file
        try:
            self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        except (hb.HarfBuzzError, OSError) as error:
            raise FontError(
                f"{path}: cannot be read as a font; restore the file from the repository"
            ) from error
        self.family = family
        self.path = path
        self.number = FAMILIES.index(family)
        self.font = hb.Font(self._face)
        self.font.scale = (EM, EM)

    @property
    def face(self) -> hb.Face:
        """The face as HarfBuzz knows it, for subsetting."""
        return self._face

    def covers(self, text: str) -> bool:
        """Tell whether the font draws every visible character of `text`, whole or decomposed."""
        return all(self._draws(char) for char in text)

    def _draws(self, char: str) -> bool:
        if self.font.get_nominal_glyph(ord(char)) is not None or ignorable(char):
            return True
        parts = unicodedata.normalize("NFD", char)
        return parts != char and self.covers(parts)

    def width(self, glyph: int) -> int:
        """Give the advance of a glyph by itself, in 1/1000 em."""
        return self.widths[glyph]

    @cached_property
    def widths(self) -> Mapping[int, int]:
        """The advance of each glyph by itself, in 1/1000 em."""
        return _Remembered(lambda glyph: int(self.font.get_glyph_h_advance(glyph)))

    @cached_property
    def codes(self) -> Mapping[int, bytes]:
        """The two bytes of each glyph inside a PDF string."""
        return _Remembered(lambda glyph: escaped(glyph.to_bytes(2, "big")))

    def spells(self, glyphs: Sequence[int], text: str) -> bool:
        """Tell whether an extractor reads `text` from these glyphs, by their meanings alone."""
        if len(glyphs) == len(text):
            meanings = self.meanings
            return [meanings[glyph] for glyph in glyphs] == list(map(ord, text))
        return len(glyphs) == 1 and self.ligatures.get(glyphs[0]) == text

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
    def meanings(self) -> array[int]:
        """The one character that each glyph stands for, 0 where there is none; by glyph id.

        The character map read backwards, then joined and regional forms. It depends on the font alone, so
        the same batch gives the same bytes whatever was set before it. Marks stand for nothing by themselves:
        an extractor that meets one away from its letter would put it on a line of its own.
        """
        found = array("I", bytes(4 * self._face.glyph_count))
        points = sorted(self._face.unicodes, reverse=True)
        for point in points:
            glyph = self.font.get_nominal_glyph(point)
            if glyph and not (found[glyph] and unicodedata.normalize("NFKC", chr(point)) != chr(point)):
                found[glyph] = point
        for glyph, point in self._forms(points):
            if not found[glyph]:
                found[glyph] = point
        for glyph, point in enumerate(found):
            if point and unicodedata.category(chr(point)) == "Mn":
                found[glyph] = 0
        return found

    def _forms(self, points: list[int]) -> list[tuple[int, int]]:
        """List the glyphs that letters take in company or by language."""
        if self.family is CJK:
            text = "".join(map(chr, points))
            return [pair for language in CJK_LANGUAGES for pair in self._regional(text, language)]
        if self.family not in (NASKH, NASTALIQ):
            return []
        letters = [
            point for point in points if unicodedata.bidirectional(chr(point)) == "AL" and point < 0xFB50
        ]
        return [pair for letter in sorted(letters) for pair in self._joined(letter)]

    def _regional(self, text: str, language: str) -> list[tuple[int, int]]:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.language = "ltr", language
        buffer.set_script_from_ot_tag("hani")
        hb.shape(self.font, buffer, {"ccmp": False, "ljmo": False, "kern": False})
        return [(info.codepoint, ord(text[info.cluster])) for info in buffer.glyph_infos]

    def _joined(self, letter: int) -> list[tuple[int, int]]:
        found = []
        for before, after in (("", ""), (ZWJ, ""), ("", ZWJ), (ZWJ, ZWJ)):
            buffer = hb.Buffer()
            buffer.add_str(before + chr(letter) + after)
            buffer.guess_segment_properties()
            buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
            hb.shape(self.font, buffer)
            if len(buffer.glyph_infos) == 1:
                found.append((buffer.glyph_infos[0].codepoint, letter))
        return found

    @cached_property
    def ligatures(self) -> dict[int, str]:
        """The letters that a ligature's glyph stands for."""
        found = {}
        for letters in LIGATURES if self.covers("f") else ():
            buffer = hb.Buffer()
            buffer.add_str(letters)
            buffer.guess_segment_properties()
            hb.shape(self.font, buffer)
            if len(buffer.glyph_infos) == 1:
                found[buffer.glyph_infos[0].codepoint] = letters
        return found

    def digest(self) -> str:
        """Give the SHA-256 of the font file, for the manifest."""
        return sha256(self.path.read_bytes()).hexdigest()


@cache
def face(family: Family) -> Face:
    """Open a font, once.

    Raises:
        FontError: the file is missing or damaged.
    """
    return Face(family)


def ignorable(char: str) -> bool:
    """Tell whether a character has no ink of its own and need not be in a font."""
    return (
        char in "\u034f\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f"
        or "\U000e0020" <= char <= "\U000e007f"
    )


@lru_cache(maxsize=4096)
def choose(cluster: str, base: Family, before: Family) -> Face | None:
    """Find the font for one grapheme cluster; None where no font draws all of it.

    `base` is the message's main font, `before` that of the cluster in front: figures and punctuation stay
    with them.
    """
    return next(
        (face(family) for family in _chain(cluster, base, before) if face(family).covers(cluster)),
        None,
    )


def _chain(cluster: str, base: Family, before: Family) -> list[Family]:
    point = ord(cluster[0])
    western = [ITALIC, SERIF_ITALIC] if base is ITALIC else [TEXT, SERIF]
    if EMOJI_STYLE in cluster or KEYCAP in cluster or (ZWJ in cluster and not cluster[0].isalpha()):
        return [EMOJI]
    if cluster[0].isalpha() and point <= LAST_WESTERN:
        return western
    own = [family for family in SCRIPTS if any(low <= point <= high for low, high in family.blocks)]
    if any(low <= point <= high for low, high in ARABIC_BLOCKS):
        own = [base] if base in (NASKH, NASTALIQ) else [NASKH]
    near = [] if cluster[0].isalpha() else [family for family in (base, before) if family is not EMOJI]
    return [*own, *near, *western, EMOJI, SYMBOLS, CJK]


def main_family(text: str, language: str) -> Family:
    """Choose the font of most letters of `text`."""
    arabic = NASTALIQ if language.split("-")[0] in NASTALIQ_LANGUAGES else NASKH
    counts = Counter(map(_family_of, text))
    del counts[None]
    family = max(counts, key=lambda found: (counts[found], found is TEXT), default=TEXT) or TEXT
    return arabic if family is NASKH else family


@lru_cache(maxsize=4096)
def _family_of(char: str) -> Family | None:
    if not char.isalpha():
        return None
    point = ord(char)
    families = () if point <= LAST_WESTERN else (NASKH, *SCRIPTS)
    return next((f for f in families if any(low <= point <= high for low, high in f.blocks)), TEXT)


@cache
def foreign(base: Family) -> re.Pattern[str]:
    """Match any character that a text in `base` takes from another font, or that needs a closer look."""
    points = [p for p in face(base).face.unicodes if base in (TEXT, ITALIC) or not _western(p)]
    ranges = _ranges(sorted(point for point in points if _plain(point)))
    return re.compile("[^" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "]")


def _western(point: int) -> bool:
    return point <= LAST_WESTERN and chr(point).isalpha()


def _plain(point: int) -> bool:
    char = chr(point)
    return (unicodedata.category(char) not in ("Cf", "Zs", "Cc") and not ignorable(char)) or char == " "


def _ranges(points: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


class _Remembered(dict[int, Any]):
    """Values worked out when they are first asked for."""

    def __init__(self, work: Callable[[int], Any]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, key: int) -> Any:
        value = self[key] = self._work(key)
        return value
