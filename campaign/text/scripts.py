"""Which script a character belongs to, read from its Unicode name."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# First words of names that name a style or a use, not a script.
NO_SCRIPT = _names(
    "COMBINING MODIFIER FEMININE MASCULINE MICRO OHM KELVIN ANGSTROM PLANCK EULER TURNED VERTICAL "
    "SUPERSCRIPT SUBSCRIPT CARON INFORMATION ALEF BET GIMEL DALET VARIATION ZERO IDEOGRAPHIC"
)
ALIASES = {
    "KATAKANA-HIRAGANA": "KATAKANA",
    "HALFWIDTH": "KATAKANA",
    "FULLWIDTH": "LATIN",
    "VEDIC": "DEVANAGARI",
}

# Scripts that need joiners to choose a shape (Arabic's and Indic's, and those shaped like them).
JOINING = _names(
    "ARABIC SYRIAC NKO MANDAIC MANICHAEAN MONGOLIAN PHAGS-PA ADLAM HANIFI CHORASMIAN SOGDIAN PSALTER "
    "DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU KANNADA MALAYALAM SINHALA TIBETAN "
    "MYANMAR KHMER BALINESE JAVANESE SUNDANESE BATAK BRAHMI KAITHI CHAKMA SHARADA KHOJKI KHUDAWADI GRANTHA "
    "NEWA TIRHUTA SIDDHAM MODI TAKRI AHOM DOGRA SYLOTI SAURASHTRA MEETEI LIMBU CHAM LEPCHA MULTANI "
    "NANDINAGARI BHAIKSUKI MASARAM GUNJALA TAI TAGALOG HANUNOO BUHID TAGBANWA KHAROSHTHI REJANG BUGINESE"
)

# Scripts without spaces between words, where U+200B says where a line may break.
UNSPACED = _names(
    "THAI LAO KHMER MYANMAR JAVANESE BALINESE TIBETAN TAI NEW CHAM SUNDANESE BATAK BUGINESE MAKASAR REJANG "
    "AHOM LEPCHA KAYAH CJK HIRAGANA KATAKANA"
)

ALONGSIDE = UNSPACED | {"", "HANGUL", "HENTAIGANA", "BOPOMOFO"}


@lru_cache(maxsize=8192)
def script(character: str) -> str:
    """Name the script (`LATIN`, `CYRILLIC`, `CJK` …) of a letter, mark, digit or sign; "" when it has none.

    Unicode's names begin with the script's name, and Python holds the names but not the property.
    """
    kind = unicodedata.category(character)[0]
    first = unicodedata.name(character, "").split(" ")[0]
    if kind in "LM":
        return "" if first in NO_SCRIPT else ALIASES.get(first, first)
    return first if kind in "NP" and first in JOINING | UNSPACED else ""


@lru_cache(maxsize=8192)
def is_right_to_left(character: str) -> bool:
    """Tell whether a character is a letter that is written from the right."""
    return unicodedata.category(character)[0] == "L" and unicodedata.bidirectional(character) in {"R", "AL"}


def mixed(word: str) -> bool:
    """Tell whether a word takes its letters from scripts that no language writes together.

    Without spaces between words, or with Korean particles, a foreign name stands in the middle of a "word".
    """
    return len({script(letter) for letter in word} - ALONGSIDE) > 1
