"""Copies lapse in peace: named until they are gone, and sealed where they are carried away."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from campaign.errors import CandleError
from campaign.keeping import backup_copies
from campaign.keeping.backup import BackupError, Seal, backup, restore
from campaign.keeping.backup_copies import BackupCopy, lapsed_copies, lapsed_in, unfinished_in
from campaign.keys.sealing import SealingError
from campaign.storage.database import Database, connect
from tests.conftest import TODAY, Submit

LAPSED = TODAY + timedelta(days=31)
DAY = 24 * 3600


def named(database: Database) -> list[str]:
    with database.read() as connection:
        return [copy.name for copy in lapsed_copies(connection, LAPSED)]


def test_what_is_no_backup_is_named_for_nobody_to_delete(database: Database, tmp_path: Path) -> None:
    key = tmp_path / "approval_key"
    key.write_text("a key that somebody who writes to the database would have deleted")
    pipe = tmp_path / "pipe.sqlite"
    os.mkfifo(pipe)
    for file in (key, pipe, tmp_path):
        copy = BackupCopy(str(file), TODAY, TODAY)
        database.write(lambda connection, copy=copy: backup_copies.note_copy(connection, copy))
    assert named(database) == []


def test_a_copy_is_named_until_its_file_is_gone(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "2026[1].sqlite"
    backup(database, file, TODAY, 30)
    with database.read() as connection:
        assert lapsed_copies(connection, TODAY + timedelta(days=30)) == []  # its last day
    assert named(database) == [str(file)]
    file.rename(tmp_path / "2026[1].sqlite.age")  # as `age` leaves it
    assert named(database) == [str(file)]
    (tmp_path / "2026[1].sqlite.age").unlink()
    assert named(database) == []


def test_a_copy_elsewhere_is_named_until_it_is_ticked_off(database: Database, tmp_path: Path) -> None:
    away = tmp_path / "a disk that is not here" / "b.sqlite"
    copy = BackupCopy(str(away), TODAY, TODAY)
    database.write(lambda c: backup_copies.note_copy(c, copy))
    assert named(database) == [str(away)]
    away.parent.mkdir()  # where that disk is put
    assert named(database) == [str(away)]
    with pytest.raises(CandleError, match="no backup of that name"):
        database.write(lambda c: backup_copies.forget(c, away.with_name("c.sqlite")))
    database.write(lambda c: backup_copies.forget(c, away))
    assert named(database) == []


def test_a_copy_at_which_nobody_can_look_is_named_and_ends_no_purge(database: Database) -> None:
    names = [f"/{'a' * 300}/b.sqlite", "/tmp/b\0.sqlite"]  # as a folder that is closed; and no name at all
    for name in names:
        copy = BackupCopy(name, TODAY, TODAY)
        database.write(lambda c, copy=copy: backup_copies.note_copy(c, copy))
    assert named(database) == names[:1]
    with database.read() as connection:
        assert backup_copies.folders_of_copies(connection) == [Path("/tmp")]


def test_what_lapsed_in_a_folder_goes_sealed_or_not_and_nothing_else(tmp_path: Path) -> None:
    made = {"a.sqlite": 30, "b.sqlite.age": 30, "c.sqlite": 28, "d.sqlite.age": 0, "erasures.txt": 300}
    for name, days in made.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - days * DAY,) * 2)
    today = datetime.now(UTC).date()
    assert [file.name for file in lapsed_in(tmp_path, today, 30)] == ["a.sqlite", "b.sqlite.age"]
    (tmp_path / ".candle-gone").symlink_to("nowhere")  # as if its run had ended meanwhile
    for link in ("closed.sqlite", ".candle-closed"):
        (tmp_path / link).symlink_to(f"/{'a' * 300}/closed")  # as into a folder that is closed
    assert [file.name for file in lapsed_in(tmp_path, today, 30)] == ["a.sqlite", "b.sqlite.age"]
    assert unfinished_in(tmp_path, today) == []


def test_a_sealed_backup_opens_with_its_key_alone_and_holds_everything(
    database: Database, submit: Submit, tmp_path: Path, age_keys: tuple[str, str]
) -> None:
    submit(database, "Markedwordszq " * 20)
    file, within = tmp_path / "away" / "b.sqlite.age", tmp_path / "_build"
    open_there: dict[str, int] = {}

    def show(step: str, *_: int) -> None:
        open_there[step] = sum(path.is_file() for path in within.rglob("*"))

    backup(database, file, TODAY, 30, show, Seal((age_keys[0],), within))
    assert open_there["sealing"] == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Markedwordszq" not in file.read_bytes()
    assert [*within.iterdir()] == []
    assert [*file.parent.iterdir()] == [file]
    opened = tmp_path / "opened.sqlite"
    opened.write_bytes(pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.from_str(age_keys[1])]))
    target = connect(f"sqlite:///{tmp_path}/target/candle.sqlite")
    restore(opened, target, tmp_path / "target" / "erasures.txt")
    target.close()
    with sqlite3.connect(tmp_path / "target" / "candle.sqlite") as found:
        assert found.execute("SELECT count(*) FROM messages").fetchone() == (1,)


def test_a_sealed_backup_that_is_to_be_restored_says_how_it_is_opened(
    database: Database, tmp_path: Path, age_keys: tuple[str, str]
) -> None:
    file = tmp_path / "b.sqlite.age"
    backup(database, file, TODAY, 30, seal=Seal((age_keys[0],), tmp_path / "_build"))
    with pytest.raises(BackupError, match="but sealed: where the key is, `age -d -i"):
        restore(file, database, tmp_path / "erasures.txt")


def test_without_a_recipient_nothing_is_written(database: Database, tmp_path: Path) -> None:
    with pytest.raises(SealingError, match="no key to seal to"):
        backup(database, tmp_path / "out" / "b.age", TODAY, 30, seal=Seal((), tmp_path / "_build"))
    assert [*(tmp_path / "out").iterdir()] == []
    assert named(database) == []
