"""A language's own ways: the interface's words, the writing direction, numbers, dates, countries."""

from __future__ import annotations

import gettext
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from campaign.errors import CandleError
from campaign.settings import ROOT

SOURCE = "en"  # the language of the strings in code and templates
TRANSLATIONS = ROOT / "site" / "translations"
Direction = Literal["ltr", "rtl"]

# What CLDR names beside the countries: unions, test regions, exceptional reservations of ISO 3166-1.
NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


class LanguageError(CandleError):
    """A language that is not known, or a translation that cannot be read."""


@dataclass(frozen=True)
class Catalogue:
    """The interface's words in one language; a string that is not translated stays English."""

    language: str
    direction: Direction
    translations: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        """Translate one string."""
        return self.translations.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate one string in the form that goes with `n`."""
        return self.translations.ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        """Translate one string that means different things in different places."""
        return self.translations.pgettext(context, message)

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        """Translate one string by context, in the form that goes with `n`."""
        return self.translations.npgettext(context, singular, plural, n)


def canonical(language: str) -> str:
    """Return the code as BCP 47 writes it, such as `be`, `pt-BR`, `zh-Hant`, `be-tarask`.

    Raises:
        LanguageError: when the code names no language.
    """
    locale = _locale(language)
    parts = (locale.language, locale.script, locale.territory, locale.variant and locale.variant.lower())
    return "-".join(part for part in parts if part)


def catalogue(language: str, folder: Path = TRANSLATIONS) -> Catalogue:
    """Read the words of a language from its PO file; without a file every string stays English.

    Raises:
        LanguageError: for an unknown language, or naming file, line and fault of a PO file.
    """
    file = folder / f"{language}.po"
    changed = file.stat().st_mtime_ns if file.exists() else None
    return _catalogue(language, file, changed)


@lru_cache(maxsize=64)
def _catalogue(language: str, file: Path, changed: int | None) -> Catalogue:
    translations = gettext.NullTranslations() if changed is None else _read(file, language)
    return Catalogue(language, direction(language), translations)


def _read(file: Path, language: str) -> gettext.GNUTranslations:
    # Compiled in memory: the standard library reads only the compiled form, and none is committed.
    compiled = io.BytesIO()
    try:
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=_locale(language), abort_invalid=True))
    except PoFileError as error:
        raise LanguageError(f"{file}:{error.lineno + 1}: {error}; correct that entry") from error
    except UnicodeDecodeError as error:
        raise LanguageError(f"{file}: not UTF-8; save it as UTF-8") from error
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))


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
