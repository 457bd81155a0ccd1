"""What a censor may take for more than a greeting, or no friend wrote: code, an address, an insult, a threat.

Generous on purpose: it asks for a look and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from campaign.text.contact_addresses import ACCOUNT, BOOK
from campaign.text.hostility import find_hostility
from campaign.text.street_addresses import PLAIN_ADDRESS
from campaign.text.whitespace import ClosedUp

Span = tuple[int, int]
Suspicion = Literal["code", "postal-address", "hostile"]

_DIGIT = re.compile(r"\d")
_LEET = re.compile(r"\b[^\W\d_]{1,12}\d{1,4}[^\W\d_]{1,12}\b|\b[^\W\d_]\d[^\W_]{1,12}\b")  # w33k, N3xt
_FEWEST_LEET = 2  # one alone is a name of a thing, as CO2H or B2B
_ROWS = re.compile(
    r"(?<!\d)\d{1,3}(?:(?:[.,;:/-]|[.,;:/-]?\s)\d{1,3}){4,}(?!\d)"  # 14-22-9-3-1
    r"|\b(?:[^\W\d_][\s.,/-]{1,2}){5,}[^\W\d_]\b"  # a b c d e f
    rf"|(?<!\d){ACCOUNT}(?!\d)"
    r"|(?<![01])[01]{6,}(?:\s[01]{6,})*(?![01])"
    r"|(?<![.·•_–—-])[.·•_–—-]{1,6}(?:[\s/]{1,3}[.·•_–—-]{1,6}){4,}"  # Morse
)
_PLACES = re.compile(r"\b[A-ZЀ-Я]{1,2}\d{1,3}(?:[\s,;.-]{1,2}[A-ZЀ-Я]{1,2}\d{1,3}){2,}\b")  # X7 K2 P9
_VERSES = re.compile(r"\d{1,3}:(\d{1,3}(?:(?:[-,;–]\s?|\s)\d{1,3})*)")
_LONGEST_COUNT = 3  # digits; what is longer is no counting, and may be zeros and ones without end
_YEARS = re.compile(r"(?:(?:19|20)\d\d[\s-]?)+")
_PLAIN = re.compile(r"10+|(.)(?:\s*\1)*")  # a round number, a row of one sign
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{16,}")
LONGEST_MIXED = 8  # letters and digits that a word of its own has; not such as Minecraft2024
_PART = re.compile(r"(?:[A-Za-z]+\d+[A-Za-z]|\d+[A-Za-z]+\d)\w*|[A-Z0-9]+")
_CAPITAL = "(?=[A-ZÀ-ÖØ-ÞĄĆĘŁŃŚŹŻЀ-Я])"
_NAME = r"(?:[^\W\d_][\w’'-]*[\s,.]{1,2}){1,4}"
_NUMBER = r"(?:(?i:д|дом|б|буд|будинок)[.\s]{1,2})?\d{1,4}(?:[/-]\d{1,4}|[^\W\d_])?\b"
_STREET = (
    "(?i:ul|ulica|ulicy|aleja|al|os|вул|вуліца|вуліцы|вулиця|вулиці|ул|улица|улице|просп|проспект|праспект|пр"
    "|переулок|завулак|провулок)"
)
_FLAT = "(?i:кв|кватэра|квартира|квартиры|корп|корпус|подъезд|домофон|m|lok|apt)"
_BEGINS = r"\b(?=\w)"  # asked once, and not by each of the ways to write one
_WAYS = (
    rf"(?i:ul|вул|ул|просп|al|os|пр|пер)\.\s?{_NAME}{_NUMBER}"  # with its point it is nothing else
    rf"|{_STREET}\.?\s{_CAPITAL}{_NAME}{_NUMBER}"
    rf"|{_STREET}\s{_NAME}(?:д\.\s?)?\d{{1,4}}\w?[\s,;]{{1,3}}{_FLAT}\.?\s?\d{{1,4}}\b"  # in small letters
    r"|\d{1,5}[a-z]?\s(?:[A-Z][\w’'-]*\s){1,3}(?i:street|st|road|rd|avenue|ave|lane|square|drive)\b"
    rf"|(?i:p\.?\s?o\.?\sbox|postfach|а/я|абонентский ящик|skrytka pocztowa|skr\. poczt\.)\s\d{{1,6}}\b"
    rf"|\d\d-\d{{3}}\s{_CAPITAL}[^\W\d_]{{2,20}}|{_CAPITAL}[^\W\d_]{{2,20}},?\s(?:220|22\d|23\d|24\d)\d{{3}}\b"
)
_PLACE = (
    r"(?<![\d.])(?:\b[NSСЮ]\s?)?\d{1,3}[.,]\d{3,8}\s?°?\s?[NSСЮ]?[,;\s]{1,2}"  # a latitude, and its longitude
    r"(?:[EWВЗ]\s?)?\d{1,3}[.,]\d{3,8}\s?°?\s?[EWВЗ]?(?!\w)"
)
_ADDRESS = re.compile(rf"{_BEGINS}(?:{_WAYS})|{_PLACE}")
# With a street's kind at the end of its name, which goes back through each word: only where there is one.
_KINDS = ("strasse", "str.", "gasse", "platz", "weg")  # as they are once ß is folded
_OR_GERMAN = re.compile(
    rf"{_BEGINS}(?:{_WAYS}|[^\W\d_]{{2,}}(?i:straße|strasse|str\.|gasse|platz|weg)\s\d{{1,4}}[a-z]?\b"
    rf"|{_CAPITAL}[^\W\d_]{{2,20}}(?:e|er|en)\s(?:Straße|Strasse|Gasse|Weg)\s\d{{1,4}}[a-z]?\b)|{_PLACE}"
)
# What goes on after it: a flat, a floor, a postcode, and the town behind that.
_FURTHER = re.compile(
    rf"[\s,;]{{1,3}}(?:(?i:дом|д|кв|кватэра|квартира|квартиры|корп|корпус|подъезд|этаж|домофон|m|lok|apt|flat|floor)"
    rf"\.?\s?\d{{1,4}}[^\W\d_]?\b|(?:\d{{2}}-\d{{3}}|\d{{5,6}})\b(?:\s{_CAPITAL}[^\W\d_]{{2,20}})?"
    rf"|(?:{_CAPITAL}[^\W\d_]{{2,20}}\s)?[A-Z]{{1,2}}\d{{1,2}}\s?\d[A-Z]{{2}}\b)"
)


def find_suspicions(text: str) -> Iterator[tuple[Suspicion, Span]]:
    """Yield what looks like code, like a postal address, like an insult or a threat, and where it stands."""
    closed = ClosedUp(text)
    yield from (("code", closed.span(*span)) for span in _codes(closed.text))
    if _DIGIT.search(text):  # most texts have none, and no address
        yield from (("postal-address", closed.span(*span)) for span in _addresses(closed.text))
    yield from (("hostile", span) for span in find_hostility(text))


def _codes(text: str) -> Iterator[Span]:
    yield from (row.span() for row in _ROWS.finditer(text) if not _is_ordinary(row[0]))
    if _DIGIT.search(text):
        yield from _numbered_code(text)


def _numbered_code(text: str) -> Iterator[Span]:
    leet = [word.span() for word in _LEET.finditer(text)]
    if len(leet) >= _FEWEST_LEET:
        yield leet[0][0], leet[-1][1]
    yield from (word.span() for word in _LONG.finditer(text) if _is_mixed(word[0]))
    yield from (row.span() for row in _PLACES.finditer(text))


def _addresses(text: str) -> Iterator[Span]:
    """Yield addresses, as far as they go; one that is written in small letters where no other stands."""
    folded = text.casefold()
    address = _OR_GERMAN if any(kind in folded for kind in _KINDS) else _ADDRESS
    found: list[Span] = []
    for place in address.finditer(text):
        if not found or place.start() >= found[-1][1]:  # else it is what goes on after another
            found.append((place.start(), _end(text, place.end())))
    plain = ((place.start(), _end(text, place.end())) for place in PLAIN_ADDRESS.finditer(text))
    yield from found
    yield from (span for span in plain if not any(span[0] < end and start < span[1] for start, end in found))


def _end(text: str, end: int) -> int:
    """Return where an address ends that goes on past its number."""
    while further := _FURTHER.match(text, end):
        end = further.end()
    return end


def _is_ordinary(row: str) -> bool:
    """Tell a round number, a row of one sign, counting, and a chapter with its verses, which only go up."""
    if verses := _VERSES.fullmatch(row):
        numbers = [int(number) for number in re.findall(r"\d+", verses[1])]
        return numbers == sorted(numbers)
    return _counts(row) or any(re.fullmatch(one, row) for one in (_PLAIN, _YEARS, BOOK))


def _counts(row: str) -> bool:
    """Tell one, two, three, and the seconds before midnight."""
    groups = re.findall(r"\d+", row)
    if any(len(group) > _LONGEST_COUNT for group in groups):
        return False
    steps = {after - before for before, after in pairwise(map(int, groups))}
    return steps in ({1}, {-1})


def _is_mixed(word: str) -> bool:
    """Tell a key or a cipher from a long word, and from words that hyphens join."""
    kinds = (str.isdigit, str.isupper, str.islower)
    return all(any(kind(letter) for letter in word) for kind in kinds) or any(
        len(part) >= LONGEST_MIXED and not part.isalpha() and not part.isdigit() and _PART.fullmatch(part)
        for part in re.split(r"[-_/]", word)
    )
