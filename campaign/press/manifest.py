"""manifest.csv: what lies where in a batch; manifest.json: what set it. No surname, no e-mail, no words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from campaign.errors import CandleError
from campaign.messages.formula_guard import guarded, unguarded
from campaign.storage.disk import opened_within, private_file

LONGEST = 64 * 2**20  # bytes, of some 100 a message
MOST_DIGITS = 9  # of a number: no batch has a thousand million cards
REMEDY = "work on a copy, and make it anew with `build.py batches CAMPAIGN reprint N`"


class ManifestError(CandleError):
    """A manifest that is not there, or not as it was written."""


class Entry(NamedTuple):
    """One line: a message's place."""

    card: int
    sheet: int
    position: int
    message: str
    text_sha256: str


_SINCE_LEFT_OUT = ("versions", "fonts")  # the same on each line of a manifest from before manifest.json


def start(path: Path) -> None:
    """Begin a manifest that only its owner may read: plain CSV (RFC 4180) with one header line."""
    with io.TextIOWrapper(private_file(path), encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(Entry._fields)


def add(path: Path, entries: Iterable[Entry]) -> None:
    """Add lines to a manifest."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(one._replace(message=guarded(one.message)) for one in entries)


def read(path: Path) -> list[Entry]:
    """Read a manifest back.

    Raises:
        ManifestError: it is missing or was changed, as a spreadsheet does that saves it.
    """
    try:
        with opened_within(path, LONGEST) as opened:
            written = io.TextIOWrapper(opened, encoding="utf-8", newline="")
            return list(_entries(path, csv.reader(written)))
    except FileNotFoundError as error:
        raise ManifestError(f"{path}: is missing; {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path}: is not in UTF-8, as it was written; {REMEDY}") from error
    except (OSError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ManifestError(f"{path}: cannot be read as it was written ({why}); {REMEDY}") from error


def _entries(path: Path, rows: Iterator[list[str]]) -> Iterator[Entry]:
    columns = tuple(next(rows, []))
    if columns not in (Entry._fields, Entry._fields + _SINCE_LEFT_OUT):
        raise ManifestError(f"{path}:1: its columns are not {','.join(Entry._fields)}; {REMEDY}")
    for line, row in enumerate(rows, 2):
        if len(row) != len(columns) or not all(map(_is_number, row[:3])) or len(row[4]) != 64:
            raise ManifestError(f"{path}:{line}: is not a line as it was written; {REMEDY}")
        card, sheet, position, message, text_sha256 = row[: len(Entry._fields)]
        yield Entry(int(card), int(sheet), int(position), unguarded(message), text_sha256)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS


def beside(sheets: Path) -> Path:
    """Say where the manifest of a file of sheets is."""
    if sheets.name.startswith("sheets"):
        return sheets.with_name("manifest.csv")
    return sheets.with_suffix(".csv")


def write_tools(path: Path, versions: Mapping[str, str], fonts: Mapping[str, str]) -> None:
    """Write the programs with their versions and the font files with their SHA-256, once for all lines."""
    tools = json.dumps({"versions": versions, "fonts": fonts}, indent=1, sort_keys=True)
    with private_file(path) as file:
        file.write(f"{tools}\n".encode())
