"""manifest.csv: what lies where in a batch, and what set it. No surname, no e-mail, no words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from campaign.errors import CandleError
from campaign.storage.disk import private_file

DIGITS = 16  # of a font's SHA-256: enough to tell two versions apart, and readable in a table

REMEDY = "work on a copy, and make it anew with `build.py batches CAMPAIGN reprint N`"


class ManifestError(CandleError):
    """A manifest that is not there, or not as it was written."""


class Entry(NamedTuple):
    """One line: a message's place. `versions` and `fonts` repeat, so that each line stands for itself."""

    card: int
    sheet: int
    position: int
    message: str
    text_sha256: str
    versions: str
    fonts: str


def start(path: Path) -> None:
    """Begin a manifest that only its owner may read: plain CSV (RFC 4180) with one header line."""
    with io.TextIOWrapper(private_file(path), encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(Entry._fields)


def add(path: Path, entries: Iterable[Entry]) -> None:
    """Add lines to a manifest."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(entries)


def read(path: Path) -> list[Entry]:
    """Read a manifest back.

    Raises:
        ManifestError: it is missing or was changed, as a spreadsheet does that saves it.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(_entries(path, csv.reader(file)))
    except FileNotFoundError as error:
        raise ManifestError(f"{path}: is missing; {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path}: is not in UTF-8, as it was written; {REMEDY}") from error


def _entries(path: Path, rows: Iterator[list[str]]) -> Iterator[Entry]:
    if next(rows, []) != list(Entry._fields):
        raise ManifestError(f"{path}:1: its columns are not {','.join(Entry._fields)}; {REMEDY}")
    for line, row in enumerate(rows, 2):
        if len(row) != len(Entry._fields) or not all(number.isdecimal() for number in row[:3]):
            raise ManifestError(f"{path}:{line}: is not a line as it was written; {REMEDY}")
        card, sheet, position, *words = row
        yield Entry(int(card), int(sheet), int(position), *words)


def beside(sheets: Path) -> Path:
    """Say where the manifest of a file of sheets is."""
    if sheets.name.startswith("sheets"):
        return sheets.with_name("manifest.csv")
    return sheets.with_suffix(".csv")


def listed(versions: Mapping[str, str]) -> str:
    """Write names and versions, or font files and hashes, in one cell: `a 1; b 2`."""
    return "; ".join(f"{name} {version[:DIGITS]}" for name, version in sorted(versions.items()))
