"""A line of TOML as people write it, and the ways in which it may have been meant.

Nothing here decides which is right: `toml_slips.py` tries each, and takes what the whole file can be read
with.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import cache

from campaign.language import locales

LONGEST = 300  # characters of a line that anybody typed
QUOTES = re.compile(r"[“”„‟«»‚]|(?<!\w)[‘’]|[‘’](?!\w)")  # d’Élif and Hawai‘i are written with none
INSIDE = re.compile("(?<=«)[ \u00a0\u202f]+|[ \u00a0\u202f]+(?=»)")  # as French has it
DOUBLE = re.compile("[“”„‟«»]")
IN_SINGLE = re.compile(r"[^\"'=:]*[=:]\s*'")
MINUS = re.compile("[−–—]")
SEPARATOR = re.compile(r"^(\s*)([\w−–—-]+(?: [\w−–—-]+)*)\s*(==>?|=>|:=|=|:|→)\s*(.*?)\s*$")
NO_SEPARATOR = re.compile(r"^(\s*)([\w-]+)\s+(\S.*?)\s*$")
HEADER = re.compile(r"^\s*[\[({]{0,2}\s*([\w-]+(?:\.[\w-]+)*)\s*[\])}]{0,2}\s*[:;,.]?\s*$")
REMARK = re.compile(r"^(.*\S)\s+(?://|--|;|\(|/\*|[–—])\s*(\w.*?)(?:\s*\*/|\))?$")
# The same behind a whole value: a text, too, would take the remark in.
BEHIND = re.compile(
    r"""^("[^"]*"|'[^']*'|\[[^\]]*\])(?:\s+(?://|--|;|\(|/\*|[–—])\s*|\s{2,}(?=[^"]*$))(\w.*?)(?:\s*\*/|\))?$"""
)
COMMENT = re.compile(r"^\s*(?://|;|--|%|/\*)+\s*(.*?)(?:\*/)?$")
ABOUT = r"(?:[~≈+]|ca\.?|circa|about|etwa|rund|ok\.|около|каля|близько)?"
NUMBER = re.compile(
    rf"""["']?{ABOUT}\s*(\d{{1,3}}(?:[ ,.'’_\u00a0\u202f]\d{{3}}){{1,6}}|\d{{1,18}})"""
    r"""(?:\s*[^\W\d]{4,}|\.|\+)?["']?"""
)
DECIMALS = re.compile(r"\[\s*(-?\d+),(\d+)\s*[,;]\s*(-?\d+),(\d+)\s*\]")
UNIT = re.compile(r"(?<=\d)\s*(?:mm|cm)\b")
DIVIDED = re.compile(r"""[,;]|(?<=["'])\s+(?=["'])""")
PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TRUTHS = {
    **dict.fromkeys(("true", "yes", "on", "ja", "tak", "да", "так"), "true"),
    **dict.fromkeys(("false", "no", "off", "nein", "nie", "нет", "не", "ні"), "false"),
}
DIGITS = re.compile(r"\d+")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The other languages in which an editor writes a day in words.
MONTHS_OF = ("be", "de", "es", "fr", "it", "lt", "pl", "ru", "tr", "uk")
LOOKALIKES = str.maketrans("аеорсухіјѕԁАВЕКМНОРСТУХІ", "aeopcyxijsdABEKMHOPCTYXI")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")

Meant = tuple[str, str]  # what is wrong, and the line or value that may have been meant


def meant(line: str) -> Iterator[Meant]:
    """Yield what a line may have been meant to be, the likeliest first."""
    if len(line) > LONGEST or '"""' in line or "'''" in line:
        return
    seen = {line}
    for fault, other in _lines(line):
        if other not in seen:
            seen.add(other)
            yield fault, other


def _lines(line: str) -> Iterator[Meant]:
    code, comment = _divided(line)
    yield "an invisible character", SPACES.sub(" ", INVISIBLE.sub("", line))
    if found := COMMENT.match(line):
        yield "a comment that does not begin with #", f"# {found[1]}".rstrip()
    if (found := HEADER.match(code)) and code.strip() != found[1]:
        yield "a line in brackets is written otherwise", f"[{found[1].translate(LOOKALIKES)}]{comment}"
    if found := SEPARATOR.match(code):
        space, key, sign, value = found.groups()
        written = re.sub("[ −–—-]", "_", key.translate(LOOKALIKES))
        fault = "a key is written otherwise" if written != key else "no single = behind the key"
        changed = written != key or sign != "="
        whole, remark = BEHIND.match(value), REMARK.match(value)
        remarked = "a remark that does not begin with #"
        if whole:
            yield remarked, f"{space}{written} = {whole[1]}  # {whole[2]}{comment}"
        for why, other in _values(value):
            yield (fault if changed else why), f"{space}{written} = {other}{comment}"
        if remark:
            yield remarked, f"{space}{written} = {remark[1]}  # {remark[2]}{comment}"
    elif found := NO_SEPARATOR.match(code):
        for _, other in _values(found[3]):
            yield "no = behind the key", f"{found[1]}{found[2]} = {other}{comment}"


