"""The list of what was erased: kept beside the database and beside its backups, so that nothing comes back.

A restored backup knows nothing of what was taken back since it was made. So each erasure is written to a file
as well, with the message's opaque id and no content, and `build.py restore` applies it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Literal, cast, get_args

from sqlalchemy import Connection, func, literal, select, update

from campaign.keeping import erasure
from campaign.keeping.erasure import Erased
from campaign.messages.message import MessageError
from campaign.messages.queries import get
from campaign.storage import append_only_lists, foreign_file
from campaign.storage import database as databases
from campaign.storage.chunks import CHUNK
from campaign.storage.database import Database
from campaign.storage.tables import erasures, messages, staff

NAME = "erasures.txt"
TITLE = (
    "# What was erased, so that restoring a backup does not bring it back: day, what, whose, campaign, why.\n"
)
AT_ONCE = 20_000  # entries that are held while the list is looked through for them
What = Literal["message", "details", "staff"]
ErasuresError = append_only_lists.ListError


@dataclass(frozen=True)
class Erasure:
    """One erasure. A list may hold a million of them, so they are read and written as they come.

    Of `staff`, `whose` is a name and `why` the session version, which each reset raises.
    """

    on: date
    what: What
    whose: str
    campaign: str
    why: str

    @property
    def line(self) -> str:
        """The entry as the file holds it."""
        fields = (self.on.isoformat(), self.what, self.whose, self.campaign, self.why)
        return "\t".join(" ".join(field.split()) for field in fields) + "\n"


@dataclass(frozen=True)
class ErasedAgain:
    """What was erased again in a restored database, and members whose password from then is not good now."""

    messages: tuple[Erased, ...] = ()
    details: int = 0
    staff: tuple[str, ...] = ()


def write(file: Path, entries: Iterable[Erasure]) -> None:
    """Add what the list does not have yet; a line that is none of ours keeps nothing from it.

    Raises:
        ErasuresError: it cannot be read or written, or has such a line.
    """
    remaining = iter(entries)
    fault = _add(file, islice(remaining, AT_ONCE))
    for entry in remaining:
        _add(file, (entry, *islice(remaining, AT_ONCE)))
    if fault:
        raise fault


def _add(file: Path, entries: Iterable[Erasure]) -> ErasuresError | None:
    """Add those that the list does not have yet; returns what is wrong with its first other line."""
    new = {entry.line: entry for entry in entries}
    fault: ErasuresError | None = None
    for place, line in append_only_lists.read(file):
        if new.pop(f"{line}\n", None) is None and fault is None:
            try:
                _entry(place, line)
            except ErasuresError as found:
                fault = found
    append(file, new.values())
    return fault


def append(file: Path, entries: Iterable[Erasure]) -> None:
    """Add new entries, on the disk before this returns; who may read the database may read the file.

    Raises:
        ErasuresError: it cannot be written.
    """
    append_only_lists.append(file, TITLE, [entry.line for entry in entries])


def read(file: Path) -> Iterator[Erasure]:
    """Read a list, entry by entry.

    Raises:
        ErasuresError: a line is none of ours, or the file cannot be read.
    """
    return (_entry(place, line) for place, line in append_only_lists.read(file))


def erasures_in(connection: Connection, after: int = 0) -> Iterator[Erasure]:
    """Yield what a database says was erased, and which members of staff had their password changed.

    Of erasures those with a higher number than `after`, of passwords always all.
    """
    e = erasures.c
    chosen = select(e.erased_on, e.what, e.message, e.campaign, e.why).where(e.id > after).order_by(e.id)
    changed = select(staff.c.added_on, literal("staff"), staff.c.name, literal("-"), staff.c.session_version)
    for asked in (chosen, changed.where(staff.c.session_version > 1)):
        for on, what, whose, campaign, why in connection.execute(asked.execution_options(yield_per=CHUNK)):
            yield Erasure(on, what, whose, campaign, str(why))


def last_number(connection: Connection) -> int:
    """Return the number of the latest erasure."""
    return connection.scalar(select(func.max(erasures.c.id))) or 0


def read_sources(sources: Iterable[str]) -> Iterator[Erasure]:
    """Yield the erasures of several sources, one after the other."""
    return (entry for source in sources for entry in read_source(source))


def read_source(source: str) -> Iterator[Erasure]:
    """Yield the erasures of a list, a SQLite database or a backup, or the database at a URL.

    Raises:
        ErasuresError: it is none of these.
    """
    source = source.removeprefix("sqlite:///")  # read as a file: connecting would make it, or change it
    if "://" in source:
        with closing(databases.connect(source)) as opened, opened.read() as connection:
            yield from erasures_in(connection)
        return
    file = Path(source)
    try:
        is_database = foreign_file.begins_as_one(file)
    except OSError as error:
        raise ErasuresError(f"{file}: {error.strerror}; name an old database, a backup or a list") from error
    yield from _from_sqlite(file) if is_database else read(file)


def of_what_is_here(database: Database, entries: Iterable[Erasure]) -> list[Erasure]:
    """Keep the few that are of something here, each once; of changed passwords the latest.

    Before the write, which holds up all others: a list may be long, and an old database slow.
    """
    with database.read() as connection:
        here = _here(connection)
    kept: dict[tuple[What, str], Erasure] = {}
    for entry in entries:
        if entry.whose in here[entry.what]:
            known = kept.setdefault((entry.what, entry.whose), entry)
            if entry.what == "staff" and int(entry.why) > int(known.why):
                kept[entry.what, entry.whose] = entry
    return list(kept.values())


def apply(connection: Connection, entries: Iterable[Erasure]) -> ErasedAgain:
    """Erase again, on the days and for the reasons that are written; what is not there any more stays so.

    A member whose password was changed since has to be reset once more: the row's signature is taken away.
    """
    found, gone, members, here = [], 0, set[str](), _here(connection)
    for entry in entries:
        if entry.whose not in here[entry.what]:
            continue
        if entry.what == "staff":
            members |= _revoke_passwords(connection, entry)
            continue
        here[entry.what].remove(entry.whose)  # what is done is not looked at again
        try:
            message = get(connection, entry.whose)
        except MessageError:  # somebody wrote it there by another name than ours are
            continue
        if message.erased_on is None and entry.what == "message":
            found.append(erasure.erase(connection, message.id, entry.why, entry.on))
        elif message.erased_on is None:
            gone += erasure.erase_details(connection, message, entry.why, entry.on)
    return ErasedAgain(tuple(found), gone, tuple(sorted(members)))


def bring_up_to_date(file: Path, database: Database) -> None:
    """Bring the list up to what the database knows.

    Raises:
        ErasuresError: it cannot be written.
    """
    with database.read() as connection:
        write(file, erasures_in(connection))


def _here(connection: Connection) -> dict[str, set[str]]:
    """Return all that could be erased: looked up once, as a list may be long, of nothing that is here."""
    columns = (staff.c.name if what == "staff" else messages.c.id for what in get_args(What))
    return {
        what: set(connection.scalars(select(column)))
        for what, column in zip(get_args(What), columns, strict=True)
    }


def _revoke_passwords(connection: Connection, entry: Erasure) -> set[str]:
    older = (staff.c.name == entry.whose, staff.c.session_version < int(entry.why))
    changed = connection.execute(update(staff).where(*older).values(signature=None))
    return {entry.whose} if changed.rowcount else set()


def _entry(place: str, line: str) -> Erasure:
    try:
        if append_only_lists.NO_TEXT in line:
            raise ValueError(line)
        return _checked(*line.split("\t"))
    except (ValueError, TypeError):
        raise ErasuresError(
            f"{place}: is no line of a list of erasures; take it out, or see {NAME} beside a backup"
        ) from None


def _checked(on: object, what: object, whose: object, campaign: object, why: object) -> Erasure:
    """Take one erasure as somebody else wrote it.

    Raises:
        ValueError: it is none.
    """
    words = [on, what, whose, campaign, why]
    if not all(isinstance(word, str) for word in words) or what not in get_args(What):
        raise ValueError(what)
    erasure = Erasure(date.fromisoformat(str(on)), cast(What, what), str(whose), str(campaign), str(why))
    if what == "staff" and not _is_version(erasure.why):
        raise ValueError(why)
    return erasure


def _is_version(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 20 and int(word) < 2**63


_EVERYTHING = (
    "SELECT erased_on, what, message, campaign, why FROM erasures ORDER BY id",
    "SELECT added_on, 'staff', name, '-', session_version FROM staff WHERE session_version > 1",
)


def _from_sqlite(file: Path) -> Iterator[Erasure]:
    """Read a file of any version, which is not changed: its tables of then may have fewer columns."""
    try:
        with closing(foreign_file.opened(file)) as opened:
            for asked in _EVERYTHING:
                for on, what, whose, slug, why in opened.execute(asked):
                    yield _checked(on, what, whose, slug, str(why))
    except sqlite3.Error as error:
        raise ErasuresError(f"{file}: is no database of Candle ({error})") from error
    except ValueError as error:
        raise ErasuresError(
            f"{file}: holds an erasure that Candle did not write; name the list beside it, or another backup"
        ) from error
