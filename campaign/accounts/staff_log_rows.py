"""The rows of the log of what staff did, and what their signatures cover.

They are signed with the approval key, which is in the settings, so that who can only write to the database
makes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, String, Table, select, type_coerce

from campaign.keys import signing

ROW, DECISION, END = b"candle log 1", b"candle log decision 1", b"candle log end 1"
BEGINNING = ""  # what stands for the digest of a row before the first
MARK = "candle"  # who writes what the program itself found


@dataclass(frozen=True)
class LogEntry:
    """Who did what, about which message, batch or member; `minute` is UTC, and none of a decision."""

    day: date
    minute: str | None
    who: str
    what: str
    about: str

    @property
    def words(self) -> tuple[str, ...]:
        """Give what a signature covers of it."""
        return (self.day.isoformat(), self.minute or "", self.who, self.what, self.about)


@dataclass(frozen=True)
class LogRow:
    """An entry in its place: the number, and the digest of the row before."""

    number: int
    entry: LogEntry
    previous: str
    signature: str = ""

    @classmethod
    def of(cls, row: Row[Any]) -> LogRow:
        """Read it from the database, whoever wrote it there."""
        entry = LogEntry(_day(row.day), *map(_text, (row.minute, row.who, row.what, row.about)))
        return cls(row.number, entry, _text(row.previous), _text(row.signature))

    @property
    def digest(self) -> str:
        """Give what the next row's signature covers of this one and, through it, of all before."""
        return hashlib.sha256(signing.framed(ROW, *self._words(self.number))).hexdigest()

    def signed(self, key: str) -> LogRow:
        """Sign it."""
        return replace(self, signature=signing.sign(key, ROW, *self._words(self.number)))

    def is_signed(self, keys: Sequence[str], number: int | None = None) -> bool:
        """Tell whether one of the keys signed it, in its place or with another number."""
        return signing.valid(keys, self.signature, ROW, *self._words(number or self.number))

    def values(self) -> dict[str, Any]:
        """Give its columns."""
        own = {"number": self.number, "previous": self.previous, "signature": self.signature}
        return vars(self.entry) | own

    def _words(self, number: int) -> tuple[str, ...]:
        return (str(number), *self.entry.words, self.previous)


@dataclass(frozen=True)
class UnnumberedDecision:
    """A decision of a day that has not ended, which has no number yet."""

    id: str
    entry: LogEntry
    signature: str = ""

    @classmethod
    def of(cls, row: Row[Any]) -> UnnumberedDecision:
        """Read it from the database, whoever wrote it there."""
        entry = LogEntry(_day(row.day), None, *map(_text, (row.who, row.what, row.about)))
        return cls(_text(row.id), entry, _text(row.signature))

    def signed(self, key: str) -> UnnumberedDecision:
        """Sign it."""
        return replace(self, signature=signing.sign(key, DECISION, self.id, *self.entry.words))

    def is_signed(self, keys: Sequence[str]) -> bool:
        """Tell whether one of the keys signed it."""
        return signing.valid(keys, self.signature, DECISION, self.id, *self.entry.words)

    def stands_for(self, day: date, keys: Sequence[str]) -> bool:
        """Tell whether it counts as one of that day's: anybody may write others there."""
        return self.entry.day == day and self.is_signed(keys)

    def values(self) -> dict[str, Any]:
        """Give its columns."""
        kept = {name: value for name, value in vars(self.entry).items() if name != "minute"}
        return kept | {"id": self.id, "signature": self.signature}


@dataclass(frozen=True)
class End:
    """Where the log ends: the last row's number and digest, and how many decisions of the day follow."""

    number: int
    digest: str
    day: date
    decisions: int
    signature: str = ""

    @classmethod
    def of(cls, row: Row[Any]) -> End:
        """Read it from the database, whoever wrote it there."""
        return cls.read(row.number, row.digest, row.day, row.decisions, row.signature)

    @classmethod
    def read(cls, number: object, digest: object, day: object, decisions: object, signature: object) -> End:
        """Read what lies in its columns."""
        return cls(_whole(number), _text(digest), _day(day), _whole(decisions), _text(signature))

    def signed(self, key: str) -> End:
        """Sign it."""
        return replace(self, signature=signing.sign(key, END, *self._words()))

    def is_signed(self, keys: Sequence[str]) -> bool:
        """Tell whether one of the keys signed it."""
        return signing.valid(keys, self.signature, END, *self._words())

    def _words(self) -> tuple[str, ...]:
        return (str(self.number), self.digest, self.day.isoformat(), str(self.decisions))


def unchecked(table: Table) -> Select[Any]:
    """Read rows whose days are taken as they lie there: SQLite holds anything that somebody writes."""
    return select(*(type_coerce(c, String).label(c.name) if c.name == "day" else c for c in table.c))


# What is no day, text or number was written by nobody here: it stands for something that no key has signed.


def _day(value: object) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return date.min


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else repr(value)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else -1
