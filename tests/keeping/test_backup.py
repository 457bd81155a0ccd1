"""Backups: made while it runs, whole or not at all, and restored into either kind with nothing lost."""

from __future__ import annotations

import errno
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from campaign import petition
from campaign.accounts import login_attempts, sessions, staff
from campaign.accounts.staff_log import Scribe
from campaign.keeping import backup as module
from campaign.keeping.backup import BackupError, Seal, backup, restore
from campaign.keeping.backup_copies import BackupCopy, copies_holding, lapsed_copies
from campaign.keys import sealing
from campaign.messages import arrivals, asides, presence, queries, review
from campaign.settings import Settings
from campaign.storage import machines, marks
from campaign.storage.database import Database, connect
from campaign.storage.machines import Machine
from campaign.storage.tables import batches, erasures, keepsakes, metadata, petition_counts, slots
from campaign.storage.upgrade import MigrationError
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit

pytestmark = pytest.mark.slow  # whole backups, seconds rather than milliseconds

LATER = TODAY + timedelta(days=30)


def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, times in UTC."""
    with database.read() as connection:
        return {
            table.name: [
                {name: _comparable(value) for name, value in row.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in metadata.sorted_tables
        }


def _comparable(value: Any) -> Any:
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value


@pytest.fixture
def full_database(any_database: Database, submit: Submit) -> Database:
    """A database with something in every table."""
    flag = Flag("risky-word", "message", 0, 3)
    ids = [
        submit(
            any_database, f"Трымайся {n} \U0001f525\n\u0301", sealed=bytes(range(256)), flags=(flag,)
        ).message
        for n in range(30)
    ]
    batch = {
        "campaign": "mikita",
        "number": 1,
        "state": "posted",
        "press": {"size": "A6", "offset": [0.5, -0.25]},
        "files": [{"name": "sheets.pdf", "sha256": "0" * 64, "bytes": 5}],
        "cards": 1,
        "planned_at": NOW,
        "posted_on": TODAY,
    }
    erasure = {
        "campaign": "mikita",
        "message": "m",
        "what": "details",
        "why": "retention",
        "erased_on": TODAY,
    }
    folded = {"campaign": "mikita", "signatures": 5, "counted_at": NOW, "signed": 2, "until": NOW}

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        review.approve(connection, ids[0], "olga", [APPROVAL_KEY], TODAY)
        staff.add(connection, "olga", [APPROVAL_KEY], TODAY)
        petition.record(connection, "mikita", "w1", "petition.signatures", NOW, 12_345, now=NOW)
        (key,) = connection.execute(insert(batches).values(batch)).inserted_primary_key
        slot = {
            "batch": key,
            "message": ids[0],
            "card": 1,
            "position": 1,
            "text_sha256": "f" * 64,
            "live": True,
        }
        connection.execute(insert(slots).values(slot))
        cut = Flag("removed", "message", 0, 3)
        review.redact(connection, ids[-1], [cut], "olga", [APPROVAL_KEY], TODAY, why="a name")
        asides.put(connection, ids[-2], "Who reads Odia?", "olga", TODAY)
        review.approve(connection, ids[-3], "olga", [APPROVAL_KEY], TODAY, two=True)
        presence.take(connection, ids[-3:], "olga", NOW)
        connection.execute(insert(erasures).values(erasure))
        sessions.begin(connection, "olga", NOW)
        marks.note(connection, "purge", NOW)
        login_attempts.keep(connection, "code olga", login_attempts.Tried(1, NOW))
        machines.note(connection, Machine("desk"), Settings(), NOW)
        connection.execute(insert(keepsakes).values(campaign="mikita", made_on=TODAY))
        connection.execute(insert(petition_counts).values(folded))
        petition.keep_day(connection, "mikita", TODAY, 12_000)
        arrivals.keep_arrivals(connection, TODAY + timedelta(days=2))
        Scribe("olga", [APPROVAL_KEY], lambda: NOW).record(connection, "printed", "batch 1 of mikita")
        Scribe("olga", [APPROVAL_KEY], lambda: NOW).record(connection, "approved", f"mikita {ids[0]}")
        connection.execute(text("INSERT INTO health (id, proved_at) VALUES (1, '2026-11-22 10:00:00')"))

    any_database.write(work)
    return any_database


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database without tables."""
    url = f"sqlite:///{tmp_path}/other.sqlite"
    opened = connect(url if request.param == "sqlite" else request.getfixturevalue("empty_postgresql"))
    yield opened
    opened.close()


