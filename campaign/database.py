"""The database: durability settings, migrations, and writes that are answered only after COMMIT."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import PoolProxiedConnection

from campaign.migrations import upgrade
from campaign.writer import (
    DatabaseError,
    Item,
    NotStored,
    Together,
    Unavailable,
    Work,
    Writer,
    identity,
    translated,
)

__all__ = [
    "Database",
    "DatabaseError",
    "NotStored",
    "Unavailable",
    "Work",
    "checkpoint",
    "connect",
    "migrate",
]

T = TypeVar("T")

BUSY_TIMEOUT = 5.0  # seconds to wait for another process's lock
STATEMENTS = 512  # that a connection keeps prepared: an INSERT of each number of rows into each table
LOOK_AGAIN = 8  # milliseconds that SQLite waits for it at a time: it looks after 1, 2 and 5 of them
ANSWER_TIMEOUT = 30.0  # seconds that a write may wait before its turn comes
POOL_TIMEOUT = 10.0  # seconds to wait for a free connection
POOL = 16  # connections kept open; PostgreSQL allows 100 by default, and two receivers shall fit
OVERFLOW = 24  # more of them in a rush
WAL_KEPT = 64 * 1024 * 1024  # bytes that the log keeps on the disk once it was longer
MIGRATION_LOCK = 0x63616E646C65  # "candle": PostgreSQL's lock that lets one program migrate at a time

DURABLE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    # In memory: a savepoint of a large group would keep pages in a file of /var/tmp, where no erasure comes.
    "temp_store": 2,
}


class Database:
    """One database, read by many threads.

    On SQLite one thread writes for all others (`Writer`). PostgreSQL groups commits itself, so there each
    write is its own transaction on its caller's thread.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = Writer(engine) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading, on one state of the database; what it writes is rolled back.

        Raises:
            Unavailable: the database is gone, or every connection is in use.
        """
        with translated(Unavailable), self.engine.connect() as opened:
            connection = opened.execution_options(reading=True)
            try:
                yield connection
            finally:
                connection.rollback()

    def write(self, work: Work[T], *, timeout: float = ANSWER_TIMEOUT) -> T:
        """Run `work` in a transaction and return its result once that is on the disk.

        An exception in `work` undoes only its own writes and is raised here.

        Raises:
            NotStored: the queue is full, the disk is full, the database is locked or gone, or the turn of
                this write did not come within `timeout` seconds.
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
        if self._writer is not None:
            return self._writer.write(together, item, timeout)
        with translated(NotStored), self.engine.begin() as connection:
            (result,) = together(connection, [item])
            return result

    def close(self) -> None:
        """Finish every accepted write, then close all connections."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()


def connect(url: str) -> Database:
    """Open the database at `url` (`sqlite:///…` or `postgresql+psycopg://…`) with durable commits.

    Raises:
        DatabaseError: the URL is unusable, or the database would acknowledge what is not on the disk.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return Database(_sqlite(parsed))
        if parsed.get_backend_name() == "postgresql":
            return Database(_postgresql(parsed))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
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
    with translated(NotStored), database.engine.connect() as connection:
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
    if database.engine.dialect.name != "sqlite":
        return
    with translated(NotStored):
        connection = database.engine.raw_connection()
        deadline = time.monotonic() + BUSY_TIMEOUT
        cursor = connection.cursor()
        try:
            # SQLite would wait for readers with the writers' lock in hand; between our attempts it is free.
            _wait_for_locks(connection, 0)
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise NotStored("a reader holds the old pages; run `build.py purge` in a moment")
                time.sleep(0.05)
        finally:
            _wait_for_locks(connection, int(BUSY_TIMEOUT * 1000))
            connection.close()


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("CANDLE_DATABASE_URL: SQLite needs a file, or nothing would be kept")
    path = Path(url.database).absolute()
    _make_private(path)
    source = f"file:{quote(str(path))}?mode=rw"  # never made anew when it is gone: it would be empty

    def connect_file() -> sqlite3.Connection:
        return sqlite3.connect(
            source,
            uri=True,
            timeout=BUSY_TIMEOUT,
            check_same_thread=False,
            cached_statements=STATEMENTS,
        )

    engine = create_engine(
        url.set(database=str(path)), creator=connect_file, pool_size=POOL, max_overflow=-1, pool_use_lifo=True
    )
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """Make the file and its folder readable by nobody else, where they are not there yet."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            path.parent.chmod(0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives -wal and -shm the same mode
    except OSError as error:
        raise DatabaseError(
            f"CANDLE_DATABASE_URL: {path}: {error.strerror}; name a file that may be written"
        ) from error


def _make_durable(connection: sqlite3.Connection, record: Any) -> None:
    """Set WAL and synchronous=FULL, and read them back: SQLite ignores what it cannot do.

    FULL, not NORMAL: in WAL mode NORMAL does not fsync at COMMIT
    (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    connection.isolation_level = None  # the driver must not begin or commit behind SQLAlchemy's back
    _, _, path = connection.execute("PRAGMA database_list").fetchone()
    record.info["file"] = identity(path)
    for pragma, value in DURABLE.items():
        connection.execute(f"PRAGMA {pragma} = {value}")
        (found,) = connection.execute(f"PRAGMA {pragma}").fetchone()
        if found != value:
            raise DatabaseError(
                f"SQLite refuses {pragma}={value} (it says {found}); put the database on a local disk"
            )
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT}")


def _begin(connection: Connection) -> None:
    """Take the write lock at BEGIN when writing, so that no transaction has to be restarted midway."""
    pooled = connection.connection
    if connection.get_execution_options().get("reading", False):
        _wait_for_locks(pooled, int(BUSY_TIMEOUT * 1000))
        connection.exec_driver_sql("BEGIN")
    else:
        _wait_for_locks(pooled, LOOK_AGAIN)
        _take_the_lock(pooled)


def _wait_for_locks(pooled: PoolProxiedConnection, milliseconds: int) -> None:
    """Say how long SQLite itself waits for a lock; nothing is sent where that is known."""
    if pooled.info.get("busy_timeout") != milliseconds:
        pooled.cursor().execute(f"PRAGMA busy_timeout = {milliseconds}")
        pooled.info["busy_timeout"] = milliseconds


def _take_the_lock(pooled: PoolProxiedConnection) -> None:
    """Begin to write, and look often whether another process has left the lock free.

    SQLite itself soon looks only each 0.1 s. A receiver that is posted at lets go of the lock for some
    milliseconds after each COMMIT: whoever looks so seldom finds it taken for seconds.
    """
    driver = pooled.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # listened to on SQLite's engine only
    deadline = time.monotonic() + BUSY_TIMEOUT
    while not _locked(driver, last=time.monotonic() > deadline):
        pass


def _locked(driver: sqlite3.Connection, *, last: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _postgresql(url: URL) -> Engine:
    options = f"-c lock_timeout={int(BUSY_TIMEOUT * 1000)} -c timezone=UTC"
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=POOL_TIMEOUT,
        connect_args={"connect_timeout": int(BUSY_TIMEOUT), "options": options},
    )
    event.listen(engine, "connect", _check_durable)
    return engine


def _check_durable(connection: Any, _record: object) -> None:
    """Ask for a COMMIT that waits for the disk, and refuse a server that would not do it."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION synchronous_commit = on")
        for setting in ("fsync", "full_page_writes"):
            (found,) = cursor.execute(f"SHOW {setting}").fetchone()
            if found != "on":
                raise DatabaseError(
                    f"PostgreSQL runs with {setting}={found}: it can lose what it acknowledged"
                )
    connection.commit()
