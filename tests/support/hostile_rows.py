"""A database with rows in every table, and what somebody may write into them who writes to its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, select

from campaign.accounts.staff_log import Scribe
from campaign.messages import asides, review
from campaign.storage.tables import metadata
from campaign.storage.untrusted_values import Unchecked
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY

NOW = datetime.now(UTC)  # sessions are as old as the clock says
VALUES: tuple[Any, ...] = (
    None, "", "xx", "a\0b", b"\xff\xfe", b"bytes", 0, -1, 2**31, 2**63 - 1, 1.5, float("inf"), "9999-12-31",
    "0001-01-01", "2026-13-45", "0001-01-01 00:00:00.000000", "null", "[]", "[1]", "5", '{"a": 1}',
    '"\\ud800"', "[" * 100_000, '[{"kind": "\\ud800", "field": "message", "start": 1e999, "end": {}}]',
    '[{"kind": "link", "field": "message", "start": 99999999999999999999, "end": -5, "more": 1}]',
    '[{"by": 1, "on": "x", "field": [], "why": null}]', '{"per_sheet": 0, "back_offset": ["x"], "card": []}',
    '{"card": "A6", "sheet": "A4", "duplex": "long-edge", "profile": "office", "back_offset": [1e999, 0]}',
    "../../etc/passwd", "/", "<script>evil(1)</script>", "\u202eevil\u2066\u200f", "x" * 20_000, "zz-ZZ-x-",
    "withdrawn", "translation",
)  # fmt: skip
TICKET = {
    "card": "A6", "sheet": "A4", "duplex": "long-edge", "profile": "office", "back_offset": [0, 0],
    "number": True, "per_sheet": 4,
}  # fmt: skip
FILE = {"name": "sheets.pdf", "sha256": "0" * 64, "bytes": 1, "reprint": 0}
BATCH_STATES = ("rendered", "printed", "posted", "planned", "void")


def fill(connection: Connection, sent: Sequence[str]) -> None:
    """Decide the messages in every way, and put as many rows into each other table."""
    keys, by = [APPROVAL_KEY], Scribe("olga", (APPROVAL_KEY,))
    for n, one in enumerate(sent):
        if n % 4 == 1:
            review.approve(connection, one, "olga", keys, TODAY)
        elif n % 4 == 2:
            review.reject(connection, one, "olga", "Spam", TODAY)
        elif n % 4 == 3:
            review.redact(connection, one, [Flag("cut", "message", 0, 1)], "olga", keys, TODAY, why="a name")  # type: ignore[arg-type]
        elif n % 8 == 4:
            asides.put(connection, one, "ask somebody", "olga", TODAY)
        by.record(connection, ("approved", "downloaded")[n % 2], f"mikita {one}")
    for table in metadata.sorted_tables:
        there = {tuple(row) for row in connection.execute(select(*table.primary_key.columns))}
        for n, one in enumerate(sent):
            row = {column.name: _good(table, column, n, one) for column in table.columns}
            key = tuple(row[column.name] for column in table.primary_key.columns)
            if table.name != "batches" and table.autoincrement_column is not None:
                del row[table.autoincrement_column.name]
            if table.name != "messages" and key not in there:
                connection.execute(insert(table).values(row))
                there.add(key)


def _good(table: Table, column: Column[Any], n: int, message: str) -> Any:
    """Give a value that the program could have written, another one for each row."""
    named = {
        "campaign": "mikita", "number": n + 1, "press": TICKET, "files": [FILE], "message": message,
        "flags": [], "redactions": [], "batch": n + 1, "card": 1, "position": 1, "minute": "10:00",
        "role": "coordinator",
        "what": "approved", "about": f"mikita {message}", "void_reason": "torn", "signatures": 5 + n,
        "state": BATCH_STATES[n % len(BATCH_STATES)], "up_to": n + 1, "cards": 1, "id": n + 1, "live": True,
    }  # fmt: skip
    if column.name == "id" and table.name == "staff_log_today":
        return f"{n:032}"
    if column.name in named:
        return named[column.name]
    kind = type(column.type.nearest) if isinstance(column.type, Unchecked) else column.type.python_type
    if kind is datetime:
        return NOW
    return TODAY - timedelta(n) if kind is date else kind(f"{n}".encode() if kind is bytes else n)


@contextmanager
def free_for_all(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file as somebody does who keeps to no rule of its tables."""
    opened = sqlite3.connect(path, isolation_level=None)
    opened.execute("PRAGMA ignore_check_constraints = ON")
    (version,) = opened.execute("PRAGMA schema_version").fetchone()
    opened.execute("PRAGMA writable_schema = ON")
    opened.execute("UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE type = 'table'")
    opened.execute(f"PRAGMA schema_version = {version + 1}")
    opened.close()
    opened = sqlite3.connect(path, isolation_level=None)
    opened.execute("PRAGMA ignore_check_constraints = ON")
    yield opened
    opened.close()


def write_over_all(opened: sqlite3.Connection, but: Collection[str]) -> int:
    """Put a value that nobody expects into a column of each row, in turn; returns how many."""
    written = 0
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if table.name not in but]
        rows = opened.execute(f"SELECT * FROM {table.name}").fetchall()
        for n, row in enumerate(rows if columns else ()):
            written += _write(opened, table, columns[n % len(columns)], row, VALUES[n * 5 % len(VALUES)])
    return written


def _write(
    opened: sqlite3.Connection, table: Table, column: Column[Any], row: Sequence[Any], value: Any
) -> int:
    same = " AND ".join(f'"{c.name}" IS ?' for c in table.columns if c.primary_key)
    key = [row[place] for place, c in enumerate(table.columns) if c.primary_key]
    change = f'UPDATE OR IGNORE {table.name} SET "{column.name}" = ? WHERE {same}'
    try:
        return opened.execute(change, (value, *key)).rowcount
    except sqlite3.IntegrityError:  # a number that counts up holds nothing else
        return 0


@contextmanager
def written_over(opened: sqlite3.Connection, table: Table, column: Column[Any]) -> Iterator[None]:
    """Put a value that nobody expects into a column of each row, another one into each; then all back."""
    marks = ", ".join("?" * len(table.columns))
    before = opened.execute(f"SELECT * FROM {table.name}").fetchall()
    for n, row in enumerate(before):
        _write(opened, table, column, row, VALUES[n % len(VALUES)])
    yield
    opened.execute(f"DELETE FROM {table.name}")
    opened.executemany(f"INSERT INTO {table.name} VALUES ({marks})", before)
