"""A language's own ways: its code and name, the writing direction, numbers, dates, countries."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, cast

from babel import Locale, UnknownLocaleError, localedata
from babel import core as babel
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from campaign.errors import CandleError

Direction = Literal["ltr", "rtl"]

# What CLDR names beside the countries: unions, test regions, exceptional reservations of ISO 3166-1.
NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
# Nobody lives there, as on Bouvet Island: the list is loaded by everybody, on slow lines too.
NOBODY_S_HOME = frozenset(["AQ", "BV", "GS", "HM", "IO", "TF", "UM"])

# Babel keeps all of a language for as long as a process lives; this better half of it nobody here asks for.
NOT_ASKED = (
    "compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns", "currency_names",
    "currency_names_plural", "currency_symbols", "date_fields", "interval_formats", "meta_zones",
    "time_zones", "zone_formats",
)  # fmt: skip
TABLES_NOT_ASKED = (
    "all_currencies", "currency_fractions", "meta_zones", "territory_currencies", "territory_languages",
    "territory_zones", "windows_zone_mapping", "zone_aliases", "zone_territories",
)  # fmt: skip
UNIT = "digital-megabyte"


class LanguageError(CandleError):
    """A language that is not known."""


def canonical(language: str) -> str:
    """Return the code as BCP 47 writes it, such as `be`, `pt-BR`, `zh-Hant`, `be-tarask`.

    Raises:
        LanguageError: when the code names no language.
    """
    locale = locale_of(language)
    said = language.upper().split("-")  # Babel adds the script or the country that is likely
    further = (locale.script, locale.territory, locale.variant and locale.variant.lower())
    return "-".join([locale.language, *(part for part in further if part and part.upper() in said)])


def known(language: str) -> bool:
    """Tell whether this is a language's code as BCP 47 writes it."""
    try:
        return canonical(language) == language
    except LanguageError:
        return False


def code_named(words: str) -> str | None:
    """Return the code of the language that English calls so, such as `de` for "German"."""
    names = locale_of("en").languages
    return next((code for code, name in names.items() if name.lower() == words.lower()), None)


def direction(language: str) -> Direction:
    """Return the direction in which the language is written."""
    return "rtl" if locale_of(language).text_direction == "rtl" else "ltr"


def name(language: str) -> str:
    """Return the language's name in that language, as a link to it shows it."""
    locale = locale_of(language)
    own = locale.get_display_name(locale) or language
    return own[:1].title() + own[1:]  # title(), not upper(): Georgian has capitals that no word begins with


@lru_cache(64)  # of each card of a group; Babel goes through all languages each time
def told_name(language: str) -> str:
    """Return the language's English name, or that nobody knows it: a database can hold anything."""
    try:
        return language_names([language], "en")
    except LanguageError:
        return "unknown language"


def number(n: int, language: str) -> str:
    """Write a whole number as the language does."""
    return format_decimal(n, locale=_writing(language))


def rounded(signatures: int) -> int:
    """Round down to hundreds, below a thousand to tens: "over 12,300" stays true while people sign.

    A multiple of ten also takes the same plural form in every language that the page is likely to speak.
    """
    step = 100 if signatures >= 1000 else 10
    return signatures // step * step


def megabytes(n: int, language: str) -> str:
    """Write a number of bytes as whole megabytes."""
    return format_unit(max(1, round(n / 1e6)), UNIT, "short", locale=locale_of(language))


@lru_cache(512)  # a table of days writes the same ones again and again, and Babel reads its pattern each time
def day(date: date, language: str) -> str:
    """Write a date with the month's name, as the language does."""
    return format_date(date, format="long", locale=_writing(language))


def moment(written: str, language: str) -> str:
    """Write 2026-03-01, 2026-03 or 2026 as the language does; "" for what is no day, month or year."""
    try:
        first = date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return ""
    if written == first.isoformat():
        return day(first, language)
    return format_skeleton("yMMMM" if "-" in written else "y", first, locale=_writing(language))


