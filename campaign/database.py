"""The database: durability settings, and one writer that answers only after COMMIT."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError

from campaign.errors import CandleError
from campaign.migrations import upgrade

T = TypeVar("T")
Work = Callable[[Connection], T]

QUEUE_LENGTH = 1024
LARGEST_GROUP = 256
BUSY_TIMEOUT = 5.0  # seconds SQLite waits for another process's lock
ANSWER_TIMEOUT = 30.0  # seconds a request waits for its COMMIT
MIGRATION_LOCK = 0x63616E646C65  # "candle": PostgreSQL's lock that lets one program migrate at a time


class DatabaseError(CandleError):
    """The database is not what it must be."""


class NotStored(CandleError):
    """A write did not reach the disk; nothing of it is kept, and it may be tried again."""


@dataclass
class _Request:
    work: Work[Any]
    future: Future[Any]


class Database:
    """One database, read by many threads and written by one.

    On SQLite all writes of the process go through one thread. It takes every write that waits, runs each
    in a savepoint of one transaction, commits once, and only then answers them all (group commit): an
    fsync costs the same for one message as for a hundred. PostgreSQL groups commits itself, so there each
    write is its own transaction on its caller's thread.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._grouped = engine.dialect.name == "sqlite"
        self._requests: queue.Queue[_Request | None] = queue.Queue(QUEUE_LENGTH)
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading; whatever it writes is rolled back."""
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection
            connection.rollback()

    def write(self, work: Work[T], *, timeout: float = ANSWER_TIMEOUT) -> T:
        """Run `work` in a transaction and return its result once that is on the disk.

        An exception in `work` undoes only its own writes and is raised here.

        Raises:
            NotStored: the queue is full, the disk is full, the database is locked or gone, or no answer
                came within `timeout` seconds.
        """
        if not self._grouped:
            return self._write_alone(work)
        if self._closed:
            raise NotStored("the receiver is stopping; try again in a moment")
        self._start_writer()
        request = _Request(work, Future())
        try:
            self._requests.put_nowait(request)
        except queue.Full:
            raise NotStored("too many messages are waiting to be written; try again in a moment") from None
        try:
            return request.future.result(timeout)
        except TimeoutError:
            if not request.future.cancel():
                return request.future.result()  # it runs already: wait for its COMMIT
            raise NotStored(f"no answer from the disk within {timeout:g} s") from None

    def close(self) -> None:
        """Finish every accepted write, then close all connections."""
        self._closed = True
        if self._writer is not None:
            self._requests.put(None)
            self._writer.join()
            self._writer = None
        self.engine.dispose()

    def _write_alone(self, work: Work[T]) -> T:
        with _refused_writes(), self.engine.begin() as connection:
            return work(connection)

    def _start_writer(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_groups, name="writer", daemon=True)
                self._writer.start()

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
        answers: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self.engine.begin() as connection:
                for request in group:
                    answers.append(_run_in_savepoint(connection, request))
        except Exception as error:  # whatever it is, the writer must outlive it and answer everybody
            failure = NotStored(f"the database refused the write: {_cause(error)}")
            failure.__cause__ = error
            for request in group:
                request.future.set_exception(failure)
            return
        for future, result, raised in answers:
            if raised is None:
                future.set_result(result)
            else:
                future.set_exception(raised)


@contextmanager
def _refused_writes() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise NotStored(f"the database refused the write: {_cause(error)}") from error


def _run_in_savepoint(
    connection: Connection, request: _Request
) -> tuple[Future[Any], Any, BaseException | None]:
    savepoint = connection.begin_nested()
    try:
        result = request.work(connection)
        savepoint.commit()
    except OperationalError:
        raise  # the disk or the lock, not this request: the whole group fails
    except Exception as error:  # handed to the caller that asked for this write
        savepoint.rollback()
        return request.future, None, error
    return request.future, result, None


def _cause(error: Exception) -> str:
    """Name the driver's reason without the statement's parameters: they hold supporters' words."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return str(error.orig).splitlines()[0]
    return type(error).__name__


def connect(url: str) -> Database:
    """Open the database at `url` (`sqlite:///…` or `postgresql+psycopg://…`) with durable commits.

    Raises:
        DatabaseError: the URL is unusable, or SQLite does not run in WAL with synchronous=FULL.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise DatabaseError(f"CANDLE_DATABASE_URL: {url!r} is not a database URL") from error
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise DatabaseError("CANDLE_DATABASE_URL: SQLite needs a file, or nothing would be kept")
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return Database(_sqlite_engine(url))
    return Database(create_engine(url, pool_pre_ping=True, pool_size=32, max_overflow=32))


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False})
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_durable(connection: sqlite3.Connection, _record: object) -> None:
    """Set WAL and synchronous=FULL, and read them back: SQLite ignores what it cannot do.

    FULL, not NORMAL: in WAL mode NORMAL does not fsync at COMMIT (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    connection.isolation_level = None  # the driver must not begin or commit behind SQLAlchemy's back
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for pragma, value in wanted.items():
        connection.execute(f"PRAGMA {pragma} = {value}")
        (found,) = connection.execute(f"PRAGMA {pragma}").fetchone()
        if found != value:
            raise DatabaseError(
                f"SQLite refuses {pragma}={value} (it says {found}); put the database on a local disk"
            )


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at BEGIN when writing, so that no transaction has to be restarted midway."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to the newest shape, in one transaction, whoever else starts at the same moment.

    Raises:
        MigrationError: the database is newer than this program.
        NotStored: it cannot be written.
    """
    with _refused_writes(), database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            # SQLite alters a table by making it anew; dropping the old one would delete what refers to it.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            connection.detach()
        with connection.begin():
            if database.engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            upgrade(connection, revision)
            if database.engine.dialect.name == "sqlite" and _broken_references(connection):
                raise DatabaseError("the migration would break references between rows; nothing was changed")


def _broken_references(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row; False when its key is there, also when somebody else writes it at this moment."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = table.primary_key.columns.values()
    added = connection.execute(make(table).values(values).on_conflict_do_nothing().returning(*key))
    return added.first() is not None


def checkpoint(database: Database) -> None:
    """Move the write-ahead log into the database file and empty it, so that erased bytes leave both."""
    if database.engine.dialect.name != "sqlite":
        return
    connection = database.engine.raw_connection()
    deadline = time.monotonic() + BUSY_TIMEOUT
    try:
        while connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > deadline:
                raise NotStored("a reader holds the old pages; run the command again in a moment")
            time.sleep(0.05)
    finally:
        connection.close()
