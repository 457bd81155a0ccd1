"""`build.py backup` and `restore`, as an operator runs them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import update

from campaign.keeping import backup as copies
from campaign.settings import Settings
from campaign.storage import machines
from campaign.storage.database import Database, Unavailable, connect
from campaign.storage.tables import backups
from tests.commands.conftest import Invoke


def test_a_backup_is_restored_into_an_empty_database(invoke: Invoke, overdue: str, tmp_path: Path) -> None:
    written = invoke("backup", str(tmp_path / "b"))
    assert (written.exit_code, "keep it until" in written.stdout) == (0, True)
    printed = tmp_path / "_build" / "cards" / "mikita" / "batch-0001"
    printed.mkdir(parents=True)
    restored = invoke("restore", str(tmp_path / "b"), database="other")
    assert f"{printed}: made since the backup" in restored.stderr
    assert "1 messages" in restored.stdout
    assert "erased again: 0 messages" in restored.stdout
    assert overdue in invoke("messages", "mikita", "list", database="other").stdout


def test_what_a_restored_backup_lacks_is_told_though_its_server_goes_away_at_once(
    invoke: Invoke, overdue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run would refuse a database that is not empty."""
    invoke("backup", str(tmp_path / "b"))
    printed = tmp_path / "_build" / "cards" / "mikita" / "batch-0001"
    printed.mkdir(parents=True)
    restore = copies.restore

    def restored(*arguments: Any) -> dict[str, int]:
        counts = restore(*arguments)
        monkeypatch.setattr(Database, "read", Mock(side_effect=Unavailable("the server is gone")))
        return counts

    monkeypatch.setattr(copies, "restore", restored)
    assert f"{printed}: made since the backup" in invoke("restore", str(tmp_path / "b"), database="o").stderr
    assert (tmp_path / "erasures.txt").exists()


def test_a_copy_that_is_gone_elsewhere_is_ticked_off(invoke: Invoke, overdue: str, tmp_path: Path) -> None:
    invoke("backup", str(tmp_path / "usb" / "b.sqlite"))
    opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    opened.write(
        lambda c: c.execute(update(backups).values(lapses_on=datetime(2026, 1, 1, tzinfo=UTC).date()))
    )
    opened.close()
    (tmp_path / "usb").rename(tmp_path / "away")
    assert f"delete {tmp_path}/usb/b.sqlite" in invoke("purge").stdout
    assert invoke("backup", "--forgotten", str(tmp_path / "usb" / "b.sqlite")).exit_code == 0
    assert "delete" not in invoke("purge").stdout


def test_a_backup_is_sealed_by_the_command(
    invoke: Invoke, overdue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age_keys: tuple[str, str]
) -> None:
    monkeypatch.setenv("CANDLE_AGE_RECIPIENTS", age_keys[0])
    assert invoke("backup", "--seal", str(tmp_path / "b.sqlite.age")).exit_code == 0
    assert (tmp_path / "b.sqlite.age").read_bytes().startswith(b"age-encryption.org/v1")
    with closing(connect(f"sqlite:///{tmp_path}/candle.sqlite")) as opened, opened.read() as connection:
        changed = Settings(age_recipients=("age1another",))
        (lagging,) = machines.lagging(connection, changed, datetime.now(UTC))
    assert (lagging.machine.part, lagging.other) == ("backup", ("age_recipients",))
