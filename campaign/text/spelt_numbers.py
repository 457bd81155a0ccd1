"""Telephone numbers written in words, in the campaign's six languages: no row of digits tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

Span = tuple[int, int]

# Of each language zero to twenty, the tens, and the hundreds where they are one word.
_NUMBERS = (*range(20), *range(20, 100, 10), *range(100, 1000, 100))
_LANGUAGES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety;
    ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать
    четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать тридцать сорок
    пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста четыреста пятьсот шестьсот
    семьсот восемьсот девятьсот;
    нуль адзін два тры чатыры пяць шэсць сем восем дзевяць дзесяць адзінаццаць дванаццаць трынаццаць
    чатырнаццаць пятнаццаць шаснаццаць семнаццаць васемнаццаць дзевятнаццаць дваццаць трыццаць сорак
    пяцьдзясят шэсцьдзясят семдзесят восемдзесят дзевяноста сто дзвесце трыста чатырыста пяцьсот шэсцьсот
    семсот восемсот дзевяцьсот;
    нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять
    чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять двадцять тридцять сорок
    п'ятдесят шістдесят сімдесят вісімдесят дев'яносто сто двісті триста чотириста п'ятсот шістсот сімсот
    вісімсот дев'ятсот;
    zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście
    czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia trzydzieści
    czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt sto dwieście
    trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset;
    null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
    sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig;
    nul раз zwo; oh одна две; o адна дзве; нуль одна дві; zero jedna dwie; null ein
"""
_VALUES = {
    word: value
    for language in _LANGUAGES.split(";")
    for value, word in zip(_NUMBERS, language.split(), strict=False)
}
_GERMAN = "ein zwei drei vier fünf sechs sieben acht neun"
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_VALUES |= {
    f"{one}und{ten}": _VALUES[one] + _VALUES[ten] for one, ten in product(_GERMAN.split(), _TENS.split())
}
_REPEATED = {"double", "triple", "дважды", "двойчы", "двойчи", "podwójne", "doppel"}
_BEGINNING = {"plus", "плюс"}
FEWEST = 7  # digits, as of a telephone number that is written in them
FEWEST_WORDS = 5  # of them; the others may be digits
_WORD = re.compile(r"(?<!\w)(?:[^\W\d_]+(?:'[^\W\d_]+)*|\d{1,3})(?!\w)")
_GAP = re.compile(r"[\s,.–—-]{1,2}")
_ALIKE = str.maketrans("ıİ’ʼ", "ii''")


def find_spelt_numbers(text: str) -> Iterator[Span]:
    """Yield where digits and numbers are said one after the other, and not counted."""
    words = list(_WORD.finditer(_folded(text)))
    if sum(word[0] in _VALUES for word in words) < FEWEST_WORDS:  # as in most texts
        return
    row: list[re.Match[str]] = []
    for word in words:
        known = _says(word[0]) or word[0] in _REPEATED
        if row and not (known and _GAP.fullmatch(text, row[-1].end(), word.start())):
            yield from _number(row)
            row = []
        if known or word[0] in _BEGINNING:
            row.append(word)
    yield from _number(row)


def _number(row: Sequence[re.Match[str]]) -> Iterator[Span]:
    """Yield where a row stands that says as many digits as a telephone number has."""
    said = [word[0] for word in row]
    values = _together([_VALUES[word] if word in _VALUES else int(word) for word in said if _says(word)])
    digits = sum(len(str(value)) for value in values) + len(_REPEATED.intersection(said))
    steps = {after - before for before, after in pairwise(values)}
    counted = steps != {0} and (len(steps) == 1 or values == sorted(values))  # also ages, the youngest first
    long = digits >= FEWEST and sum(map(_VALUES.__contains__, said)) >= FEWEST_WORDS
    if long and not counted:
        yield row[0].start(), row[-1].end()


def _says(word: str) -> bool:
    return word in _VALUES or word.isdecimal()


def _together(values: Sequence[int]) -> list[int]:
    """Make one of those that are said as one number: three hundred, forty, five."""
    numbers: list[int] = []
    for value in values:
        last = numbers[-1] if numbers else 0
        room = 100 if last and last % 100 == 0 else 10 if last > 10 and last % 10 == 0 else 1
        if 0 < value < room:
            numbers[-1] += value
        else:
            numbers.append(value)
    return numbers


def _folded(text: str) -> str:
    """Fold case as `re.IGNORECASE` does, for which ı and İ are an i, each letter in its place."""
    text = text.translate(_ALIKE)
    folded = text.casefold()
    return folded if len(folded) == len(text) else "".join(map(_fold_one, text))


def _fold_one(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter
