"""The log of what staff did, checked: each row, what it follows on, its end, and what was noted elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from sqlalchemy import Connection

from campaign.accounts.staff_log import DAMAGED, RENEWED, RESTORED, read_decisions, read_end, read_rows
from campaign.accounts.staff_log_rows import BEGINNING, MARK, ROW, End, LogRow, UnnumberedDecision, unchecked
from campaign.keys import signing
from campaign.storage.database import Database
from campaign.storage.postgresql import hold_still
from campaign.storage.tables import staff_log

MOST_TRIES = 50  # numbers with which a row is tried that is not signed with its own
OLDER_KEY = "an older key belongs into CANDLE_APPROVAL_KEY_FALLBACKS until `build.py keys renew`"


@dataclass(frozen=True)
class Noted:
    """Where the log ended when a backup was made, and the place where that is written."""

    place: str
    made_on: date
    end: End


@dataclass(frozen=True)
class Verified:
    """How many rows there are, and decisions without a number yet; the last digest; faults, and notes."""

    rows: int
    decisions: int
    digest: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass
class _Walk:
    """The log, row by row; `vouched` is the last row that says that keys were renewed.

    What is before that one needs no older key: it is signed over the digest of all of it.
    """

    keys: Sequence[str]
    vouched: int
    noted: frozenset[int]
    last: LogRow | None = None
    count: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changed: list[LogRow] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)  # of the rows that were noted elsewhere
    decided: dict[date, int] = field(default_factory=dict)
    # From which to which row others were lost, and on which day.
    restored: list[tuple[int, int, date]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.last.number if self.last else 0

    @property
    def digest(self) -> str:
        return self.last.digest if self.last else BEGINNING

    def step(self, row: LogRow) -> None:
        if row.number > self.number + 1:
            self._miss(self.number + 1, row.number - 1)
        elif row.previous != self.digest:
            self._break(row)
        signed = row.is_signed(self.keys)
        if signed:
            self._read(row)
        elif row.signature.partition(".")[0] in {signing.key_id(key, ROW) for key in self.keys}:
            self.changed.append(row)
        elif row.number > self.vouched:
            self.faults.append((row.number, f"signed by no key here; {OLDER_KEY}"))
        if row.number in self.noted:
            self.digests[row.number] = row.digest
        if (signed or row.number < self.vouched) and not row.entry.minute and row.entry.what != DAMAGED:
            self.decided[row.entry.day] = self.decided.get(row.entry.day, 0) + 1
        self.last, self.count = row, self.count + 1

    def _miss(self, first: int, last: int) -> None:
        self.missing += range(first, min(last, first + MOST_TRIES) + 1)
        self.faults.append((first, "removed" if first == last else f"removed, and all to row {last}"))

    def _break(self, row: LogRow) -> None:
        before = f"row {row.number - 1} is not the one" if row.number > 1 else "it is not the first"
        self.faults.append((row.number, f"{before} that it was written after"))

    def _read(self, row: LogRow) -> None:
        if row.entry.what == RESTORED:
            self.restored.append((row.number, _last_known(row.entry.about), row.entry.day))
        if (row.entry.who, row.entry.what) == (MARK, DAMAGED):
            told = f"says that the log was damaged: {row.entry.about}"
            if row.number < self.vouched:
                self.notes.append(f"row {row.number}: {told}")
            else:
                self.faults.append((row.number, told))

    def faulty_rows(self) -> dict[int, str]:
        """Map each row that is wrong to what is wrong with it."""
        told = dict(reversed(self.faults))
        for row in self.changed:
            others = chain(self.missing, (one.number for one in self.changed))
            numbers = islice(chain((row.number - 1, row.number + 1), others), MOST_TRIES)
            own = (n for n in numbers if n > 0 and row.is_signed(self.keys, n))
            place = next(own, None)
            told[row.number] = (
                f"moved: it was written as row {place}" if place else "changed, or put in by somebody else"
            )
            if "is not the one" in told.get(row.number + 1, ""):
                del told[row.number + 1]  # it tells the same
        return dict(sorted(told.items()))


def verify_all(database: Database, keys: Sequence[str], noted: Sequence[Noted] = ()) -> Verified:
    """Check the log of a database as it is at one moment, while others append to it."""
    with database.read() as connection:
        hold_still(connection)
        return verify(connection, keys, noted)


def verify(connection: Connection, keys: Sequence[str], noted: Sequence[Noted] = ()) -> Verified:
    """Check the log: each row by its signature and its place, its end, and what was noted elsewhere."""
    walk = _Walk(keys, vouched_to(connection, keys), frozenset(one.end.number for one in noted))
    for row in read_rows(connection):
        walk.step(row)
    decisions, end = read_decisions(connection), read_end(connection)
    explained, lost = _compare(walk, noted, decisions)
    rows = walk.faulty_rows()
    faults = [f"row {number}: {told}" for number, told in rows.items()]
    faults += _end_faults(walk, end, decisions, named=walk.number in rows)
    return Verified(walk.count, len(decisions), walk.digest, (*faults, *lost), (*walk.notes, *explained))


def vouched_to(connection: Connection, keys: Sequence[str]) -> int:
    """Return the number of the last row that says that keys were renewed, and is signed by one of these."""
    chosen = unchecked(staff_log).where(staff_log.c.what == RENEWED).order_by(staff_log.c.number.desc())
    rows = map(LogRow.of, connection.execute(chosen))
    return next((row.number for row in rows if row.is_signed(keys)), 0)


def _end_faults(
    walk: _Walk, end: End | None, decisions: Sequence[UnnumberedDecision], *, named: bool
) -> Iterator[str]:
    """Check what is written about the end of the log, and the decisions that have no number yet.

    `named`: of the last row it is told already that something is wrong with it.
    """
    if end is None and (walk.count or decisions):
        yield "the end: removed, so that nothing tells which row is the last"
    if end is None:
        return
    if not end.is_signed(walk.keys):
        yield f"the end: changed, or signed by no key here; {OLDER_KEY}"
        return
    if end.number > walk.number:
        yield f"row {walk.number + 1}: removed, and all to row {end.number}, the last"
    elif end.number < walk.number:
        yield f"row {end.number + 1}: put in by somebody else: the log ends with row {end.number}"
    elif end.digest != walk.digest and not named:
        yield f"row {walk.number}: not the one that the log ends with"
    bad = [one for one in decisions if not one.stands_for(end.day, walk.keys)]
    for one in bad:
        yield f"decision {one.id[:8]} of {one.entry.day}: changed, or put in by somebody else"
    if (good := len(decisions) - len(bad)) != end.decisions:
        yield f"decisions of {end.day}: {end.decisions} were made, and {good} are there"


def _compare(
    walk: _Walk, noted: Sequence[Noted], decisions: Sequence[UnnumberedDecision]
) -> tuple[list[str], list[str]]:
    """Compare with what was noted elsewhere: what a restored backup explains, and what nothing does."""
    explained, lost = [], []
    for one in noted:
        end = one.end
        told = _difference(walk, end, decisions)
        if told and not end.is_signed(walk.keys):
            explained.append(f"{told} that {one.place} notes, which no key here signed")
        elif told and any(_was_lost(end, *restored) for restored in walk.restored):
            explained.append(f"{told} that {one.place} noted on {one.made_on}; a backup was restored since")
        elif told:
            lost.append(
                f"{told} that {one.place} noted on {one.made_on}: "
                "rows were cut off at the end, or an older backup was restored"
            )
    return explained, lost


def _difference(walk: _Walk, end: End, decisions: Sequence[UnnumberedDecision]) -> str:
    """Say what is not there of a log that ended so once."""
    if end.number and walk.digests.get(end.number) != end.digest:
        return f"row {end.number}: not the one"
    today = sum(made.stands_for(end.day, walk.keys) for made in decisions)
    decided = walk.decided.get(end.day, 0) + today
    return f"decisions of {end.day}: {decided}, not the {end.decisions}" if decided < end.decisions else ""


def _was_lost(end: End, first: int, last: int, restored_on: date) -> bool:
    """Tell whether a restored backup explains that an end is gone: it was known then, and is no later one."""
    return first <= end.number + 1 and end.number <= last and end.day <= restored_on


def _last_known(about: str) -> int:
    """Return the last row that was known when a backup was restored."""
    number = about.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0
