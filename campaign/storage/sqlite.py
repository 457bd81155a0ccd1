"""SQLite: what is committed is on the disk, and other processes' locks are waited for."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import PoolProxiedConnection

from campaign.storage.disk import OTHER_USER_MAKES, open_beside_database, private_folder
from campaign.storage.errors import DatabaseError, NotStored
from campaign.storage.untrusted_values import read_json
from campaign.storage.writer import identity

BUSY_TIMEOUT = 5.0  # seconds to wait for another process's lock
STILL_BUSY = 0.5  # seconds to wait once that was in vain: else each of those in the queue waits so long
STATEMENTS = 512  # that a connection keeps prepared: an INSERT of each number of rows into each table
RETRY_LOCK = 8  # milliseconds that SQLite waits for it at a time: it looks after 1, 2 and 5 of them
POOL = 16  # connections kept open
READ_TEXT = partial(str, encoding="utf-8", errors="replace")  # bytes that are no text lie there too
WAL_KEPT = 64 * 1024 * 1024  # bytes that the log keeps on the disk once it was longer

DURABLE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    # In memory: a savepoint of a large group would keep pages in a file of /var/tmp, where no erasure comes.
    "temp_store": 2,
}


def engine(url: URL) -> Engine:
    """Make the connections to a file; its folder is made too, but none above it, which would be a slip.

    Raises:
        DatabaseError: the URL names no file that may be written; each connection raises it where the file
            would lose what was committed.
    """
    if not url.database or url.database == ":memory:":
        raise DatabaseError("CANDLE_DATABASE_URL: SQLite needs a file, or nothing would be kept")
    path = Path(url.database).absolute()
    with suppress(PermissionError):  # told below, with its remedy
        if url.host or not path.parent.parent.is_dir():
            raise DatabaseError(
                f"CANDLE_DATABASE_URL: {url.host or path.parent}: is in no folder that is there; "
                "write four slashes before a path that begins with one, as in "
                "sqlite:////var/lib/candle/candle.sqlite, or make that folder"
            )
    _make_private(path)
    made = create_engine(
        url.set(database=str(path)),
        creator=partial(_connect, path),
        json_deserializer=read_json,
        pool_size=POOL,
        max_overflow=-1,
        pool_use_lifo=True,
    )
    event.listen(made, "connect", _note_file)
    event.listen(made, "begin", _begin)
    return made


def checkpoint(engine: Engine) -> None:
    """Move the write-ahead log into the file and empty it.

    Raises:
        NotStored: a reader kept the old pages for too long.
    """
    connection = engine.raw_connection()
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


def write_anew(engine: Engine) -> None:
    """Write the file anew, of its rows alone: SQLite overwrites a row where it lay last, and no copy of it
    that was left in a page when its rows moved on to others.

    It takes as much memory as the file is long, and nobody else writes meanwhile.
    """
    connection = engine.raw_connection()
    try:
        assert isinstance(connection.dbapi_connection, sqlite3.Connection)  # noqa: S101  # of SQLite's engine
        _execute_when_free(connection.dbapi_connection, "VACUUM")
    finally:
        connection.close()


def _make_private(path: Path) -> None:
    """Make the file and its folder, where they are not there yet, and let nobody read them but who shall."""
    try:
        private_folder(path.parent)
        os.close(open_beside_database(path, os.O_RDWR))  # SQLite gives -wal and -shm the same mode
    except OSError as error:
        raise DatabaseError(
            f"CANDLE_DATABASE_URL: {path}: {error.strerror}; "
            "let this user write to it and to its folder, or name another file"
        ) from error


class _OfOneFile(sqlite3.Connection):
    """A connection that remembers which file it is: another one may lie at its path a moment later."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _, _, path = self.execute("PRAGMA database_list").fetchone()
        self.file = identity(path)


def _connect(path: Path) -> sqlite3.Connection:
    """Connect to the file, to write.

    Two users may write to it. SQLite makes -wal and -shm, and shares them with the group a moment later:
    whoever opens them between gets nothing, or would only read for as long as the connection lasts
    (https://www.sqlite.org/wal.html#read_only_databases). So it begins anew, but where nobody could write.
    """
    deadline = time.monotonic() + (OTHER_USER_MAKES if os.access(path, os.W_OK) else 0.0)
    source = f"file://{quote(str(path))}?mode=rw"  # never made anew when it is gone: it would be empty
    while True:
        connection = _OfOneFile(
            source, uri=True, timeout=BUSY_TIMEOUT, check_same_thread=False, cached_statements=STATEMENTS
        )
        try:
            _make_durable(connection)
            if _may_write(connection) or time.monotonic() >= deadline:
                return connection
        except BaseException as error:
            connection.close()
            unopened = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CANTOPEN
            if not unopened or time.monotonic() >= deadline:
                raise
        else:
            connection.close()
        time.sleep(RETRY_LOCK / 1000)


def _may_write(connection: sqlite3.Connection) -> bool:
    """Try to begin; that somebody else writes says nothing against it, but that they recover the log does."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")
    return True


def _note_file(connection: _OfOneFile, record: Any) -> None:
    record.info["file"] = connection.file


def _make_durable(connection: sqlite3.Connection) -> None:
    """Set WAL and synchronous=FULL, and read them back: SQLite ignores what it cannot do.

    FULL, not NORMAL: in WAL mode NORMAL does not fsync at COMMIT
    (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    connection.text_factory = READ_TEXT
    connection.isolation_level = None  # the driver must not begin or commit behind SQLAlchemy's back
    for pragma, value in DURABLE.items():
        _execute_when_free(connection, f"PRAGMA {pragma} = {value}")
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
        _wait_for_locks(pooled, RETRY_LOCK)
        _take_write_lock(pooled)


def _wait_for_locks(pooled: PoolProxiedConnection, milliseconds: int) -> None:
    """Say how long SQLite itself waits for a lock; nothing is sent where that is known."""
    if pooled.info.get("busy_timeout") != milliseconds:
        pooled.cursor().execute(f"PRAGMA busy_timeout = {milliseconds}")
        pooled.info["busy_timeout"] = milliseconds


def _take_write_lock(pooled: PoolProxiedConnection) -> None:
    """Begin to write.

    SQLite itself soon looks only each 0.1 s. A receiver that is posted at lets go of the lock for some
    milliseconds after each COMMIT: whoever looks so seldom finds it taken for seconds.
    """
    driver = pooled.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # listened to on SQLite's engine only
    waited = time.monotonic() - pooled.info.pop("in_vain", float("-inf")) < BUSY_TIMEOUT
    try:
        _execute_when_free(driver, "BEGIN IMMEDIATE", 0, STILL_BUSY if waited else BUSY_TIMEOUT)
    except sqlite3.OperationalError:
        pooled.info["in_vain"] = time.monotonic()
        raise


def _execute_when_free(
    connection: sqlite3.Connection,
    statement: str,
    pause: int = RETRY_LOCK,
    patience: float | None = None,
) -> None:
    """Execute it, again after so many milliseconds as long as another process holds the lock.

    Of two that begin a log SQLite refuses one at once, whatever it may wait
    (https://www.sqlite.org/c3ref/busy_handler.html).
    """
    deadline = time.monotonic() + (BUSY_TIMEOUT if patience is None else patience)
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(pause / 1000)
        else:
            return
