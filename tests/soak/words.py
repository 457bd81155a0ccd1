"""Names and texts as people send them, and as nobody does: CLDR's languages, emoji, marks, selectors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel import Locale
from babel.localedata import locale_identifiers

from tests.text.test_work import UNITS

EMOJI = Path("/usr/share/unicode/emoji/emoji-test.txt")
MARKS = [chr(point) for point in (*range(0x300, 0x34F), 0x35C, 0x5B7, 0x651, 0x93C, 0xE48, 0x20E3, 0x3099)]
SELECTORS = ["\ufe00", "\ufe0e", "\ufe0f", "\U000e0100", "\U000e0101", "\u180b", "\u034f", "\u200d", "\u200c"]
SIGNS = [*" \n.,!?-…—'\"«»“”()[]/:;·", " ", "\n\n", "\u00a0", "\u2011", "\u00ad", "\u200b"]


def sent(number: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield so many texts, each with a first name."""
    chance = random.Random(seed)
    for _ in range(number):
        words = chance.choice(_vocabularies())
        odd = chance.choice((0, 0, 0.05, 0.3))
        length = chance.choice((1, 3, 8, 20, 45, 90))
        text = "".join(_piece(chance, words, odd) for _ in range(chance.randint(1, length)))
        name = "".join(_piece(chance, words, odd) for _ in range(chance.choice((1, 1, 1, 2, 3))))
        yield text, name.replace("\n", " ")


def _piece(chance: random.Random, words: tuple[str, ...], odd: float) -> str:
    if chance.random() < odd:
        return chance.choice(chance.choice((UNITS, MARKS, SELECTORS, SIGNS, _emoji())))
    word = chance.choice(words)
    if chance.random() < odd:
        at = chance.randint(0, len(word))
        word = word[:at] + chance.choice(chance.choice((MARKS, SELECTORS))) + word[at:]
    return word + chance.choice((" ", " ", " ", *SIGNS))


@cache
def _vocabularies() -> list[tuple[str, ...]]:
    """Give the words of each language for lands, languages, months and days: one entry a language."""
    codes = sorted({name.split("_")[0] for name in locale_identifiers()})
    return [tuple(words) for code in codes if (words := _words(code))]


def _words(code: str) -> list[str]:
    locale = Locale(code)
    found = {*locale.territories.values(), *locale.languages.values()}
    found |= {word for width in locale.months["format"].values() for word in width.values()}
    return sorted(word for word in found if not word.isascii() or code in ("en", "sw", "id", "nl"))


@cache
def _emoji() -> list[str]:
    """Give the emoji of Unicode's own list, or a few where it is not there."""
    if not EMOJI.exists():
        return ["👍🏽", "❤️", "🇵🇱", "👩‍👩‍👧", "1️⃣", "🕯️"]
    rows = (line.split(";")[0].split() for line in EMOJI.read_text().splitlines() if line[:1].isalnum())
    return ["".join(chr(int(point, 16)) for point in row) for row in rows]
