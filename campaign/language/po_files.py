"""PO files: read, refused where a page would fail by them, and kept up with the code."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from datetime import datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from campaign import ROOT
from campaign.errors import ContentError
from campaign.language import po_checks

FOLDER = ROOT / "site" / "translations"
HEADER = "# Candle's words in another language. Leave places such as %(name)s as they are."
FORM = "# msgstr["
SHOWN = 5  # numbers of each plural form
# No page needs them, and one that nobody filled in would keep Babel from reading all the rest.
DATE = re.compile(rb'(?<=["n])(?:POT-Creation|PO-Revision)-Date:([^"\\\n]*)(?:\\n)?')
ADDED = 'add it, or write \\" where it is one that readers see'
QUOTED = re.compile(r'(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"')


def read(file: Path, locale: Locale) -> Catalog:
    """Read a PO file, and refuse one that would fail while a page is made.

    Raises:
        ContentError: with the file, the line and the first fault.
    """
    catalog = parse(file, locale)
    for line, fault, remedy in po_checks.refusals(catalog):
        raise ContentError(file, line, fault, remedy)
    return catalog


def parse(file: Path, locale: Locale) -> Catalog:
    """Read a PO file whose entries may have faults.

    Raises:
        ContentError: where it cannot be read, with the line and the fault.
    """
    try:
        written = file.read_bytes().removeprefix(BOM_UTF8)
        text = written.decode()  # whatever its header says
        source = DATE.sub(_readable, written)
        catalog = read_po(BytesIO(source), locale=locale, abort_invalid=True)
        po_checks.numbers_by_form(catalog)
    except PoFileError as error:
        what = re.sub(r" on \d+$", "", str(error))  # it counts lines from 0
        raise ContentError(file, error.lineno + 1, f"{what}: {error.line}", "correct that entry") from error
    except (UnicodeDecodeError, LookupError) as error:
        raise ContentError(file, 0, "not UTF-8", "save the file in the encoding UTF-8") from error
    except (ValueError, ArithmeticError) as error:
        remedy = f'write "Plural-Forms: {Catalog(locale=locale).plural_forms}\\n"'
        raise ContentError(file, 0, "the plural forms of its header cannot be read", remedy) from error
    _check_quotes(file, text)
    return catalog


def _readable(date: re.Match[bytes]) -> bytes:
    """Return a date of the header; nothing in its place where Babel cannot read it."""
    try:
        when = date[1].decode()
        datetime.strptime(when, " %Y-%m-%d %H:%M%z")
    except ValueError:
        return b""
    return date[0] if when[-5] in "+-" else b""


def _check_quotes(file: Path, text: str) -> None:
    """Refuse a line that lacks a quotation mark: Babel would take its last letter for one."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(("msg", '"')) and not QUOTED.fullmatch(line.strip()):
            raise ContentError(file, number, f"a quotation mark is missing: {line.strip()[-40:]}", ADDED)


def update(file: Path, locale: Locale, strings: Catalog) -> None:
    """Write a PO file that holds every string, with the translations that there are."""
    catalog = read(file, locale) if file.exists() else _empty(locale)
    if file.exists():
        strings.creation_date = catalog.creation_date  # else each run would change the file
    catalog.update(strings)
    catalog.obsolete.clear()
    catalog.header_comment = _header(catalog)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.part")  # a full disk must cost no translation
    with unfinished.open("wb") as target:
        write_po(target, catalog, width=100, include_lineno=False, sort_by_file=True)
    unfinished.replace(file)


def _empty(locale: Locale) -> Catalog:
    return Catalog(locale=locale, project="Candle", version="1", fuzzy=False, header_comment=HEADER)


def _header(catalog: Catalog) -> str:
    """Say which form is for which numbers, as programs count them differently; keep what others wrote."""
    lines = [HEADER]
    for place, numbers in enumerate(po_checks.numbers_by_form(catalog)):
        shown = ", ".join(map(str, numbers[:SHOWN])) + (" …" if len(numbers) > SHOWN else "")
        lines.append(f"{FORM}{place}] is for {shown or 'no whole number'}")
    there = catalog.header_comment
    if there != Catalog(locale=catalog.locale).header_comment:  # Babel's own, where a file has no header
        kept = (line for line in there.split("\n") if line not in {"", HEADER})
        lines += (line for line in kept if not line.startswith(FORM))
    return "\n".join(lines)
