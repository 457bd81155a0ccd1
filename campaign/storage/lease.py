"""A lease: one run at a time works on a batch, and a run that dies gives it back."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from campaign.storage.database import Database, Unavailable
from campaign.storage.disk import open_beside_database
from campaign.storage.errors import translate_driver_errors


@contextmanager
def lease(database: Database, name: str) -> Iterator[bool]:
    """Hold `name` while the block runs, and yield True; yield False where another run holds it.

    PostgreSQL keeps the lease for all machines that share it, as an advisory lock of one connection; for
    SQLite it is a locked file beside the database. Both end with the process that holds them.

    Raises:
        Unavailable: the server is gone.
    """
    if database.engine.dialect.name == "postgresql":
        with _advisory_lock(database, name) as held:
            yield held
    else:
        with _locked_file(Path(str(database.engine.url.database)), name) as held:
            yield held


def wait_for_like(connection: Connection, name: str) -> None:
    """Let writers of this name run one after another until COMMIT, as all of SQLite's do anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_key(name))))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


@contextmanager
def _advisory_lock(database: Database, name: str) -> Iterator[bool]:
    key = _key(f"lease {name}")
    with translate_driver_errors(Unavailable), database.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        held = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield held
        finally:
            try:
                if held:
                    connection.execute(select(func.pg_advisory_unlock(key)))
            except DBAPIError:  # what was done under it is done
                connection.invalidate()  # the server gives back what a connection held that is no more


@contextmanager
def _locked_file(database: Path, name: str) -> Iterator[bool]:
    path = database.with_name(f"{database.name}.{name.replace('/', '-')}.lock")
    descriptor = open_beside_database(path, os.O_RDWR)
    try:
        held = _try_lock(descriptor, path)
        try:
            yield held
        finally:
            if held:
                path.unlink()
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, path: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    # Its holder may have removed the file between opening and locking: that lock holds nothing.
    try:
        return os.fstat(descriptor).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False
