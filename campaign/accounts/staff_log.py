"""The log of what staff did: numbered, signed, each row over the one before, and only appended to.

A decision carries the day alone. Staff decide in the order in which messages came, so a day's decisions get
their numbers once it has ended, by lot: no order of theirs is kept. Until then each is signed by itself, and
their count with the end of the log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal, TypeVar, get_args

from sqlalchemy import Connection, delete, insert, update

from campaign.accounts.staff_log_rows import (
    BEGINNING,
    MARK,
    End,
    LogEntry,
    LogRow,
    UnnumberedDecision,
    unchecked,
)
from campaign.settings import Settings
from campaign.storage.chunks import CHUNK
from campaign.storage.database import Work
from campaign.storage.lease import wait_for_like
from campaign.storage.tables import staff_log, staff_log_end, staff_log_today

T = TypeVar("T")

# What names a message: its minute could tell when the message was written.
Decided = Literal[
    "approved",
    "approved once",
    "rejected",
    "reopened",
    "cut",
    "put back",
    "translated",
    "set aside",
    "erased",
]
Done = Literal[
    "signed in",
    "signed out",
    "signed out everywhere",
    "gave a wrong code",
    "added",
    "invited",
    "accepted the invitation",
    "reset",
    "let in",
    "disabled",
    "gave a role",
    "changed the password",
    "enrolled a phone",
    "made a batch",
    "printed",
    "posted",
    "took back",
    "reprinted",
    "made the keepsake",
    "started",
    "stopped",
    "vouched",
    "downloaded",
    "exported translations",
    "imported translations",
    "opened details",
    "purged",
    "backed up",
    "restored",
    "erased again",
    "renewed the keys",
]
DECISIONS = frozenset(get_args(Decided))
RENEWED: Done = "renewed the keys"
RESTORED: Done = "restored"
DAMAGED = "found damage"  # written by the program itself; such a row is a fault
SHELL = "shell"  # whoever works there without a name


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Scribe:
    """Writes down what one person does, in the transaction that does it."""

    who: str
    keys: Sequence[str] = field(repr=False)
    now: Callable[[], datetime] = _now

    @classmethod
    def of(cls, settings: Settings) -> Scribe:
        """Write in the name of whoever works with these settings."""
        return cls(settings.staff or SHELL, settings.approval_keys)

    @property
    def can_sign(self) -> bool:
        """Tell whether there is a key; without one nothing is written."""
        return bool(self.keys[0])

    def record(self, connection: Connection, what: Decided | Done, *about: str) -> None:
        """Append an entry for each of `about`; call it last in a transaction, see `append`."""
        if self.can_sign:
            moment = self.now().astimezone(UTC)
            minute = None if what in DECISIONS else f"{moment:%H:%M}"
            entries = [LogEntry(moment.date(), minute, self.who, what, one) for one in about]
            append(connection, self.keys, entries, moment.date())

    def recording(self, work: Work[T], what: Decided | Done, *about: str) -> Work[T]:
        """Return work that also records itself; where nothing is said about it, what it returns is that."""

        def both(connection: Connection) -> T:
            done = work(connection)
            self.record(connection, what, *(about or (str(done),)))
            return done

        return both


NOBODY = Scribe(SHELL, ("",))  # of whom nothing is written


def append(
    connection: Connection,
    keys: Sequence[str],
    entries: Sequence[LogEntry],
    today: date,
    found: Sequence[str] = (),
) -> None:
    """Append entries in one go, after what was `found` to be wrong. Call it last in a transaction: until
    COMMIT nobody else appends, so whoever took another lock after it could wait in a circle.
    """
    lock(connection)
    end, damage = _trusted_end(connection, keys, today)
    numbered = [LogEntry(today, None, MARK, DAMAGED, told) for told in (*damage, *found)]
    if end.day != today:
        numbered += _decisions_by_lot(connection, keys, end, today)
        end = replace(end, day=today, decisions=0)
    numbered += [entry for entry in entries if entry.minute]
    decided = [entry for entry in entries if not entry.minute]
    rows = list(_chained(end, numbered, keys[0]))
    if rows:
        connection.execute(insert(staff_log), [row.values() for row in rows])
        end = replace(end, number=rows[-1].number, digest=rows[-1].digest)
    if decided:
        new = (UnnumberedDecision(secrets.token_hex(16), entry).signed(keys[0]) for entry in decided)
        connection.execute(insert(staff_log_today), [decision.values() for decision in new])
    write_end(connection, replace(end, decisions=end.decisions + len(decided)).signed(keys[0]))


def read_rows(connection: Connection) -> Iterator[LogRow]:
    """Yield the numbered rows in their order."""
    chosen = unchecked(staff_log).order_by(staff_log.c.number).execution_options(yield_per=CHUNK)
    return map(LogRow.of, connection.execute(chosen))


def read_decisions(connection: Connection) -> list[UnnumberedDecision]:
    """Return the decisions that have no number yet, in no order."""
    return [
        UnnumberedDecision.of(row)
        for row in connection.execute(unchecked(staff_log_today).order_by(staff_log_today.c.id))
    ]


def read_end(connection: Connection) -> End | None:
    """Return where the log says that it ends; None while nothing was ever written."""
    row = connection.execute(unchecked(staff_log_end).order_by(staff_log_end.c.id)).first()
    return End.of(row) if row else None


def write_end(connection: Connection, end: End) -> None:
    """Write down where the log ends."""
    if not connection.execute(update(staff_log_end).values(vars(end))).rowcount:
        connection.execute(insert(staff_log_end).values(id=1, **vars(end)))


def lock(connection: Connection) -> None:
    """Let appends run one after another until COMMIT, as SQLite's writers do anyway."""
    wait_for_like(connection, "staff log")


def _trusted_end(connection: Connection, keys: Sequence[str], today: date) -> tuple[End, list[str]]:
    """Return where the log ends, and what is wrong with what is written about that."""
    end = read_end(connection)
    row = connection.execute(unchecked(staff_log).order_by(staff_log.c.number.desc()).limit(1)).one_or_none()
    last = LogRow.of(row) if row else None
    number, digest = (last.number, last.digest) if last else (0, BEGINNING)
    if end and end.is_signed(keys) and (end.number, end.digest) == (number, digest):
        return end, []
    decisions = read_decisions(connection)
    if end is None and last is None and not decisions:
        return End(0, BEGINNING, today, 0), []
    known = f"{end.number}" if end and end.is_signed(keys) else "nothing that a key here signed"
    day = end.day if end else today
    decided = sum(decision.stands_for(day, keys) for decision in decisions)
    told = f"the last row was {number}, and its end said {known}"
    return End(number, digest, day, decided), [told]


def _decisions_by_lot(
    connection: Connection, keys: Sequence[str], end: End, today: date
) -> Iterable[LogEntry]:
    """Take out the decisions of a day that has ended; what no key here signed is counted and left out."""
    found = read_decisions(connection)
    connection.execute(delete(staff_log_today))
    good = [one.entry for one in found if one.stands_for(end.day, keys)]
    secrets.SystemRandom().shuffle(good)
    if len(good) == end.decisions == len(found):
        return good
    told = f"{end.decisions} decisions of {end.day} were made; found {len(found)}, signed {len(good)}"
    return [*good, LogEntry(today, None, MARK, DAMAGED, told)]


def _chained(end: End, entries: Iterable[LogEntry], key: str) -> Iterator[LogRow]:
    previous = end.digest
    for number, entry in enumerate(entries, end.number + 1):
        row = LogRow(number, entry, previous).signed(key)
        previous = row.digest
        yield row
