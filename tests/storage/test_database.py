"""The database: what it promises at start, how it migrates, and what it says when a server fails."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, timedelta, timezone
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, insert, make_url, select, text, update

from campaign import ROOT
from campaign.storage import database as module
from campaign.storage import postgresql, sqlite
from campaign.storage.bulk_insert import insert_new
from campaign.storage.database import (
    Database,
    DatabaseError,
    InDoubt,
    NotStored,
    Unavailable,
    checkpoint,
    connect,
    migrate,
)
from campaign.storage.lease import lease
from campaign.storage.tables import health, messages, metadata, used_tokens
from campaign.storage.upgrade import MigrationError
from tests.conftest import NOW, Submit
from tests.support.forked import forked
from tests.support.postgresql import ADMINISTRATOR, administer, commits_unanswered
from tests.support.table import table

TOKEN = {"token": "t1", "message": "m1", "words_digest": "d", "expires_at": NOW}


def path_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),
    ],
)
def test_every_connection_is_durable_and_erases(database: Database, pragma: str, value: object) -> None:
    with database.read() as first, database.read() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_database_that_refuses_durability_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "DURABLE", {"journal_mode": "delete", "synchronous": 9})
    with pytest.raises(
        DatabaseError, match=r"refuses synchronous=9 \(it says [0-9]\); put the database on a local"
    ):
        migrate(connect(f"sqlite:///{tmp_path}/candle.sqlite"))


@table(
    "url",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://root:secret@localhost/x",
        "postgresql+nodriver://x/y",
        "postgresql+psycopg://candle:secret@127.0.0.1:port/candle",
        "sqlite://var/lib/candle.sqlite",
    ],
)
def test_an_unusable_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError, match="CANDLE_DATABASE_URL") as refused:
        connect(url)
    assert "secret" not in str(refused.value)


def test_a_place_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match=r"file/candle\.sqlite: .*; let this user write to it"):
        connect(f"sqlite:///{tmp_path}/file/candle.sqlite")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a moment")
def test_a_folder_that_may_not_be_entered_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "closed" / "data").mkdir(parents=True)
    os.seteuid(65534)
    try:
        with pytest.raises(DatabaseError, match=r"^CANDLE_DATABASE_URL: .*; let this user write to it"):
            connect(f"sqlite:///{tmp_path}/closed/data/db/candle.sqlite")
    finally:
        os.seteuid(0)


def test_a_slash_too_few_makes_no_other_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in (f"sqlite://{tmp_path}/candle.sqlite", "sqlite:///var/lib/candle/candle.sqlite"):
        with pytest.raises(DatabaseError, match=r"; write four slashes before .*, or make that"):
            connect(url)
    assert not list(tmp_path.iterdir())


def test_a_slash_too_many_is_the_same_database(tmp_path: Path) -> None:
    with closing(connect(f"sqlite:////{tmp_path}/candle.sqlite")) as opened:
        migrate(opened)


def test_nobody_else_may_read_the_file_its_log_or_its_folder(tmp_path: Path) -> None:
    opened = connect(f"sqlite:///{tmp_path}/instance/candle.sqlite")
    migrate(opened)
    opened.write(lambda c: c.execute(insert(health).values(id=1, proved_at=NOW)))
    folder = tmp_path / "instance"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    opened.close()
    assert set(modes) == {"candle.sqlite", "candle.sqlite-wal", "candle.sqlite-shm"}
    assert set(modes.values()) == {0o600}


def test_in_a_folder_that_two_users_share_the_file_and_its_log_are_the_group_s_too(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o2770)
    before = os.umask(0o077)
    try:
        opened = connect(f"sqlite:///{folder}/candle.sqlite")
        migrate(opened)
        opened.write(lambda c: c.execute(insert(health).values(id=1, proved_at=NOW)))
        with lease(opened, "mikita/1"):
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
        opened.close()
    finally:
        os.umask(before)
    ours = [f"candle.sqlite{end}" for end in ("", "-shm", "-wal", ".mikita-1.lock")]
    assert modes == dict.fromkeys(ours, 0o660)


def test_reading_sees_one_state_and_writes_nothing(any_database: Database) -> None:
    with any_database.read() as connection:
        connection.execute(insert(used_tokens).values(TOKEN))
    with any_database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(used_tokens)) == 0


def test_migrations_make_exactly_the_tables_of_the_code(any_database: Database) -> None:
    with any_database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("hours", [-7, 0, 5.5])
def test_a_time_comes_back_as_the_same_moment_in_utc(any_database: Database, hours: float) -> None:
    told = NOW.astimezone(timezone(timedelta(hours=hours)))
    any_database.write(lambda c: insert_new(c, used_tokens, [TOKEN | {"expires_at": told}]))
    with any_database.read() as connection:
        kept = connection.scalars(
            select(used_tokens.c.expires_at).where(used_tokens.c.expires_at == told)
        ).one()
    assert (kept, kept.tzinfo) == (NOW, UTC)


def test_a_time_without_a_zone_is_refused(any_database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(Exception, match="a time without a zone"):
        any_database.write(lambda c: insert_new(c, used_tokens, [TOKEN | {"expires_at": naive}]))


def test_migrating_twice_changes_nothing(any_database: Database, submit: Submit) -> None:
    submit(any_database, "kept")
    migrate(any_database)
    with any_database.read() as connection:
        assert connection.scalars(select(messages.c.text)).all() == ["kept"]


MIGRATE = "import sys; from campaign.storage.database import connect, migrate; migrate(connect(sys.argv[1]))"


def migrate_at_once(url: str) -> list[int]:
    command = [sys.executable, "-c", MIGRATE, url]
    started = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    return [process.wait(60) for process in started]


@pytest.mark.slow
def test_programs_that_start_together_migrate_once(tmp_path: Path) -> None:
    assert migrate_at_once(f"sqlite:///{tmp_path}/candle.sqlite") == [0, 0]


@pytest.mark.slow
def test_programs_that_start_together_migrate_postgresql_once(empty_postgresql: str) -> None:
    assert migrate_at_once(empty_postgresql) == [0, 0]


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(MigrationError, match="newer Candle"):
        migrate(database)


def test_a_migration_keeps_the_rows_that_refer_to_an_altered_table(
    database: Database, submit: Submit
) -> None:
    """SQLite makes an altered table anew, and dropping the old one would delete the details."""
    receipt = submit(database, "kept", sealed=b"sealed")

    def alter(connection, revision) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("CREATE TABLE anew AS SELECT * FROM messages")
        connection.exec_driver_sql("DROP TABLE messages")
        connection.exec_driver_sql("ALTER TABLE anew RENAME TO messages")
        connection.exec_driver_sql("CREATE UNIQUE INDEX again ON messages (id)")

    original, module.upgrade = module.upgrade, alter
    try:
        migrate(database)
    finally:
        module.upgrade = original
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT message FROM details").scalar() == receipt.message


def test_a_checkpoint_empties_the_log(database: Database, submit: Submit) -> None:
    submit(database)
    log = path_of(database).with_name("candle.sqlite-wal")
    assert log.stat().st_size > 0
    checkpoint(database)
    assert log.stat().st_size == 0


def test_a_checkpoint_that_a_reader_prevents_says_so(
    database: Database, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.1)
    hasty = connect(str(database.engine.url))
    with hasty.read() as connection:
        connection.scalar(select(func.count()).select_from(messages))
        submit(hasty)
        with pytest.raises(NotStored, match="a reader holds the old pages"):
            checkpoint(hasty)
    checkpoint(hasty)
    hasty.close()


def test_a_checkpoint_that_waits_for_a_reader_lets_others_write(database: Database, submit: Submit) -> None:
    """The supporter who withdraws waits; whoever sends a message meanwhile does not."""
    other = connect(str(database.engine.url))
    took = []
    with database.read() as connection:
        connection.scalar(select(func.count()).select_from(messages))
        submit(database)
        emptying = threading.Thread(target=checkpoint, args=[database])
        emptying.start()
        for _ in range(3):
            time.sleep(0.03)
            began = time.monotonic()
            submit(other)
            took.append(time.monotonic() - began)
    emptying.join()
    assert max(took) < sqlite.BUSY_TIMEOUT / 2
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == sqlite.BUSY_TIMEOUT * 1000
    other.close()


@pytest.mark.slow
def test_a_table_that_a_reader_holds_is_not_kept_from_others_by_who_would_write_it_anew(
    postgresql_database: Database, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup reads it for minutes."""
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT", 3.0)
    refused, took = [], []

    def purge() -> None:
        with pytest.raises(NotStored, match="LockNotAvailable") as told:
            module.write_anew(postgresql_database, ["messages"])
        refused.append(told)

    with postgresql_database.read() as connection:
        connection.scalar(select(func.count()).select_from(messages))
        purging = threading.Thread(target=purge)
        purging.start()
        for _ in range(5):
            time.sleep(0.2)
            began = time.monotonic()
            submit(postgresql_database)
            took.append(time.monotonic() - began)
        purging.join()
    assert refused
    assert max(took) < 1
    module.write_anew(postgresql_database, ["messages"])


