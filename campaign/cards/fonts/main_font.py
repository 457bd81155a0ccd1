"""The main font of a text, and which characters a text in it takes from no other font."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache, lru_cache
from itertools import filterfalse, groupby

from campaign.cards.fonts import combining_marks
from campaign.cards.fonts.faces import UNSEEN, face, western
from campaign.cards.fonts.families import (
    CJK,
    ITALIC,
    LAST_WESTERN,
    NASKH,
    NASTALIQ,
    RARE,
    TEXT,
    Family,
    of_script,
    usual,
)

MOST_MARKS = 2  # in a row: of three some leave the card's safe zone, which only setting them tells
_MOST_FIRST = 128  # characters: an alphabet
_MOST_WORDS = 500  # kept for each font, none longer than words are
_MOST_TEXT_WORDS = 5_000  # for that of Latin, Cyrillic and Greek, which are fifteen languages' and more
_LONG = 30
_SYMBOLS_BEGIN = 0x3000  # above lie scripts, below punctuation that texts of every script use


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
    family = TEXT if ord(char) <= LAST_WESTERN else of_script(ord(char)) or TEXT
    return CJK if family is RARE else family  # which has spaces and signs


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
        new = list(filterfalse(self._words.__contains__, text.split(" ")))
        rest = "".join(new).lstrip(self._first)
        if not self._known.issuperset(rest) and not all([*map(self._learn, set(rest) - self._known)]):
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
            drawn = point < _SYMBOLS_BEGIN and self._draws(point) and not western(chr(point), CJK)
            return of_script(point) is CJK or (drawn and _plain(point))
        ours = self._base in (TEXT, ITALIC) or not western(chr(point), self._base)
        return ours and bool(self._draws(point)) and _plain(point)


@cache
def own(base: Family) -> Own:
    """Give the characters that a text in `base` takes from no other font."""
    return Own(base)


def _plain(point: int) -> bool:
    char = chr(point)
    looked_at = (
        unicodedata.category(char) in ("Cf", "Zs", "Cc") or char in UNSEEN or char in combining_marks.COMMON
    )
    return char == " " or not looked_at
