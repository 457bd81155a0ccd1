"""Days in a text that cannot be: of another weekday, beyond their month, of a year that was mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from campaign.content import news
from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError
from campaign.language import locales

LEAP = 2000  # a year in which every month has all of its days
MOST_DAYS = 31
AHEAD = 30  # years: what is said of a day so far away is rarer than 2062 for 2026
BUDDHIST = 543  # years that Thailand is ahead
NEAR = timedelta(days=100)  # so far from its day an entry's weekday without a year is looked at
DIGIT = re.compile(r"\d")
LETTERS = r"[^\W\d_]"
# "In June 31 letters came": the number counts what follows it.
COUNTED = re.compile(r"(?i:\b(?:in|im|during|this|last|en|em|i|w|we|у|ў|в|за|في)) $")
LOOK = "look which of the two is right"
FLEETING = ("ek", "ак", "ок")  # wtorek, wtorku
CASE = "(?:[aąeęiouyаеиіоуыюя][мхўйю]?|ами|ові|i?em|owi)"
SOFTENED = {"d": "dzie", "t": "cie", "д": "дзе", "т": "це"}  # środzie, sobocie, серадзе, суботе
NUMERIC = r"(?P<d3>\d{1,2})\.\s?(?P<n3>\d{1,2})\.\s?(?P<y3>\d{4})(?!\d)"


@dataclass(frozen=True)
class WrittenDay:
    """A day as it was written: its number, its month, its year where it has one, and a weekday beside it."""

    words: str
    day: int
    month: int
    year: int | None
    weekday: int | None

    @property
    def date(self) -> date | None:
        """The day, in some year where it has none; None where no year, or not this one, has such a one."""
        try:
            return date(self.year or LEAP, self.month, self.day)
        except ValueError:
            return None


def impossible(text: ProofText, today: date) -> Iterator[ContentError]:
    """Warn of each."""
    around = news.day_of(text.name)
    for number, line in text.lines.items():
        for written in found_in(line, text.language):
            if told := _wrong(written, text.language, today, around):
                yield text.warning(number, *told)


YEAR = "is the year right?"
MEANT = "write the day that was meant"


def _wrong(written: WrittenDay, language: str, today: date, around: date | None) -> tuple[str, str] | None:
    """Say what is wrong with a day, and what to do about it; None for most."""
    if not written.date and (written.year or written.day <= MOST_DAYS):  # "in March 35 people" wrote
        return f'there is no day such as "{written.words}"', MEANT
    year = written.year or 0
    if year > today.year + AHEAD:
        return f'"{written.words}" is {year - today.year} years away', YEAR
    day = written.date if year else _nearest(written, around)
    if day and written.weekday not in {None, day.weekday()}:
        return f'"{written.words}" is {locales.weekdays(language)[day.weekday()]} by the calendar', LOOK
    return None


def _nearest(written: WrittenDay, around: date | None) -> date | None:
    """Return the day of an entry's text that is written without its year, if it is near the entry's own."""
    years = (around.year - 1, around.year, around.year + 1) if around else ()
    days = (replace(written, year=year).date for year in years)
    return next((day for day in days if day and around and abs(day - around) <= NEAR), None)


def found_in(line: str, language: str) -> Iterator[WrittenDay]:
    """Yield the days of a line that are written with their month's name, or with points."""
    if not DIGIT.search(line):
        return
    ways = _ways(language)
    for found in ways.pattern.finditer(line.translate(APOSTROPHES)):
        place = next(n for n in "123" if found[f"d{n}"])
        month = int(found["n3"]) if place == "3" else ways.month(found[f"m{place}"])
        year = _of_our_era(int(found[f"y{place}"] or 0), language) or None
        counted = place == "2" and not year and COUNTED.search(line, 0, found.start("m2"))
        if not counted:
            weekday = ways.weekday(found["before"] or found["after"] or "")
            words = line[found.start() : found.end()].strip()
            yield WrittenDay(words, int(found[f"d{place}"]), month, year, weekday)


def _of_our_era(year: int, language: str) -> int:
    """Return a year as it is counted here: Thai texts count from 543 years earlier, 2569 for 2026."""
    return year - BUDDHIST if language.startswith("th") and year > BUDDHIST * 4 else year


APOSTROPHES = str.maketrans("'ʼ", "’’")