def test_a_server_that_is_not_there_stores_nothing(unused_port: int) -> None:
    opened = connect(f"postgresql+psycopg://candle:secret@127.0.0.1:{unused_port}/candle")
    with pytest.raises(NotStored) as refused:
        opened.write(lambda c: None)
    assert "secret" not in str(refused.value)
    with pytest.raises(Unavailable), opened.read():
        pass


def test_a_connection_that_the_server_ends_stores_nothing_and_the_next_one_works(
    postgresql_database: Database,
) -> None:
    def cut_off(connection) -> None:  # type: ignore[no-untyped-def]
        insert_new(connection, used_tokens, [TOKEN])
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(NotStored):
        postgresql_database.write(cut_off)
    assert postgresql_database.write(lambda c: insert_new(c, used_tokens, [TOKEN]))


def test_a_row_that_another_transaction_holds_is_not_stored(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT", 0.2)
    hasty = connect(postgresql_database.engine.url.render_as_string(hide_password=False))
    with postgresql_database.engine.connect() as holder:
        insert_new(holder, used_tokens, [TOKEN])
        with pytest.raises(NotStored, match="LockNotAvailable"):
            hasty.write(lambda c: insert_new(c, used_tokens, [TOKEN]))
        holder.rollback()
    assert hasty.write(lambda c: insert_new(c, used_tokens, [TOKEN]))
    hasty.close()


@pytest.mark.parametrize("done", [True, False])
def test_a_commit_that_is_not_answered_leaves_it_in_doubt(postgresql_database: Database, done: bool) -> None:
    with commits_unanswered(postgresql_database, done=done), pytest.raises(InDoubt, match="look"):
        postgresql_database.write(lambda c: insert_new(c, used_tokens, [TOKEN]))
    assert postgresql_database.write(lambda c: insert_new(c, used_tokens, [TOKEN])) is not done


@pytest.mark.slow
def test_writes_that_wait_for_each_other_are_both_done(postgresql_database: Database, submit: Submit) -> None:
    order, met, refused = [submit(postgresql_database, word).message for word in "ab"], Barrier(2), []

    def write(identifiers: list[str]) -> None:
        def work(connection: Connection) -> None:
            for one in identifiers:
                connection.execute(update(messages).where(messages.c.id == one).values(flood=True))
                with suppress(BrokenBarrierError):  # the second time one of them waits for the other
                    met.wait(1)

        try:
            postgresql_database.write(work)
        except NotStored as error:
            refused.append(str(error))

    threads = [threading.Thread(target=write, args=[some]) for some in (order, order[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused


def test_a_server_that_does_not_wait_for_the_disk_is_told_to(postgresql_database: Database) -> None:
    with postgresql_database.read() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        assert connection.scalar(text("SHOW timezone")) == "UTC"


NO_GRANT = f"ALTER SCHEMA public OWNER TO {ADMINISTRATOR}"  # as `createdb` without an owner leaves it


@pytest.mark.parametrize("more", [(), ("REVOKE ALL ON SCHEMA public FROM PUBLIC",)])
def test_a_role_that_may_make_no_table_is_told_so_and_how_to_mend_it(
    empty_postgresql: str, more: tuple[str, ...]
) -> None:
    administrator = make_url(empty_postgresql).set(username=ADMINISTRATOR)
    administer(administrator.render_as_string(hide_password=False), NO_GRANT, *more)
    opened = connect(empty_postgresql)
    with pytest.raises(NotStored, match="its role may not do that; let the role of CANDLE_DATABASE_URL own"):
        migrate(opened)
    opened.close()


@pytest.mark.slow
def test_programs_that_begin_a_database_at_one_moment_are_not_refused():
    """As both halves of the receiver do at their first start; SQLite waits for no lock there."""
    assert forked("beginnings") == 0


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users")
def test_two_users_that_begin_a_database_at_one_moment_may_both_write():
    """What one of them makes is shared with the other a moment later only."""
    assert forked("beginnings_of_two_users") == 0
