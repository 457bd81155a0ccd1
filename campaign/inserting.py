"""New rows, by the shortest way: SQLAlchemy takes longer to hand one over than SQLite to store it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table
from sqlalchemy import insert as any_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import ReturningInsert

Values = dict[str, Any]


@dataclass(frozen=True)
class _Prepared:
    """A statement as the driver takes it, and how each value in its turn becomes one that SQLite holds."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def row(self, values: Values) -> tuple[Any, ...]:
        return tuple(convert(values[name]) if convert else values[name] for name, convert in self.columns)


def insert(connection: Connection, table: Table, values: Values) -> None:
    """Insert a row, its values by their columns."""
    if connection.dialect.name == "sqlite":
        _hand_over(connection, any_insert, table, values)
    else:
        connection.execute(any_insert(table), values)


def insert_new(connection: Connection, table: Table, values: Values) -> bool:
    """Insert a row; False when its key is there, also when somebody else writes it at this moment."""
    if connection.dialect.name == "sqlite":
        return _hand_over(connection, _sqlite_new, table, values) == 1
    return connection.execute(_postgresql_new(table), values).first() is not None


@cache
def _postgresql_new(table: Table) -> ReturningInsert[Any]:
    return postgresql.insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def _sqlite_new(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


def _hand_over(
    connection: Connection, statement: Callable[[Table], Insert], table: Table, values: Values
) -> int:
    """Let the driver run a statement; returns the number of rows that are new."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # the dialect says so
    prepared = _prepared(statement, table, tuple(values), connection.dialect)
    try:
        return driver.execute(prepared.sql, prepared.row(values)).rowcount
    except sqlite3.Error as error:
        raise DBAPIError.instance(prepared.sql, None, error, sqlite3.Error) from error


@lru_cache(maxsize=128)
def _prepared(
    statement: Callable[[Table], Insert], table: Table, names: tuple[str, ...], dialect: Dialect
) -> _Prepared:
    compiled = statement(table).compile(dialect=dialect, column_keys=list(names))
    types = [(name, table.c[name].type.dialect_impl(dialect)) for name in compiled.positiontup or ()]
    return _Prepared(str(compiled), tuple((name, found.bind_processor(dialect)) for name, found in types))
