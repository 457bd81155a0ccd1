"""Ways to reach a person that can stand in a text: e-mail, links, names in networks, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from campaign.text.whitespace import ClosedUp

Kind = Literal["email", "link", "handle", "phone"]
Span = tuple[int, int]

# Endings that follow a dot without being the start of a next sentence; not every one there is.
_ENDINGS = (
    "com|org|net|info|biz|io|me|by|ru|su|ua|pl|lt|lv|ee|de|fr|it|es|cz|sk|nl|se|no|fi|dk|ch|at|be|uk|eu|us|ca|"
    "co|cc|tv|gg|ly|xyz|app|dev|site|online|link|click|shop|blog|news|live|page|club|top|pro|team|space|world|"
    "онлайн|сайт|орг|рф|бел|укр"
)
_SAID_ENDINGS = rf"(?:{_ENDINGS}|ру|бай|ком|нет|юа|уа)\b"  # as they are said
_NO_WORDS = r"(?:com|org|net|info|io|ru|su|ua|pl|de|uk|eu|онлайн|рф|ру|бай|ком|юа|уа)\b"  # said, and no words
_ENDING = rf"\.(?:{_ENDINGS})\b"
_NETWORKS = (
    r"instagram|insta|telegram|tg|vk|facebook|tik\s?tok|discord|whats\s?app|viber|snap(?:chat|(?!\s?[–—-]))|skype|"
    "[иі]нстаграме?|[иі]нст[аеу]|т[еэ]леграме?|т[еэ]лег[аеу]|тг|вк|вконтакте|фейсбук|вайбер"
)
_TAIL = r"[^\s<>]*[^\s<>.,;:!?)\]»”'\"]"  # of a link, without the sentence's own signs
_LINK = rf"(?<!\w)(?:[a-z][a-z+]{{1,9}}://|www\.){_TAIL}"
_DOMAIN = rf"(?<![\w@.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}{_ENDING}(?:[/?#:]{_TAIL})?"
# What people write for signs that a program would notice: anna (at) example dot org.
_AT, _DOT = r"(?:at|ät|собака|собачка|małpa|малпа)", r"(?:dot|punkt|точка|kropka|кропка|крапка)"
_SPELT = (
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:\s?[(\[{{]\s?{_AT}\s?[)\]}}]\s?[\w.-]{{2,63}}"
    rf"(?:\s{_DOT}\s\w{{2,20}}|\s?[(\[{{]\s?{_DOT}\s?[)\]}}]\s?\w{{2,20}})?"
    rf"|\s{_AT}\s[\w-]{{2,63}}\s?[(\[]?{_DOT}[)\]]?\s?{_SAID_ENDINGS}"
    rf"|\s{_DOT}\s[\w-]{{1,63}}\s{_AT}\s[\w-]{{2,63}})"  # anna dot k at example
)
_TOLD = r"(?:\s(?:is|ist|to|это|гэта|це|nick|name|ник|нік))?"
# A name behind that of a network, with nothing between them that says so: only one that is no plain word.
_NAME = r"@?(?=[\w.]*[^\W\d_])(?=[\w.]*(?:[\d_]|\.\w))\w[\w.]{3,38}\w(?:#\d{4})?"
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_PLAIN = re.compile(r"\d0+|(.)\1*")  # a round number, a row of one digit
_DAY_OR_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|(?:19|20)\d\d")  # in a line of its own
_DAYS = re.compile(rf"(?<!\d)(?:{_DAY_OR_YEAR.pattern})(?!\d)")
_DIGITS = r"(?:[^\S\n]|[\d().\-/–‑*_·•])"
_CLOCK = r"\d{1,2}[.:]\d\d"  # or a day of a month, or a price
_PRICES = re.compile(rf"(?<![\d.:]){_CLOCK}(?![\d.:])")
_YEAR = r"(?:19|20)\d\d"
BOOK = r"97[89](?:[\s-]?\d){10}"  # no telephone's begins so
# From a year, a day or an hour to another; a number of thousands; pi; a book's.
_NO_NUMBER = re.compile(
    rf"{_YEAR}(?:\s?[–/-]\s?{_YEAR})+|{_CLOCK}\s?[–-]\s?{_CLOCK}|\d{{1,3}}(?:[\s.]?000)+|3\.14159\d*|{BOOK}"
)
# Places in a row as long as a number with its signs, whatever follows; of signs any, and the usual ones.
_PLACE = re.compile(rf"(?<![\w+])\+?\(?\d{_DIGITS}{{5,22}}\d")
_USUAL_PLACE = re.compile(r"(?<![\w+])\+?\(?\d(?:[^\S\n]|[\d().\-/]){5,22}\d")
_UNUSUAL = re.compile(r"[^\s\d().\-/+]")
# Days, years and round numbers beside a number: none is a part of it.
_OTHERS = re.compile(
    rf"(?=\d)(?<!\d)(?<!\d[./-])(?:{_DAY_OR_YEAR.pattern}|{_YEAR}[./-]\d\d?[./-]\d\d?|{_NO_NUMBER.pattern})"
    r"(?![./-]?\d)"
)
_BEHIND_ISBN = re.compile(r"\bIS[BS]N(?:[\s-]?1[03])?:?\s?((?:\d[\s-]?){7,9}[\dX])(?!\w)", re.IGNORECASE)
_LONGEST_WORD = len("ISBN-10: ")
_ZERO = re.compile(r"(?<=\d)[oOоО](?=[\d\s-])")
_DOTS = "․。．｡"  # as some keyboards have them: a browser reads each as a full stop
_DRESSED = re.compile(rf"[①-➓{_DOTS}]|\d[oOоО]")
ACCOUNT = r"\d{4}(?:[\s-]\d{4}){3,}(?:[\s-]\d{1,4})?"  # of a bank, or its card
MOST = 100  # of them in a text: nobody looks at more
MOST_GROUPS = 8  # of digits: what is spaced out further, without the signs of one, is found as code
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # of a telephone number (ITU-T E.164 allows 15)


@dataclass(frozen=True)
class _Pattern:
    """What to find, and a quick look that most texts do not pass."""

    kind: Kind
    look: re.Pattern[str]
    found: re.Pattern[str]


def _pattern(kind: Kind, look: str, found: str) -> _Pattern:
    return _Pattern(kind, re.compile(look, re.IGNORECASE), re.compile(found, re.IGNORECASE))


_PATTERNS = (
    _pattern("email", "@", r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|[\w-]{2,63})"),
    _pattern("email", rf"[(\[{{]\s?{_AT}\s?[)\]}}]|\s{_DOT}\s", _SPELT),
    _pattern("link", r"://|www\.", _LINK),
    _pattern("link", _ENDING, _DOMAIN),
    _pattern(  # evil dot com
        "link",
        rf"\s{_DOT}\s",
        rf"(?<!\w)[\w-]{{2,63}}(?:\s{_DOT}\s[\w-]{{2,63}}){{0,3}}\s{_DOT}\s{_NO_WORDS}",
    ),
    _pattern("link", r"\s\.\s", rf"(?<!\w)[\w-]{{2,63}}(?:\s\.\s[\w-]{{2,63}}){{0,3}}\s\.\s(?:{_ENDINGS})\b"),
    _pattern("handle", "@", r"(?<![\w.@])@\w(?:[\w.]{0,38}\w)"),
    _pattern(
        "handle",
        "[:=@–—-]",
        rf"(?<!\w)(?:{_NETWORKS})(?:\s?[:=@]\s?|[^\S\n]?[–—-][^\S\n]?)@?\w[\w.]{{0,38}}\w",
    ),
    _pattern("handle", r"[\d_]|\w\.\w", rf"(?<!\w)(?:{_NETWORKS}){_TOLD}\s{_NAME}"),
    _pattern(
        "handle", "_", r"(?<![\w.#])[a-z][a-z\d.]{1,38}_[a-z\d_.]{0,38}[a-z\d]"
    ),  # anna_k, no smiley as o_o, no #free_mikita
    _pattern("handle", "#", r"(?<!\w)[^\W\d_]\w{1,31}#\d{4}\b"),
    _pattern(  # over a line's end
        "phone",
        rf"[\d()]{_DIGITS}{{0,2}}\n{_DIGITS}{{0,2}}\d",
        rf"(?<![\w+])\+?\(?\d{_DIGITS}{{0,18}}\n{_DIGITS}{{0,18}}\d",
    ),
    _pattern("phone", r"\d\d", rf"(?:(?<![\w+])\+?|(?<=\d)\+)\(?\d{_DIGITS}{{5,}}\d"),
    _pattern("phone", r"\d{7}", r"(?<=[^\W\d_])\+?\d{7,15}(?!\w)"),
)


def find(text: str) -> Iterator[tuple[Kind, Span]]:
    """Find them as half-open code-point offsets; each place counts once, as the first kind that fits."""
    closed = ClosedUp(_plain_signs(text))
    # By place, as comparing spans would take the square of their number.
    taken, count = bytearray(len(closed.text)), 0
    for pattern in _PATTERNS:
        if not pattern.look.search(closed.text):
            continue
        at = 0
        while match := pattern.found.search(closed.text, at):
            start, end = match.span()
            if pattern.kind == "phone" and (not _is_phone(match[0]) or _is_books(closed.text, start, end)):
                # Of two lines that are no number the second may begin one with the third.
                at = closed.text.find("\n", start, end) + 1 or end
                continue
            at = end
            if any(taken[start:end]):
                continue
            if count == MOST:
                return
            taken[start:end], count = b"\1" * (end - start), count + 1
            yield pattern.kind, closed.span(start, end)


def _plain_signs(text: str) -> str:
    """Read digits in circles, letters that stand for a zero, and other dots as meant, each in its place."""
    if not _DRESSED.search(text):
        return text
    text = re.sub(f"[{_DOTS}]", ".", text)
    plain = "".join(str(unicodedata.digit(c, c)) if "①" <= c <= "➓" else c for c in text)
    return _ZERO.sub("0", plain)


def _is_phone(found: str) -> bool:
    digits = sum(character.isdigit() for character in found)
    meant = "+" in found or "(" in found
    if digits > MOST_DIGITS and not _is_ordinary(found):
        return "\n" not in found and (meant or _holds_several(found) or _holds_one(found))
    return (
        (meant or _is_in_few_groups(found) or _holds_one(found))
        and digits >= FEWEST_DIGITS
        and not _is_ordinary(found)
        and ("\n" not in found or _is_one(*found.split("\n"), meant=meant))
    )


def _is_books(text: str, start: int, end: int) -> bool:
    """Tell the number of a book or a magazine by the word before it, as static/writing.js does."""
    book = _BEHIND_ISBN.search(text, max(0, start - _LONGEST_WORD), end + 2)
    return book is not None and book.start(1) == start and book.end(1) >= end


def _is_ordinary(found: str) -> bool:
    """Tell days, years and the like, also in brackets."""
    plain = found.strip().removeprefix("(")
    return bool(_DATE.fullmatch(plain) or _NO_NUMBER.fullmatch(plain))


def _is_in_few_groups(found: str) -> bool:
    return len(re.findall(r"\d+", found)) <= MOST_GROUPS


def _holds_one(row: str) -> bool:
    """Tell a number before or behind other digits: years, days, a house, a round number."""
    places = _PLACE.findall(row)
    if _UNUSUAL.search(row):
        places += _USUAL_PLACE.findall(row)
    rest = _OTHERS.sub(" ", row)
    return re.search(r"\d", rest) is not None and any(map(_is_single, (rest, *places)))


def _is_single(place: str) -> bool:
    return (
        _is_in_few_groups(place)
        and FEWEST_DIGITS <= sum(map(str.isdigit, place)) <= MOST_DIGITS
        and not _is_ordinary(place)
    )


def _holds_several(row: str) -> bool:
    """Tell numbers one behind the other from days, from what only rises, as prices do, and from code."""
    groups = re.findall(r"\d+", _OTHERS.sub(" ", _PRICES.sub(" ", _DAYS.sub(" ", row))))
    if any(len(group) >= FEWEST_DIGITS and not _PLAIN.fullmatch(group) for group in groups):
        return True
    single = sum(len(group) == 1 for group in groups)
    in_order = groups == sorted(groups, key=int)
    return not in_order and 4 * single <= len(groups) and not re.fullmatch(ACCOUNT, row)


def _is_one(first: str, second: str, *, meant: bool) -> bool:
    """Tell a number that goes on over a line's end from one beside it, or from a day and another number."""
    if any(_DAY_OR_YEAR.fullmatch(line.strip()) for line in (first, second)):
        return False
    return not _is_phone(first) and (meant or not _is_phone(second))
