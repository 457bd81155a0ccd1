"""The database: reading, migrating, and writes that are answered only after COMMIT."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine, func, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from campaign.storage import postgresql, sqlite
from campaign.storage.errors import DatabaseError, InDoubt, NotStored, Unavailable, translate_driver_errors
from campaign.storage.upgrade import is_newest, upgrade
from campaign.storage.writer import Item, Together, Work, Writer

__all__ = ["DatabaseError", "InDoubt", "NotStored", "Unavailable", "Work"]

T = TypeVar("T")

ANSWER_TIMEOUT = 30.0  # seconds that a write may wait before it is begun
# Two writes waited for each other, and PostgreSQL ended this one: deadlock_detected, serialization_failure.
GAVE_WAY = {"40P01", "40001"}
MOST_TRIES = 5
MIGRATION_LOCK = 0x63616E646C65  # "candle": PostgreSQL's lock that lets one program migrate at a time


class Database:
    """One database, read by many threads.

    On SQLite one thread writes for all others (`Writer`). PostgreSQL groups commits itself, so there each
    write is its own transaction on its caller's thread.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = Writer(engine) if engine.dialect.name == "sqlite" else None
        self.before_waiting: Callable[[], object] = lambda: None  # called by each thread that goes to write

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading, on SQLite on one state of the file; what it writes is rolled back.

        Raises:
            Unavailable: the database is gone, or every connection is in use.
        """
        with translate_driver_errors(Unavailable), self.engine.connect() as opened:
            connection = opened.execution_options(reading=True)
            try:
                yield connection
            finally:
                connection.rollback()

    def write(self, work: Work[T], *, timeout: float = ANSWER_TIMEOUT) -> T:
        """Run `work` in a transaction and return its result once that is on the disk.

        An exception in `work` undoes only its own writes and is raised here. `work` does nothing but use its
        connection: when another write of the same moment fails, all are undone and it is run once more.

        Raises:
            NotStored: the queue is full, the disk is full, the database is locked or gone, or this
                write was not begun within `timeout` seconds.
            InDoubt: the server went away during COMMIT.
        """
        return self.write_together(lambda connection, _: [work(connection)], None, timeout=timeout)

    def write_together(
        self, together: Together[Item, T], item: Item, *, timeout: float = ANSWER_TIMEOUT
    ) -> T:
        """Write an item, by one call of `together` for all the items that wait for it at that moment.

        `together` returns a result for each item, in their order. What it raises for several undoes them all,
        and it is called again for each alone; what it raises for one undoes that one, and is raised here.

        Raises:
            NotStored: as for `write`.
        """
        self.before_waiting()
        if self._writer is not None:
            return self._writer.write(together, item, timeout)
        for _ in range(MOST_TRIES - 1):
            try:
                return self._write_alone(together, item)
            except NotStored as error:
                if error.code not in GAVE_WAY:
                    raise
        return self._write_alone(together, item)

    def _write_alone(self, together: Together[Item, T], item: Item) -> T:
        with translate_driver_errors(NotStored), self.engine.connect() as connection:
            (result,) = together(connection, [item])
            with translate_driver_errors(InDoubt):
                connection.commit()
            return result

    def rest_between_commits(self, seconds: float) -> None:
        """Let writes that come shortly after a COMMIT share the next; one that comes later never waits."""
        if self._writer is not None:
            self._writer.rest = seconds

    def disconnect(self) -> None:
        """Close the connections, of which nobody uses one now; who needs one opens it."""
        self.engine.dispose()

    def close(self) -> None:
        """Finish every accepted write, then close all connections."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()


def connect(url: str, answer_within: float | None = None, workers: int = 1) -> Database:
    """Open the database at `url` (`sqlite:///…` or `postgresql+psycopg://…`) with durable commits.

    A server that answers nothing within so many seconds counts as gone; without a number, as is right for a
    command, only after minutes. Of so many `workers` each opens its part of the connections to a server.

    Raises:
        DatabaseError: the URL is unusable, or the database would acknowledge what is not on the disk.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return Database(sqlite.engine(parsed))
        if parsed.get_backend_name() == "postgresql":
            return Database(postgresql.engine(parsed, answer_within, workers))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        pass  # said below, without the URL: it holds a password
    raise DatabaseError(
        "CANDLE_DATABASE_URL: write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
    )


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to the newest shape, in one transaction, whoever else starts at the same moment.

    Raises:
        MigrationError: the database is newer than this program.
        NotStored: it cannot be written.
    """
    is_sqlite = database.engine.dialect.name == "sqlite"
    with translate_driver_errors(NotStored), database.engine.connect() as connection:
        if revision == "head" and is_newest(connection):
            return
        connection.rollback()
        if is_sqlite:
            # SQLite alters a table by making it anew; dropping the old one would delete what refers to it.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            connection.detach()
        with connection.begin():
            if not is_sqlite:
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # wait for whoever migrates now
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            upgrade(connection, revision)
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise DatabaseError("the migration would break references between rows; nothing was changed")


def checkpoint(database: Database) -> None:
    """Move SQLite's write-ahead log into the file and empty it, so that erased bytes leave both.

    Raises:
        NotStored: a reader kept the old pages for too long.
    """
    if database.engine.dialect.name == "sqlite":
        with translate_driver_errors(NotStored):
            sqlite.checkpoint(database.engine)


def write_anew(database: Database, tables: Sequence[str]) -> tuple[str, ...]:
    """Write tables anew, or all of SQLite's file, without any byte that was erased; says what cannot be.

    Raises:
        NotStored: somebody reads or writes there for too long, or there is no room for it.
    """
    checkpoint(database)
    try:
        with translate_driver_errors(NotStored):
            if database.engine.dialect.name == "postgresql":
                return postgresql.write_anew(database.engine, tables)
            sqlite.write_anew(database.engine)
    finally:
        checkpoint(database)  # what a full disk ended has filled that disk with its log
    return ()