@dataclass(frozen=True)
class Ways:
    """How a language writes its days."""

    pattern: re.Pattern[str]
    months: Mapping[str, int]
    weekdays: Sequence[re.Pattern[str]]

    def month(self, word: str) -> int:
        """Return the month that a word names, by the pattern's rules: in lower() MAYIS is not mayıs."""
        named = (n for name, n in self.months.items() if re.fullmatch(re.escape(name), word, re.IGNORECASE))
        return next(named)

    def weekday(self, word: str) -> int | None:
        """Return the weekday that a word is a form of, 0 for Monday."""
        return next((n for n, forms in enumerate(self.weekdays) if forms.fullmatch(word)), None)


@cache
def _ways(language: str) -> Ways:
    months = {name.lower().translate(APOSTROPHES): n for name, n in locales.month_names(language).items()}
    months.pop("лист", None)  # of листопад: 31 лист is so many letters
    names = [name.lower().translate(APOSTROPHES) for name in locales.weekdays(language)]
    brief = map(_brief, locales.short_weekdays(language))
    forms = ["|".join(pair) for pair in zip(map(_forms, names), brief, strict=True)]
    month = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    weekday = "|".join(sorted(forms, key=len, reverse=True))  # Cuma begins Cumartesi
    between = rf"(?:\s+{LETTERS}{{1,3}})?" if language != "he" else ""  # 1st of December; 31 איש בפברואר
    some = rf"{between}\s+"
    ending = rf"(?:\.|-?{LETTERS}{{1,3}})?"  # 1st, 1., 1-го
    to = rf"(?:[,،]\s+(?:(?:{LETTERS}{{3}}|ngày)\s+)?|\s*\(|\s+)"  # Freitag, den 1. Dezember
    of = r",?\s+(?:(?:del?|năm)\s+)?"  # 3 de marzo de 2026
    glued = "ב?" if language == "he" else ""  # 3 במרץ, ביום שלישי
    twin = rf"(?:\s?/\s?{LETTERS}+)?" if language == "ar" else ""  # آذار/مارس
    # 3 Mart 2026 Salı, but "pazar yerinde" is at the market
    behind, end = (r"\s*\(", r"\)") if language != "tr" else (r"\s+(?:\(|(?-i:(?=[A-ZÇ])))", r"\)?")
    return Ways(
        re.compile(
            rf"(?<!\w)(?:{glued}(?P<before>{weekday})\.?{to})?(?<![\d.,/:–-])(?:"
            rf"(?P<d1>[0-3٠-٣۰-۳]?\d){ending}{some}{glued}(?P<m1>{month})\.?(?!\w){twin}(?:{of}(?P<y1>\d{{4}})(?!\d))?"
            rf"|(?P<m2>{month})\.?\s+(?P<d2>[0-3٠-٣۰-۳]?\d){ending}(?!\w)(?:,?\s+(?P<y2>\d{{4}})(?!\d))?"
            rf"|{NUMERIC})(?:(?:\s*{LETTERS}{{1,5}}\.?)?{behind}(?P<after>{weekday})\.?(?!\w){end})?",
            re.IGNORECASE,
        ),
        months,
        [re.compile(form, re.IGNORECASE) for form in forms],
    )


def _brief(name: str) -> str:
    """Return what matches a short name where it is no word: "she sat 3 May", "nel mar 3 maggio", "so 1."."""
    bare = re.escape(name.rstrip("."))
    whole = r"(?!\w)" if len(bare) > 2 and bare[0].isupper() else r"(?=[.,)]|\Z)"
    return (f"(?-i:{bare})" if bare[0].isupper() else bare) + whole


def _forms(name: str) -> str:
    """Return what matches a weekday in all its cases: Slavic ones change their last letters.

    No more than that: среди, четверо, Dienst and środek begin like one.
    """
    if name.endswith(FLEETING):
        return f"{name}|{name[:-2]}{name[-1]}{CASE}"
    if name.endswith(("a", "а", "я", "ье")):
        softened = f"|{name[:-2]}{SOFTENED[name[-2]]}" if name[-2] in SOFTENED else ""
        return f"(?!среди){name[:-1]}{CASE}{softened}"
    if name.endswith("вер"):  # чацвярга, четвергові
        return f"{name}|{name[:-2]}[ея]рг{CASE}"
    return f"{re.escape(name)}(?:s|[ауеы]|ом)?"
