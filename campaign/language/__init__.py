"""A language's own ways: the interface's words, the writing direction, numbers, dates, countries."""

from __future__ import annotations

import gettext
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.numbers import format_decimal

from campaign.errors import CandleError
from campaign.faults import ContentError
from campaign.language import translations

Direction = Literal["ltr", "rtl"]

# What CLDR names beside the countries: unions, test regions, exceptional reservations of ISO 3166-1.
NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


class LanguageError(CandleError):
    """A language that is not known."""


@dataclass(frozen=True)
class Catalogue:
    """The interface's words in one language; a string that is not translated stays English."""

    language: str
    direction: Direction
    words: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        """Translate one string."""
        return self.words.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate one string in the form that goes with `n`."""
        return self.words.ngettext(singular, plural, n)


def canonical(language: str) -> str:
    """Return the code as BCP 47 writes it, such as `be`, `pt-BR`, `zh-Hant`, `be-tarask`.

    Raises:
        LanguageError: when the code names no language.
    """
    locale = _locale(language)
    said = language.upper().split("-")  # Babel adds the script or the country that is likely
    further = (locale.script, locale.territory, locale.variant and locale.variant.lower())
    return "-".join([locale.language, *(part for part in further if part and part.upper() in said)])


def known(language: str) -> bool:
    """Tell whether this is a language's code as BCP 47 writes it."""
    try:
        return canonical(language) == language
    except LanguageError:
        return False


def catalogue(language: str, folder: Path = translations.FOLDER) -> Catalogue:
    """Read the words of a language from its PO file; without a file every string stays English.

    Raises:
        LanguageError: for an unknown language.
        ContentError: when the PO file has a fault.
    """
    file = _file(language, folder)
    changed = file.stat().st_mtime_ns if file.exists() else None
    return _catalogue(language, file, changed)


@lru_cache(maxsize=64)
def _catalogue(language: str, file: Path, changed: int | None) -> Catalogue:
    words = gettext.NullTranslations() if changed is None else _compiled(file, language)
    return Catalogue(language, direction(language), words)


def _compiled(file: Path, language: str) -> gettext.GNUTranslations:
    # Compiled in memory: the standard library reads only the compiled form, and none is committed.
    compiled = io.BytesIO()
    write_mo(compiled, translations.read(file, _locale(language)))
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))


def _file(language: str, folder: Path) -> Path:
    """Return the PO file of `pt-BR`, or that of `pt` where only it is there."""
    own, broader = folder / f"{language}.po", folder / f"{language.split('-')[0]}.po"
    return broader if broader.exists() and not own.exists() else own


def untranslated(
    language: str, strings: Catalog, folder: Path = translations.FOLDER
) -> Iterator[ContentError]:
    """Yield a fault for each of the strings that stays English in this language."""
    file = _file(language, folder)
    command = f"python build.py translate {language}"
    if not file.exists():
        yield ContentError(file, 0, "missing", f"write it with: {command}, then translate it")
        return
    remedy = f"translate it; if it is not in the file: {command}"
    try:
        for line, shown in translations.untranslated(file, _locale(language), strings):
            yield ContentError(file, line, f"{shown} is not translated", remedy)
    except ContentError as fault:
        yield fault


def update(language: str, folder: Path = translations.FOLDER) -> Path:
    """Write or bring up to date the language's PO file, ready to be translated.

    Raises:
        LanguageError: for an unknown language.
        ContentError: when the PO file has a fault.
    """
    file = folder / f"{canonical(language)}.po"
    translations.update(file, _locale(language), translations.strings())
    return file


def direction(language: str) -> Direction:
    """Return the direction in which the language is written."""
    return "rtl" if _locale(language).text_direction == "rtl" else "ltr"


def name(language: str) -> str:
    """Return the language's name in that language, as a link to it shows it."""
    locale = _locale(language)
    own = locale.get_display_name(locale) or language
    return own[:1].title() + own[1:]  # title(), not upper(): Georgian has capitals that no word begins with


def number(n: int, language: str) -> str:
    """Write a whole number as the language does."""
    return format_decimal(n, locale=_writing(language))


def day(date: date, language: str) -> str:
    """Write a date with the month's name, as the language does."""
    return format_date(date, format="long", locale=_writing(language))


@cache
def countries(language: str) -> Sequence[tuple[str, str]]:
    """List the countries as (ISO 3166-1 code, name), sorted by their names in the language."""
    territories = _locale(language).territories
    listed = [
        (code, territory)
        for code, territory in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    ]
    return tuple(sorted(listed, key=lambda country: _alphabetical(country[1])))


def _alphabetical(word: str) -> tuple[str, str]:
    """Order by base letters; Cyrillic і, ґ, є stand beside и, г, е, where their alphabets have them."""
    folded = unicodedata.normalize("NFD", word.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c) and c not in "'’ʼ")
    return letters.translate(str.maketrans("іґє", "иге")), folded


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise LanguageError(f"{language!r} is no language code; write one such as en, be, pt-BR") from error


def _writing(language: str) -> Locale:
    """Return the locale for numbers and dates: "en" alone is the world's English, not American."""
    return Locale.parse("en_001") if language == "en" else _locale(language)
