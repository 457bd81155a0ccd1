"""What a database refuses is told with what an operator does about it, and with nobody's words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from psycopg import errors
from sqlalchemy import make_url

from campaign.storage.database import Database, DatabaseError, Unavailable, connect, migrate
from campaign.storage.errors import reason
from tests.support import postgresql
from tests.support.ports import free_ports
from tests.support.table import table


def refused(url: str) -> str:
    """Start on it, and return what is said."""
    with closing(connect(url)) as opened, pytest.raises(DatabaseError) as told:
        migrate(opened)
    return str(told.value)


def test_a_file_that_is_no_database_is_to_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "candle.sqlite").write_text("Words of a supporter. " * 99)
    told = refused(f"sqlite:///{tmp_path}/candle.sqlite")
    assert "; name another file in CANDLE_DATABASE_URL, or restore" in told
    assert "supporter" not in told


def test_a_disk_that_is_too_full_to_open_it_is_no_broken_one() -> None:
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert reason(full).endswith("; make room on its disk")


def test_what_the_file_names_a_table_is_no_remedy(database: Database) -> None:
    """Whoever writes to the database could put words into the log, which takes remedies alone."""
    database.write(lambda c: c.exec_driver_sql("CREATE VIEW odd AS SELECT * FROM [none; Dear Mikita]"))
    with pytest.raises(Unavailable) as told, database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM odd")
    assert "; " not in str(told.value)


def test_a_server_that_is_not_there_is_to_be_started() -> None:
    (port,) = free_ports(1)
    told = refused(f"postgresql+psycopg://candle:PASSWORD@127.0.0.1:{port}/candle")
    assert "the database refused: OperationalError; start its server, or mend address" in told
    assert "PASSWORD" not in told


@table(
    "fault",
    [
        (errors.DiskFull, "; make room on its disk"),
        (errors.LockNotAvailable, "; wait for the program that holds it, or end it"),
        (errors.QueryCanceled, "; wait for the program that holds it, or end it"),
        (errors.ReadOnlySqlTransaction, "; it may only be read: name the server"),
        (errors.AdminShutdown, "; start its server"),
    ],
)
def test_what_a_server_refuses_has_its_remedy(fault: tuple[type[Exception], str]) -> None:
    assert fault[1] in reason(fault[0]())


def test_a_database_that_is_not_there_is_to_be_named_rightly(postgresql_database: Database) -> None:
    url = postgresql_database.engine.url.set(database="nowhere").render_as_string(hide_password=False)
    assert "; start its server, or mend address, name" in refused(url)


def test_a_database_that_holds_not_every_letter_is_to_be_made_anew(postgres: str) -> None:
    """As Debian makes all of them where the machine has no language."""
    made = f"CREATE DATABASE ascii OWNER {postgresql.ROLE} ENCODING 'SQL_ASCII' TEMPLATE template0"
    postgresql.administer(postgres, made)
    there = make_url(postgres).set(username=postgresql.ROLE, database="ascii")
    told = refused(there.render_as_string(hide_password=False))
    assert told.startswith("CANDLE_DATABASE_URL: that database keeps letters as SQL_ASCII")
    assert "; make it anew: createdb --encoding UTF8" in told
