"""PO files: read, refused where a page would fail by them, and kept up with the code."""

from __future__ import annotations

import re
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from campaign import ROOT
from campaign.errors import ContentError
from campaign.language import po_checks

FOLDER = ROOT / "site" / "translations"
HEADER = "# Candle's words in another language. Leave places such as %(name)s as they are."
QUOTED = re.compile(r'(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"')


def read(file: Path, locale: Locale) -> Catalog:
    """Read a PO file, and refuse one that would fail while a page is made.

    Raises:
        ContentError: with the file, the line and the fault.
    """
    try:
        with file.open("rb") as source:
            catalog = read_po(source, locale=locale, abort_invalid=True)
    except PoFileError as error:
        what = re.sub(r" on \d+$", "", str(error))  # it counts lines from 0
        raise ContentError(file, error.lineno + 1, f"{what}: {error.line}", "correct that entry") from error
    except (UnicodeDecodeError, LookupError) as error:
        raise ContentError(file, 0, "not UTF-8", "save the file in the encoding UTF-8") from error
    _check_quotes(file)
    for line, fault, remedy in po_checks.refusals(catalog):
        raise ContentError(file, line, fault, remedy)
    return catalog


def _check_quotes(file: Path) -> None:
    """Refuse a line that lacks a quotation mark: Babel would take its last letter for one."""
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if line.startswith(("msg", '"')) and not QUOTED.fullmatch(line.strip()):
            raise ContentError(file, number, f"a quotation mark is missing: {line.strip()[-40:]}", "add it")


def update(file: Path, locale: Locale, strings: Catalog) -> None:
    """Write a PO file that holds every string, with the translations that there are."""
    catalog = read(file, locale) if file.exists() else _empty(locale)
    if file.exists():
        strings.creation_date = catalog.creation_date  # else each run would change the file
    catalog.update(strings)
    catalog.obsolete.clear()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalog, width=100, include_lineno=False, sort_by_file=True)


def _empty(locale: Locale) -> Catalog:
    return Catalog(locale=locale, header_comment=HEADER, project="Candle", version="1", fuzzy=False)