def without_comment(line: str) -> str:
    """Return what a line says, as a remedy shows it."""
    return _divided(line)[0].strip()


def _divided(line: str) -> tuple[str, str]:
    """Divide a line from the comment at its end, also where a quote is missing before it."""
    straight = DOUBLE.sub('"', line)
    quote = "'" if IN_SINGLE.match(line) else '"'
    signs = [sign.start() for sign in re.finditer(r"\s+#", line)]
    odd = signs[:1] if straight.count(quote) % 2 else []
    for begin in (*(one for one in signs if straight.count(quote, 0, one) % 2 == 0), *odd):
        return line[:begin], line[begin:]
    return line, ""


def _values(value: str) -> Iterator[Meant]:
    """Yield what a value may have been meant to be; as it stands, first."""
    quoted = QUOTES.sub('"', INSIDE.sub("", value))
    straight = MINUS.sub("-", SPACES.sub(" ", quoted)).strip()
    yield "", value
    if value != quoted:
        yield "quotes as word processors write them", quoted
    yield "a sign too many at the end", value.rstrip(";,.")
    yield "a minus as word processors write it", MINUS.sub("-", value)
    for day in _dates(straight):
        yield "a date is written otherwise", day
    if truth := TRUTHS.get(straight.strip(".\"' ").lower()):
        yield "true or false is written otherwise", truth
    if number := NUMBER.fullmatch(straight):
        yield "a number is written otherwise", str(int("".join(DIGITS.findall(number[1]))))
    if decimals := DECIMALS.fullmatch(straight):
        yield "a decimal point is written otherwise", "[{}.{}, {}.{}]".format(*decimals.groups())
    if straight.strip("[ "):  # nothing is no empty list: what it holds may stand on the next lines
        yield "a list is written otherwise", _list(straight)
    if straight.strip("\"' ") and not straight.startswith("{"):
        yield "text without its two quotes", _quoted(straight)


def _list(value: str) -> str:
    inner = UNIT.sub("", value).strip("[](){} ")
    parts = (part.strip().strip("\"' ") for part in DIVIDED.split(inner))
    return f"[{', '.join(part if PLAIN_NUMBER.fullmatch(part) else _quoted(part) for part in parts if part)}]"


def _quoted(value: str) -> str:
    inner = value.strip("; ").rstrip(",")
    whole = len(inner) > 1 and inner[0] == inner[-1] in "\"'"
    inner = inner[1:-1] if whole else inner.strip("\"'; ")
    return '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _dates(value: str) -> Iterator[str]:
    """Yield each day that three numbers, or a day with a month's name, may mean."""
    value = value.strip("\"'")
    named = [one for one in re.findall(r"[^\W\d]{3,}", value) if _month(one.lower())]
    if len(named) > 1:  # mardi 3 avril
        return
    for name in named:
        value = value.replace(name, f"-{_month(name.lower())}-")
    numbers = DIGITS.findall(value)
    if len(value) == 8 and DIGITS.fullmatch(value):
        numbers = [value[:4], value[4:6], value[6:]]
    if len(numbers) != 3 or len(value) > 30:
        return
    first, second, third = map(int, numbers)
    if len(numbers[0]) == 4:
        known = list(_day(first, second, third))
        yield from known or _day(first, third, second)
        return
    if len(numbers[2]) == 2 and ("." in value or "/" in value):
        third += 2000
    yield from _day(third, second, first)
    if "/" in value and first != second:  # as in 12/5, which is May here and December there
        yield from _day(third, first, second)


def _month(name: str) -> int | None:
    """Return the month that a name means in one of the languages that editors write in."""
    return MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else _months().get(name)


@cache
def _months() -> Mapping[str, int]:
    return {name.lower(): n for code in MONTHS_OF for name, n in locales.month_names(code).items()}


def _day(year: int, month: int, day: int) -> Iterator[str]:
    if 1900 < year < 2200:
        try:
            yield datetime.date(year, month, day).isoformat()
        except ValueError:
            return