def test_a_backup_of_either_kind_restores_into_either_kind(
    full_database: Database, other: Database, tmp_path: Path, submit: Submit
) -> None:
    backup(full_database, tmp_path / "candle.backup", TODAY, 30)
    with closing(sqlite3.connect(tmp_path / "candle.backup")) as copy:
        left = [table for table in module.NOT_COPIED if copy.execute(f"SELECT * FROM {table}").fetchone()]
    assert left == []
    assert b"code olga" not in (tmp_path / "candle.backup").read_bytes()  # of a guess, nor what it lay in
    counts = restore(tmp_path / "candle.backup", other, tmp_path / "erasures.txt")
    before, after = everything(full_database), everything(other)
    for left_out in (
        "sessions",
        "guesses",
        "presence",
        "machines",
    ):  # a session that was ended since would be good again
        assert before.pop(left_out)
        assert after.pop(left_out) == []
    assert all(before[name] for name in before), "a table that the test does not fill"
    assert after == before
    assert counts == {name: len(rows) for name, rows in before.items()}
    submit(other, "What comes next is numbered on.")
    with other.read() as connection:
        orders = [message.order for message in queries.list_messages(connection, "mikita")]
    assert orders == sorted(set(orders))
    assert len(orders) == 31


def test_a_backup_is_one_private_file(database: Database, submit: Submit, tmp_path: Path) -> None:
    submit(database)
    file = tmp_path / "backups" / "candle.backup"
    assert backup(database, file, TODAY, 30) == BackupCopy(str(file), TODAY, LATER)
    assert [path.name for path in file.parent.iterdir()] == ["candle.backup"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (1,)


def test_a_backup_is_of_one_moment_though_others_write_between_its_steps(
    any_database: Database, submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGES_AT_ONCE", 5)
    before = {submit(any_database, f"Message {n}", sealed=bytes(5_000)).message for n in range(20)}
    told: list[tuple[str, int, int]] = []

    def show(*step: object) -> None:
        told.append(step)  # type: ignore[arg-type]
        if len(told) < 50:
            submit(any_database, "In the midst of it")

    backup(any_database, tmp_path / "candle.backup", TODAY, 30, show)
    with sqlite3.connect(f"file:{tmp_path}/candle.backup?mode=ro&immutable=1", uri=True) as connection:
        assert {row[0] for row in connection.execute("SELECT id FROM messages")} == before
    if any_database.engine.dialect.name == "sqlite":
        copied = [(done, of) for what, done, of in told if what == "copying pages"]
        (pages,) = {of for _, of in copied}
        assert [done for done, _ in copied] == [*range(5, pages, 5), pages]
    assert told[-1] == ("checking the copy", 0, 0)


def test_how_far_a_restore_has_come_is_told(
    full_database: Database, other: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 7)
    backup(full_database, tmp_path / "b", TODAY, 30)
    told: list[tuple[str, int, int]] = []
    counts = restore(
        tmp_path / "b", other, tmp_path / "erasures.txt", progress=lambda *step: told.append(step)
    )
    assert told[0] == ("checking the copy", 0, 0)
    rows = sum(counts.values())
    assert {(what, of) for what, _, of in told[1:]} == {("copying rows", rows)}
    done = [done for _, done, _ in told[1:]]
    assert len(done) > 10
    assert done == sorted(done)
    assert done[-1] == rows


def test_an_older_backup_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    (tmp_path / "candle.backup").write_text("older")
    with pytest.raises(BackupError, match="is there already"):
        backup(database, tmp_path / "candle.backup", TODAY, 30)
    assert (tmp_path / "candle.backup").read_text() == "older"


@pytest.mark.parametrize("sealed", [False, True])
def test_a_full_disk_leaves_no_half_of_a_backup(
    database: Database, submit: Submit, small_disk: Path, *, sealed: bool
) -> None:
    for number in range(30):
        submit(database, f"Message {number}", sealed=bytes(100_000))
    seal = Seal((sealing.new_key()[0],), small_disk.parent) if sealed else None
    (small_disk / "full").write_bytes(bytes(2_000_000))
    with pytest.raises(BackupError, match="choose a disk with space"):
        backup(database, small_disk / "candle.backup", TODAY, 30, seal=seal)
    assert [path.name for path in small_disk.iterdir()] == ["full"]
    with database.read() as connection:
        assert copies_holding(connection, TODAY, TODAY) == []


@pytest.mark.parametrize("stays", [False, True])
def test_what_may_not_be_on_the_disk_is_taken_away_or_stays_noted(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stays: bool
) -> None:
    """A disk that is full as the folder is written: a whole open copy was left, and no erasure named it."""

    def no_folder(path: Path) -> None:
        if path.is_dir():
            if stays:
                monkeypatch.setattr(Path, "unlink", no_folder)
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(module, "sync", no_folder)
    file = tmp_path / "b" / "candle.backup"
    with pytest.raises(BackupError, match="Input/output error"):
        backup(database, file, TODAY, 30)
    assert list(file.parent.iterdir()) == [file] * stays
    with database.read() as connection:
        assert [copy.name for copy in copies_holding(connection, TODAY, TODAY)] == [str(file)] * stays


def test_a_backup_that_fails_forgets_no_earlier_one_of_its_name(database: Database, tmp_path: Path) -> None:
    """An operator carries each backup away, and lets the next one have the same name."""
    carried = backup(database, tmp_path / "b" / "candle.backup", TODAY, 30)
    (tmp_path / "b").rename(tmp_path / "away")
    (tmp_path / "b").touch()
    with pytest.raises(BackupError, match=r"b/candle\.backup"):
        backup(database, tmp_path / "b" / "candle.backup", TODAY, 30)
    with database.read() as connection:
        assert copies_holding(connection, TODAY, TODAY) == [carried]


def test_a_restore_copies_nothing_to_where_everybody_may_write(
    database: Database, other: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(database, tmp_path / "candle.backup", TODAY, 30)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    restore(tmp_path / "candle.backup", other, tmp_path / "new" / "erasures.txt")
    assert list((tmp_path / "new").iterdir()) == []


def test_what_is_not_sealed_has_no_name_of_a_sealed_one(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"b\.age: would not be sealed, as its name says; add --seal"):
        backup(database, tmp_path / "b.age", TODAY, 30)
    assert not list(tmp_path.glob("b*"))


def test_nothing_is_restored_over_what_is_there(full_database: Database, tmp_path: Path) -> None:
    backup(full_database, tmp_path / "candle.backup", TODAY, 30)
    before = everything(full_database)
    with pytest.raises(BackupError, match="already; move it away"):
        restore(tmp_path / "candle.backup", full_database, tmp_path / "erasures.txt")
    assert everything(full_database) == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "is no backup"),
        (b"", "is no backup"),
        (b"not a database" * 50, "is no backup"),
        (b"SQLite format 3\x00" + b"x" * 5000, "is not whole"),
    ],
    ids=["missing", "empty", "something else", "damaged"],
)
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes | None, fault: str) -> None:
    target = connect(f"sqlite:///{tmp_path}/target.sqlite")
    if content is not None:
        (tmp_path / "candle.backup").write_bytes(content)
    with pytest.raises(BackupError, match=fault):
        restore(tmp_path / "candle.backup", target, tmp_path / "erasures.txt")
    target.close()


