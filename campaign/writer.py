"""One thread that writes for all others, and answers each only after its COMMIT."""

from __future__ import annotations

import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from campaign.errors import CandleError

T = TypeVar("T")
Work = Callable[[Connection], T]

QUEUE_LENGTH = 1024
LARGEST_GROUP = 256

# The disk, the file or its lock: whatever one request asked for, the others fail with it.
# https://www.sqlite.org/rescode.html
EVERYBODYS_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}


# Of these the caller is innocent, whatever the database.
_TROUBLE = (OperationalError, InterfaceError, InternalError, NoFreeConnection, sqlite3.OperationalError)


class DatabaseError(CandleError):
    """The database is not what it must be."""


class Unavailable(DatabaseError):
    """The database cannot be used at this moment; the same may work a moment later."""


class NotStored(Unavailable):
    """A write was not acknowledged by the disk; it may be tried again.

    Where the connection broke in the middle of COMMIT it may yet be there, so what is tried again must be
    such that twice is as good as once.
    """


@dataclass(frozen=True)
class _Request:
    work: Work[Any]
    future: Future[Any]


@dataclass(frozen=True)
class _Answer:
    future: Future[Any]
    result: Any = None
    error: BaseException | None = None

    def give(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Take every write that waits, run each in a savepoint of one transaction, commit once, answer all.

    This is group commit: an fsync costs the same for one message as for a hundred.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._requests: queue.Queue[_Request | None] = queue.Queue(QUEUE_LENGTH)
        self._thread: threading.Thread | None = None
        self._door = threading.Lock()  # nothing comes in behind the last request
        self._closed = False

    def write(self, work: Work[T], timeout: float) -> T:
        """Run `work` and return its result after COMMIT.

        Raises:
            NotStored: see `Database.write`.
        """
        future = self._enqueue(work)
        try:
            return future.result(timeout)
        except TimeoutError:
            if future.cancel():
                raise NotStored(f"no answer from the disk within {timeout:g} s") from None
            return future.result()  # it runs already, and only its COMMIT can tell

    def close(self) -> None:
        """Finish every accepted write; later ones are refused."""
        with self._door:
            self._closed = True
        if self._thread is not None:
            self._requests.put(None)
            self._thread.join()

    def _enqueue(self, work: Work[T]) -> Future[T]:
        future: Future[T] = Future()
        with self._door:
            if self._closed:
                raise NotStored("the receiver is stopping; try again in a moment")
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_groups, name="writer", daemon=True)
                self._thread.start()
            try:
                self._requests.put_nowait(_Request(work, future))
            except queue.Full:
                raise NotStored(
                    "too many messages are waiting to be written; try again in a moment"
                ) from None
        return future

    def _write_groups(self) -> None:
        stopping = False
        while not stopping:
            group, stopping = self._next_group()
            if group:
                self._write_group(group)

    def _next_group(self) -> tuple[list[_Request], bool]:
        """Wait for one request, then take all that are there already."""
        group: list[_Request] = []
        request = self._requests.get()
        while request is not None:
            if request.future.set_running_or_notify_cancel():
                group.append(request)
            if len(group) >= LARGEST_GROUP:
                return group, False
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _write_group(self, group: list[_Request]) -> None:
        try:
            with translated(NotStored), self._engine.begin() as connection:
                answers = [_run(connection, request) for request in group]
                self._check_file(connection)
        except BaseException as error:  # whatever it is, the writer outlives it and answers everybody
            failure = error if isinstance(error, NotStored) else NotStored(reason(error))
            failure.__cause__ = None if failure is error else error
            answers = [_Answer(request.future, error=failure) for request in group]
        for answer in answers:
            answer.give()

    def _check_file(self, connection: Connection) -> None:
        """Refuse to commit into a file that was moved, deleted or replaced under us: nobody would find it."""
        if connection.info.get("file") != identity(self._engine.url.database or ""):
            self._engine.dispose()
            raise NotStored("the database file is gone or was replaced; put it back, or restart the receiver")


def identity(path: str) -> tuple[int, int] | None:
    """Name the file itself rather than its path; None when there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  # a Path is made anew for each COMMIT, and costs more than the call
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _run(connection: Connection, request: _Request) -> _Answer:
    """Run one request in a savepoint, which the driver sets: SQLAlchemy's own takes as long as an INSERT."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # only SQLite has a writer thread
    driver.execute("SAVEPOINT request")
    try:
        result = request.work(connection)
    except BaseException as error:
        if _is_everybodys(error):
            raise
        driver.execute("ROLLBACK TO request")
        driver.execute("RELEASE request")
        return _Answer(request.future, error=error)
    driver.execute("RELEASE request")
    return _Answer(request.future, result)


def _is_everybodys(error: BaseException) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in EVERYBODYS_TROUBLE


@contextmanager
def translated(into: type[Unavailable]) -> Iterator[None]:
    """Raise what the driver says about disk, lock and network as one error of ours."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, NoFreeConnection) as error:
        if isinstance(error, _TROUBLE) or _is_everybodys(error):
            raise into(reason(error)) from error
        raise


def reason(error: BaseException) -> str:
    """Name the driver's reason without the statement's parameters: they hold supporters' words."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite3.Error):
        return f"the database refused: {cause} ({getattr(cause, 'sqlite_errorname', 'unknown')})"
    if isinstance(error, DBAPIError):
        return f"the database refused: {type(cause).__name__}"  # PostgreSQL quotes values in its messages
    return f"the database refused: {type(error).__name__}"
