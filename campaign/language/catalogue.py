"""The interface's strings in a language, read from its PO file."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from campaign.errors import ContentError
from campaign.language import extraction, po_checks, po_files
from campaign.language.locales import Direction, canonical, direction, locale_of
from campaign.language.nonbreaking import tied


@dataclass(frozen=True)
class Catalogue:
    """The interface's strings in one language; one that is not translated stays English."""

    language: str
    direction: Direction
    strings: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        """Translate one string."""
        return self.strings.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """Translate one string that means different things in different places."""
        return self.strings.pgettext(context, message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate one string in the form that goes with `n`."""
        return self.strings.ngettext(singular, plural, n)


def read_catalogue(language: str, folder: Path = po_files.FOLDER) -> Catalogue:
    """Read the strings of a language from its PO file; without a file all stay English.

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
    compiled, catalog = io.BytesIO(), po_files.read(file, locale_of(language))
    for message in catalog:
        message.string = _tied(message, language)
    write_mo(compiled, catalog)
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))


def _tied(message: Message, language: str) -> str | tuple[str, ...]:
    if isinstance(message.string, str):
        return tied(message.string, language)
    return tuple(tied(form, language) for form in message.string or ())


def _file(language: str, folder: Path) -> Path:
    """Return the PO file of `pt-BR`, or that of `pt` where only it is there."""
    own, broader = folder / f"{language}.po", folder / f"{language.split('-')[0]}.po"
    return broader if broader.exists() and not own.exists() else own


def faults(language: str, strings: Catalog, folder: Path = po_files.FOLDER) -> Iterator[ContentError]:
    """Yield each fault of the language's PO file: what stays English, is fuzzy, unused, or broken."""
    file = _file(language, folder)
    if not file.exists():
        remedy = f"write it with: python build.py translate {language}, then translate it"
        yield ContentError(file, 0, "missing", remedy)
        return
    try:
        catalog = po_files.parse(file, locale_of(language))
        refused = list(po_checks.refusals(catalog))
        for found in refused or po_checks.faults(catalog, strings, f"python build.py translate {file.stem}"):
            yield ContentError(file, *found)
    except ContentError as fault:
        yield fault


def translated(folder: Path = po_files.FOLDER) -> list[str]:
    """List the languages that have a PO file."""
    return sorted(file.stem for file in folder.glob("*.po"))


def update(language: str, folder: Path = po_files.FOLDER) -> Path:
    """Write or bring up to date the language's PO file, ready to be translated.

    Raises:
        LanguageError: for an unknown language.
        ContentError: when the PO file has a fault.
    """
    file = folder / f"{canonical(language)}.po"
    po_files.update(file, locale_of(language), extraction.strings())
    return file