def test_a_damaged_backup_is_noticed(database: Database, submit: Submit, tmp_path: Path) -> None:
    for number in range(50):
        submit(database, f"Message {number}", sealed=bytes(2000))
    file = tmp_path / "candle.backup"
    backup(database, file, TODAY, 30)
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 4096] = bytes(4096)
    file.write_bytes(damaged)
    target = connect(f"sqlite:///{tmp_path}/target.sqlite")
    with pytest.raises(BackupError, match="is not whole"):
        restore(file, target, tmp_path / "erasures.txt")
    target.close()


def test_a_backup_of_a_newer_candle_is_refused(database: Database, tmp_path: Path) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    backup(database, tmp_path / "candle.backup", TODAY, 30)
    target = connect(f"sqlite:///{tmp_path}/target.sqlite")
    with pytest.raises(MigrationError, match="newer Candle"):
        restore(tmp_path / "candle.backup", target, tmp_path / "erasures.txt")
    target.close()


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE messages",
        "DROP TABLE staff_log_end",
        "ALTER TABLE details RENAME TO d; CREATE TABLE details AS SELECT message, NULL AS sealed FROM d",
        "ALTER TABLE details RENAME TO d; CREATE TABLE details AS SELECT message, 'text' AS sealed FROM d",
        "UPDATE details SET sealed = zeroblob(17000000)",
        "UPDATE messages SET state = 'lost'",
        "INSERT INTO petition_days VALUES ('mikita', '2026-11-22', 1e308)",
    ],
)
def test_a_backup_that_somebody_changed_is_refused_in_a_line_that_holds_none_of_its_rows(
    database: Database, submit: Submit, tmp_path: Path, change: str
) -> None:
    submit(database, "Markedmessagezq", sealed=b"Markedsealzq")
    file = tmp_path / "candle.backup"
    backup(database, file, TODAY, 30)
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.executescript(f"PRAGMA ignore_check_constraints = 1; {change}")
    target = connect(f"sqlite:///{tmp_path}/target.sqlite")
    with pytest.raises(
        BackupError, match=r"candle\.backup: is (no whole backup of Candle|not whole) \("
    ) as told:
        restore(file, target, tmp_path / "erasures.txt")
    target.close()
    assert "\n" not in str(told.value)
    assert "zq" not in str(told.value)


def test_a_restore_that_fails_midway_leaves_the_database_empty(
    full_database: Database, other: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "candle.backup"
    backup(full_database, file, TODAY, 30)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute("UPDATE batches SET state = 'lost'")  # read last, and refused by the target
    with pytest.raises(Exception, match=r"state_known|is not whole"):
        restore(file, other, tmp_path / "erasures.txt")
    assert not any(everything(other).values())


def test_an_erasure_can_name_the_backups_that_still_hold_it(database: Database, tmp_path: Path) -> None:
    made = [TODAY, TODAY + timedelta(days=10), TODAY + timedelta(days=20)]
    copies = [backup(database, tmp_path / f"{day}", day, 15) for day in made]
    with database.read() as connection:
        assert copies_holding(connection, TODAY, TODAY + timedelta(days=20)) == copies[1:]
        assert (
            copies_holding(connection, TODAY + timedelta(days=11), TODAY + timedelta(days=20)) == copies[2:]
        )
        assert lapsed_copies(connection, TODAY + timedelta(days=20)) == copies[:1]
        assert copies_holding(connection, date(2020, 1, 1), date(2030, 1, 1)) == []
