"""The file that goes to a translator and comes back: CSV for spreadsheets, JSON lines for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TextIO

from campaign.messages.formula_guard import guarded, unguarded
from campaign.messages.message import Message
from campaign.messages.translations import Faults, Translation, TranslationError, text_sha256
from campaign.storage.disk import opened_within, private_file

COLUMNS = ("id", "language", "text", "translation", "text_sha256")
NEEDED = ("id", "translation", "text_sha256")
SUFFIXES = (".csv", ".jsonl")
LONGEST = 256 * 2**20  # bytes: of 100,000 messages with their translations some 100 MB
MOST = 250_000  # translations of one file, all of which are held
SEVERAL = "save it once more, in several files if it is long"
SEPARATORS = ",;\t"  # a spreadsheet writes the one of its own language
SEPARATOR_TOLD = re.compile(f'"?sep=([{SEPARATORS}|])"?', re.IGNORECASE)  # Excel's own first line


def write(file: Path, messages: Iterable[Message], note: Callable[[], object] = lambda: None) -> None:
    """Write messages to be translated, readable by nobody else; no name goes with them.

    `note` records that they are given to somebody: where it fails there is no file.

    Raises:
        TranslationError: the file is there already, or cannot be written.
    """
    rows = [_row(message) for message in messages]
    content = _as_csv(rows) if file.suffix.lower() == ".csv" else _as_json_lines(rows)
    try:
        with private_file(file) as out, _removed_unless_whole(file):
            out.write(content)
            out.flush()
            note()
    except FileExistsError as error:
        raise TranslationError(
            f"{file}: is there already, perhaps with somebody's work; name another file"
        ) from error
    except OSError as error:
        raise TranslationError(f"{file}: cannot be written ({error.strerror}); name another file") from error


@contextmanager
def _removed_unless_whole(file: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        file.unlink()
        raise


def read(file: Path) -> list[Translation]:
    """Read the translations of a file that came back; a row without one is passed over.

    Raises:
        TranslationError: naming file, line and remedy of each fault.
    """
    read_rows = _from_csv if file.suffix.lower() == ".csv" else _from_json_lines
    found: list[Translation] = []
    with _decoded(file) as text:
        for place, row in read_rows(file, text):
            if row["translation"].strip():
                if len(found) == MOST:
                    raise TranslationError(f"{place}: more than {MOST:,} translations; {SEVERAL}")
                names = row["id"].strip(), row["text_sha256"].strip()
                found.append(Translation(place, *names, row["translation"]))
    return found


def _row(message: Message) -> dict[str, str]:
    return {
        "id": message.id,
        "language": message.language,
        "text": message.text,
        "translation": message.translation or "",
        "text_sha256": text_sha256(message.text),
    }


def _as_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write what Excel reads as UTF-8, by its mark, and what no spreadsheet runs."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({name: guarded(cell) for name, cell in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _as_json_lines(rows: Iterable[Mapping[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


@contextmanager
def _decoded(file: Path) -> Iterator[TextIO]:
    """Give its letters, read as they are asked for; a line ends at every kind of line break, and with it."""
    try:
        with opened_within(file, LONGEST) as opened:
            yield io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise TranslationError(f"{file}: cannot be read ({error.strerror}); {SEVERAL}") from error
    except UnicodeDecodeError as error:
        raise TranslationError(f"{file}: is not UTF-8; save it as CSV in the encoding UTF-8") from error


def _from_csv(file: Path, lines: Iterator[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield rows by their columns' names; a row is placed by its first line, and a cell may hold several.

    Before the columns' names a spreadsheet may leave empty lines, and one that says which separator it took.
    """
    begin, separator, names_line = _opening(lines)
    reader = csv.reader(chain([names_line], lines), delimiter=separator, strict=True)
    try:
        names = _names(f"{file}:{begin + 1}", next(reader, []))
        faults = Faults()
        line = begin + reader.line_num + 1
        for cells in reader:
            place, line = f"{file}:{line}", begin + reader.line_num + 1
            if fault := _miscounted(cells, names):
                faults.add(f"{place}: {fault}")
            elif any(cells):
                yield place, dict(zip(names, map(unguarded, cells), strict=False))
    except csv.Error as error:
        raise TranslationError(
            f"{file}:{begin + reader.line_num}: {error}; save it as CSV once more"
        ) from error
    faults.refuse()


def _opening(lines: Iterator[str]) -> tuple[int, str, str]:
    """Pass over what stands before the columns' names; return their line's number, separator and words."""
    told, number = None, -1
    for number, line in enumerate(lines):
        if told_here := SEPARATOR_TOLD.fullmatch(line.strip("\r\n")):
            told = told_here[1]
        elif line.strip(f'{SEPARATORS} "\r\n'):
            return number, told or max(SEPARATORS, key=line.count), line
    return number + 1, SEPARATORS[0], ""


def _names(place: str, cells: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in cells]
    if missing := [name for name in NEEDED if name not in names]:
        raise TranslationError(f"{place}: no column {', '.join(missing)}; keep the columns as exported")
    if doubled := [name for name in NEEDED if names.count(name) > 1]:
        raise TranslationError(f"{place}: two columns {', '.join(doubled)}; keep the columns as exported")
    return names


def _miscounted(cells: Sequence[str], names: Sequence[str]) -> str | None:
    """Say why a row is none: what was torn off it would be lost without a word."""
    if not any(cells) or (len(cells) >= len(names) and not any(cells[len(names) :])):
        return None
    return (
        f"{len(cells)} cells under {len(names)} columns, as where a line break or a separator stands in a"
        " cell without quotation marks; put the row on one line, or save it once more with all cells quoted"
    )


def _from_json_lines(file: Path, lines: Iterator[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{file}:{number}", _object(f"{file}:{number}", line)


def _object(place: str, line: str) -> Mapping[str, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TranslationError(f"{place}: is no JSON; write one object a line, as exported") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in NEEDED):
        raise TranslationError(f"{place}: wants {', '.join(NEEDED)} as strings, as exported")
    return row
