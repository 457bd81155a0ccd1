"""Why the database failed: whether other requests would fail too, and its name without anybody's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from campaign.errors import CandleError

# What an operator does about the disk, the file or its lock; SQLite's own words name the fault.
SQLITE_REMEDIES = {
    sqlite3.SQLITE_BUSY: "; wait for the program that holds it, or end it",
    sqlite3.SQLITE_LOCKED: "; wait for the program that holds it, or end it",
    sqlite3.SQLITE_FULL: "; make room on its disk",
    sqlite3.SQLITE_IOERR_SHMSIZE: "; make room on its disk",  # for the file that its connections share
    sqlite3.SQLITE_IOERR: "; look at its disk, `dmesg` tells of a broken one",
    sqlite3.SQLITE_READONLY: "; let this user write to the file of CANDLE_DATABASE_URL and to its folder",
    sqlite3.SQLITE_CANTOPEN: "; name a file in CANDLE_DATABASE_URL, in a folder that this user may write to",
    sqlite3.SQLITE_CORRUPT: "; move the file away with its -wal and -shm, and restore the newest backup",
    sqlite3.SQLITE_NOTADB: "; name another file in CANDLE_DATABASE_URL, or restore the newest backup",
}
# Whatever one request asked for, the others fail with it: https://www.sqlite.org/rescode.html
SHARED_FAILURES = {
    *SQLITE_REMEDIES,
    *(sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_PROTOCOL),
}
SERVER_AWAY = (
    "; start its server, or mend address, name or password in CANDLE_DATABASE_URL: `psql` there says which"
)
# disk_full; lock_not_available and query_canceled, by the same limit; read_only_sql_transaction; and three
# names of a server that ends or begins.
POSTGRESQL_REMEDIES = {
    "53100": "; make room on its disk",
    **dict.fromkeys(("55P03", "57014"), "; wait for the program that holds it, or end it"),
    "25006": "; it may only be read: name the server that it is a copy of in CANDLE_DATABASE_URL",
    **dict.fromkeys(("57P01", "57P02", "57P03"), SERVER_AWAY),
}

# insufficient_privilege, and invalid_schema_name: there is no schema in which this role may make a table.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
NOT_ALLOWED = {"42501", "3F000"}

# None of these is the caller's fault, whatever the database.
_OPERATIONAL = (OperationalError, InterfaceError, InternalError, NoFreeConnection, sqlite3.OperationalError)


class DatabaseError(CandleError):
    """The database is not what it must be."""


class Unavailable(DatabaseError):
    """The database cannot be used at this moment; the same may work a moment later.

    `code` is the database's own name for what went wrong, or empty.
    """

    def __init__(self, told: str, code: str = "") -> None:
        super().__init__(told)
        self.code = code


class NotStored(Unavailable):
    """A write was not acknowledged by the disk; it may be tried again."""


class InDoubt(NotStored):
    """The connection broke in the middle of COMMIT, so the write may yet be there.

    What is tried again must be such that twice is as good as once.
    """

    def __init__(self, told: str, code: str = "") -> None:
        super().__init__(f"{told}; it may be done all the same: look before you do it again", code)


def is_shared_failure(error: BaseException) -> bool:
    """Tell whether an error of the driver would meet any other request too."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return is_not_allowed(cause) or getattr(cause, "sqlite_errorcode", 0) & 0xFF in SHARED_FAILURES


def is_not_allowed(error: BaseException | None) -> bool:
    """Tell whether PostgreSQL refused because its role may not do that."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) in NOT_ALLOWED


@contextmanager
def translate_driver_errors(into: type[Unavailable]) -> Iterator[None]:
    """Raise what the driver says about disk, lock and network as one error of ours."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, NoFreeConnection) as error:
        if isinstance(error, _OPERATIONAL) or is_shared_failure(error):
            raise into(reason(error), code(error)) from error
        raise


def reason(error: BaseException) -> str:
    """Name the driver's reason and a remedy, without the statement's parameters: they hold people's words."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite3.Error):
        found = getattr(cause, "sqlite_errorcode", 0)
        remedy = SQLITE_REMEDIES.get(found) or SQLITE_REMEDIES.get(found & 0xFF, "")
        told = str(cause).replace("; ", ", ")  # names in the file; what follows that sign is ours, in the log
        return f"the database refused: {told} ({getattr(cause, 'sqlite_errorname', 'unknown')}){remedy}"
    if is_not_allowed(cause):
        return (
            "the database refused: its role may not do that; let the role of CANDLE_DATABASE_URL own the"
            " database and every table in it (docs/operators.md, `Outgrowing one machine`)"
        )
    if isinstance(error, NoFreeConnection):
        return "the database refused: every connection to it is in use; wait, or restart what holds them"
    # PostgreSQL quotes values in its messages.
    told = " ".join(filter(None, ["the database refused:", type(cause).__name__, code(error)]))
    gone = getattr(cause, "sqlstate", None) is None and isinstance(error, _OPERATIONAL)
    return told + (SERVER_AWAY if gone else POSTGRESQL_REMEDIES.get(code(error), ""))


def code(error: BaseException) -> str:
    """Return the database's own name for an error, such as SQLITE_FULL; it tells nothing of the values."""
    if isinstance(error, Unavailable):
        return error.code
    cause = error.orig if isinstance(error, DBAPIError) else error
    names = (getattr(cause, name, None) for name in ("sqlite_errorname", "sqlstate"))
    return next((name for name in names if isinstance(name, str)), "")


def not_stored(error: BaseException) -> NotStored:
    """Make a new error that says why something was not stored."""
    told = str(error) if isinstance(error, NotStored) else reason(error)
    return NotStored(told, code(error))
