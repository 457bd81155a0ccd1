"""Telephone numbers written in words, in the campaign's six languages: no row of digits tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

Span = tuple[int, int]

# Of each language zero to nine; "oh" and "o" are said for zero, and "zwo" for two.
_DIGITS = """
    zero one two three four five six seven eight nine
    oh
    ноль один два три четыре пять шесть семь восемь девять
    нуль адзін два тры чатыры пяць шэсць сем восем дзевяць
    нуль один два три чотири п'ять шість сім вісім дев'ять
    zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć
    null eins zwei drei vier fünf sechs sieben acht neun
    nul раз zwo
"""
_VALUES = {word: value for line in _DIGITS.strip().split("\n") for value, word in enumerate(line.split())}
_VALUES |= {"nul": 0, "раз": 1, "zwo": 2, "п’ять": 5, "дев’ять": 9, "пʼять": 5, "девʼять": 9}
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_REPEATED = r"(?:(?:double|triple|дважды|двойч?ы|podwójne|doppel)\s)?"
_NUMBER = rf"{_REPEATED}(?:{_WORD}|\d)"
FEWEST = 7  # as of a telephone number in digits
FEWEST_WORDS = 5  # of them; the others may be digits
_ROW = re.compile(
    rf"(?<!\w)(?:(?:plus|плюс)\s)?{_NUMBER}(?:[\s,.–—-]{{1,2}}{_NUMBER}){{{FEWEST - 1},}}(?!\w)",
    re.IGNORECASE,
)
_SAID = re.compile(rf"(?<!\w)(?:{_WORD}|\d)(?!\w)", re.IGNORECASE)
_PART = re.compile(r"\w+")
_PARTS = {*_VALUES, "ять"}  # of п'ять and дев'ять what follows the apostrophe


def find_spelt_numbers(text: str) -> Iterator[Span]:
    """Yield where digits are said one after the other, and not counted."""
    words = _PART.findall(_folded(text))
    if sum(map(_PARTS.__contains__, words)) < FEWEST_WORDS:  # as in most texts
        return
    for row in _ROW.finditer(text):
        values = [_value(word) for word in _SAID.findall(row[0])]
        if {after - before for before, after in pairwise(values)} not in ({1}, {-1}):  # no counting
            yield row.span()


def _value(word: str) -> int:
    return int(word) if word.isdecimal() else _VALUES[_folded(word)]


def _folded(text: str) -> str:
    """Fold case as `re.IGNORECASE` does, for which ı and İ are an i."""
    return (text if text.isascii() else text.replace("ı", "i").replace("İ", "i")).casefold()
