"""Many new rows, straight to the driver: SQLAlchemy takes longer to pass one on than SQLite to store it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table
from sqlalchemy import insert as any_insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import ReturningInsert

Values = dict[str, Any]
ROWS_PER_STATEMENT = 64  # rows in a statement


@dataclass(frozen=True)
class _Prepared:
    """A statement as the driver takes it, and how each value, by its place, becomes one that SQLite holds."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def parameters(self, rows: Sequence[Values]) -> list[Any]:
        return [
            convert(values[name]) if convert else values[name]
            for values in rows
            for name, convert in self.columns
        ]


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows of the same columns, or none."""
    if connection.dialect.name == "sqlite":
        _insert_by_driver(connection, any_insert, table, rows)
    elif rows:
        connection.execute(any_insert(table), list(rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[Values]) -> bool:
    """Insert those rows whose keys are not there; True when all were new, to each other too.

    A row that somebody else writes at this moment is waited for.
    """
    if connection.dialect.name == "sqlite":
        return _insert_by_driver(connection, _sqlite_new, table, rows) == len(rows)
    return len(connection.execute(_postgresql_new(table).values(list(rows))).all()) == len(rows)


@cache
def _postgresql_new(table: Table) -> ReturningInsert[Any]:
    from sqlalchemy.dialects import postgresql  # late: 2 MB that a receiver on SQLite does without

    return postgresql.insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def _sqlite_new(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


def _insert_by_driver(
    connection: Connection, statement: Callable[[Table], Insert], table: Table, rows: Sequence[Values]
) -> int:
    """Let the driver insert the rows with few statements; returns the number of rows that are new."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # the dialect says so
    new = 0
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        some = rows[start : start + ROWS_PER_STATEMENT]
        prepared = _prepared(statement, table, tuple(some[0]), connection.dialect, len(some))
        try:
            new += driver.execute(prepared.sql, prepared.parameters(some)).rowcount
        except sqlite3.Error as error:
            raise DBAPIError.instance(prepared.sql, None, error, sqlite3.Error) from error
    return new


@lru_cache(maxsize=512)
def _prepared(
    statement: Callable[[Table], Insert], table: Table, names: tuple[str, ...], dialect: Dialect, count: int
) -> _Prepared:
    compiled = statement(table).compile(dialect=dialect, column_keys=list(names))
    types = [(name, table.c[name].type.dialect_impl(dialect)) for name in compiled.positiontup or ()]
    row = f"({', '.join('?' * len(types))})"
    sql = str(compiled).replace(f"VALUES {row}", f"VALUES {', '.join([row] * count)}")
    return _Prepared(sql, tuple((name, found.bind_processor(dialect)) for name, found in types))
