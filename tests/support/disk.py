"""What of a database lies on the disk, as a thief of the disk would read it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from campaign.storage.database import Database
from tests.support.postgresql import as_administrator


def tables(database: Database) -> bytes:
    """Read the files that hold tables: SQLite's file, its -wal and -shm, or the tables of PostgreSQL."""
    if database.engine.dialect.name == "sqlite":
        path = Path(str(database.engine.url.database))
        return _read(*path.parent.glob(path.name + "*"))
    return _read(*_directory(database).glob("base/*/*"))


def everything(database: Database) -> bytes:
    """Read the log of PostgreSQL too, which names each commit before the tables do."""
    log = () if database.engine.dialect.name == "sqlite" else _directory(database).glob("pg_wal/*")
    return tables(database) + _read(*log)


def _directory(database: Database) -> Path:
    engine = create_engine(as_administrator(database))
    with engine.connect() as connection:
        found = Path(str(connection.scalar(text("SHOW data_directory"))))
    engine.dispose()
    return found


def _read(*paths: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(paths) if path.is_file())