def weekdays(language: str) -> Sequence[str]:
    """Return the names of the days of a week, Monday first."""
    names = locale_of(language).days["format"]["wide"]
    return [names[number] for number in range(7)]


def short_weekdays(language: str) -> Sequence[str]:
    """Return the short names of the days of a week, Monday first, with a point where it has one."""
    names = locale_of(language).days["format"]["abbreviated"]
    return [names[number] for number in range(7)]


def month_names(language: str) -> Mapping[str, int]:
    """Return the months by all of their names, alone or beside a day, whole or short and without a point."""
    found: dict[str, int] = {}
    further = map(locale_of, ("ar-SY", "ar-DZ") if language == "ar" else ())  # Levantine, Algerian
    for locale in (_writing(language), locale_of(language), *further):
        for widths in (locale.months["format"], locale.months["stand-alone"]):
            for width in ("abbreviated", "wide"):
                found |= {name.rstrip("."): number for number, name in widths[width].items()}
    return found


def language_names(languages: Sequence[str], language: str) -> str:
    """List languages by the names that another one has for them, as a sentence does."""
    locale = locale_of(language)
    names = [locale_of(code).get_display_name(locale) or code for code in languages]
    return format_list(names, locale=locale)


def list_comma(language: str) -> str:
    """Return what the language puts between the parts of a list, with its spaces."""
    between: str = locale_of(language).list_patterns["standard"]["middle"]
    return between.removeprefix("{0}").removesuffix("{1}")


@cache
def countries(language: str) -> Sequence[tuple[str, str]]:
    """List the countries as (ISO 3166-1 code, name), sorted by their names in the language."""
    territories = locale_of(language).territories
    listed = [
        (code, territory)
        for code, territory in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES | NOBODY_S_HOME
    ]
    return tuple(sorted(listed, key=lambda country: _alphabetical(country[1])))


def _alphabetical(word: str) -> tuple[str, str]:
    """Order by base letters; Cyrillic і, ґ, є stand beside и, г, е, where their alphabets have them."""
    folded = unicodedata.normalize("NFD", word.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c) and c not in "'’ʼ")
    return letters.translate(str.maketrans("іґє", "иге")), folded


@cache
def locale_of(language: str) -> Locale:
    """Return what Babel knows of a language.

    Raises:
        LanguageError: when the code names no language.
    """
    try:
        return _light(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError) as error:
        raise LanguageError(f"{language!r} is no language code; write one such as en, be, pt-BR") from error


@cache
def _writing(language: str) -> Locale:
    """Return the locale for numbers and dates: "en" alone is the world's English, not American."""
    return _light(Locale.parse("en_001")) if language == "en" else locale_of(language)


def _light(locale: Locale) -> Locale:
    """Let go of what is not asked, also in "root" and in the language whose variant this is: both stay."""
    _lighten_tables()
    for read in {"root", locale.language, str(locale)}:
        data = localedata.load(read)
        for section in NOT_ASKED:
            data.pop(section, None)
        for section in ("unit_display_names", "unit_patterns"):
            data[section] = {unit: names for unit, names in data[section].items() if unit == UNIT}
        data["languages"] = _of_languages_here(data["languages"])
    return locale


@cache
def _lighten_tables() -> None:
    """Let go of what is not asked for any language, and of the likely scripts of those without data here."""
    get_global = cast(Any, babel.get_global)  # a mapping to read, it says, and a plain dictionary it is
    for name in TABLES_NOT_ASKED:
        get_global(name).clear()
    likely = get_global("likely_subtags")
    kept = _of_languages_here(likely)
    likely.clear()
    likely.update(kept)


def _of_languages_here(by_code: Mapping[str, str]) -> dict[str, str]:
    """Return what belongs to languages that Babel has data of: no other is known here."""
    return {code: value for code, value in by_code.items() if code.partition("_")[0] in _languages_here()}


@cache
def _languages_here() -> frozenset[str]:
    return frozenset({"und", *(code.partition("_")[0] for code in localedata.locale_identifiers())})
