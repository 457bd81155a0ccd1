"""The cards' font files: how large each is set, and which characters and languages it is for."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter

from campaign.cards.pdf import number


@dataclass(frozen=True, eq=False)
class Family:
    """One font file.

    `key` names it in a PDF, `scale` sets it beside the body size so that all scripts look equally large,
    `pitch` is the distance of its lines in leadings, `blocks` are the code points it is asked for, `rtl`
    tells that its script runs from right to left.
    """

    key: str
    file: str
    scale: float = 1.0
    pitch: float = 1.0
    blocks: tuple[tuple[int, int], ...] = ()
    rtl: bool = False

    @cached_property
    def chosen(self) -> bytes:
        """The operator that sets in this font."""
        return b"/%s %s Tf" % (self.key.encode(), number(self.scale))


TEXT = Family("T", "Alegreya-Regular.ttf")
ITALIC = Family("I", "Alegreya-Italic.ttf")
SERIF = Family("S", "NotoSerif-Regular.ttf", 0.86)
SERIF_ITALIC = Family("J", "NotoSerif-Italic.ttf", 0.86)
EMOJI = Family("E", "NotoEmoji-Regular.ttf", 0.86)
SYMBOLS = Family("Y", "NotoSansSymbols2-Regular.ttf", 0.86)
HEARTS = Family("X", SYMBOLS.file, 1.07)  # as wide as those of the emoji
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
# Of names such as 𠮷野, and of Cantonese: 𡃁仔. A font of its own: the other keeps the numbers of its glyphs.
RARE = Family("c", "NotoSerifCJK-Rare.otf", CJK.scale, CJK.pitch, ((0x20000, 0x2FFFF),))
ARABIC_BLOCKS = ((0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
NASKH = Family("A", "NotoNaskhArabic-Regular.ttf", 1.0, 1.25, ARABIC_BLOCKS, rtl=True)
NASTALIQ = Family("U", "NotoNastaliqUrdu-Regular.ttf", 0.9, 1.75, ARABIC_BLOCKS, rtl=True)
SCRIPTS = (
    Family("a", "NotoSerifArmenian-Regular.ttf", 0.88, 1.0, ((0x530, 0x58F), (0xFB13, 0xFB17))),
    Family("h", "NotoSerifHebrew-Regular.ttf", 0.95, 1.1, ((0x590, 0x5FF), (0xFB1D, 0xFB4F)), rtl=True),
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
    Family("n", "NotoSansOriya-Regular.ttf", 0.86, 1.25, ((0xB00, 0xB7F),)),
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
    RARE,
)
FAMILIES = (TEXT, ITALIC, SERIF, SERIF_ITALIC, EMOJI, SYMBOLS, HEARTS, NASKH, NASTALIQ, *SCRIPTS)
BY_KEY = {family.key.encode(): family for family in FAMILIES}  # as a PDF names them
_BLOCKS = sorted(
    ((low, high, family) for family in (NASKH, *SCRIPTS) for low, high in family.blocks), key=itemgetter(0)
)
_STARTS = [low for low, _, _ in _BLOCKS]
LAST_WESTERN = 0x52F  # Latin, Greek and Cyrillic lie below the Armenian block
# The languages that are nearly always written in a font's script.
_LANGUAGES = {
    "U": "ur ks pnb skr",
    "A": "ar fa ps ckb",
    "C": "zh ja ko",
    "a": "hy",
    "b": "bn as",
    "d": "hi mr ne",
    "e": "am ti",
    "h": "he yi",
    "i": "th",
    "n": "or",
    "q": "km",
    "r": "ka",
    "t": "ta",
}


def of_script(point: int) -> Family | None:
    """Find the font in whose blocks a code point lies: of Arabic Naskh. No two fonts share a block."""
    at = bisect_right(_STARTS, point) - 1
    _, high, family = _BLOCKS[at]
    return family if at >= 0 and point <= high else None


@cache
def usual(language: str) -> Family:
    """Guess the font of a language: nothing is lost where a text is written in another script."""
    code = language.split("-")[0]
    key = next((key for key, codes in _LANGUAGES.items() if code in codes.split()), TEXT.key)
    return BY_KEY[key.encode()]
