"""Values read whatever they are: SQLite keeps anything in any column, and whoever can write to it chooses.

What the column does not allow is read as what tells the least, so that no page ends in the middle. Nothing is
believed for it: words and decisions are good by their signatures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Dialect,
    Integer,
    Label,
    MetaData,
    String,
    TypeDecorator,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from campaign.storage.columns import Moment

LAST_YEAR = 2999  # beyond it, and before the earliest day, nothing can be reckoned with a day
DAY, MOMENT = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
NEAREST = ((Moment, MOMENT), (Date, DAY), (Integer, 0), (String, ""))


class Unchecked(TypeDecorator[Any]):
    """A column's type that reads any value of SQLite as one of its own."""

    impl = String
    cache_ok = True
    fills = False

    def __init__(self, kept: TypeEngine[Any], nearest: Any) -> None:
        super().__init__()
        self.kept = kept
        self.impl = kept  # type: ignore[assignment] # each column has its own
        self.nearest = nearest

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Compare as the column's own type does."""
        return self.impl_instance.coerce_compared_value(op, value)

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read a column that must hold something, and what is made of columns as it is: it may be nothing."""
        itself = column.element if isinstance(column, Label) else column
        if isinstance(itself, Column) and not itself.nullable:
            return type_coerce(itself, Required(self.kept, self.nearest))
        return column

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read what the column allows as its own type does, and anything else as what is nearest."""
        own = super().result_processor(dialect, coltype)
        if dialect.name != "sqlite":
            return own
        kind, nearest, fills = type(self.nearest), self.nearest, self.fills

        def read(value: Any) -> Any:
            if type(value) is kind:
                return value
            if value is None:
                return nearest if fills else None
            return _READ[kind](value, own, nearest)

        return read


class Required(Unchecked):
    """The same of a column that must hold something: nothing reads as what is nearest too."""

    cache_ok = True
    fills = True


def reckonable(day: date, nearest: date) -> date:
    """Return a day or moment with which something can be reckoned: this one, or the nearest."""
    return day if nearest.year <= day.year <= LAST_YEAR else nearest


def read_anything(metadata: MetaData) -> None:
    """Let every column of words, numbers, days and moments read whatever a file holds."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            nearest = next((value for kind, value in NEAREST if isinstance(column.type, kind)), None)
            if nearest is not None and column is not table.autoincrement_column:
                column.type = Unchecked(column.type, nearest)


def read_json(written: Any) -> Any:
    """Read JSON, and None for what is none; half a character, which no browser can be sent, as "?"."""
    if written in ("[]", b"[]"):  # as nearly all flags and cuts are
        return []
    try:
        read = json.loads(written)
        if "\\u" in str(written):
            read = json.loads(json.dumps(read, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, TypeError, RecursionError):
        return None
    return read


def _words(value: Any, _own: object, _nearest: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _whole(value: Any, _own: object, nearest: int) -> int:
    try:
        return int(value) if isinstance(value, float) else nearest
    except (ValueError, OverflowError):  # no number, or without an end
        return nearest


def _day(value: Any, own: Callable[[Any], date], nearest: date) -> date:
    try:
        read = own(value)
    except (ValueError, TypeError):
        return nearest
    return reckonable(read, nearest)


_READ: dict[type, Callable[[Any, Any, Any], Any]] = {str: _words, int: _whole, date: _day, datetime: _day}
