"""`build.py purge`, as an operator or a timer runs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from campaign import ROOT, settings
from campaign.keeping import retention
from campaign.storage import marks
from campaign.storage.database import NotStored, connect
from tests.commands.conftest import Invoke


def test_a_purge_ends_badly_and_whole_where_a_file_cannot_be_deleted(
    invoke: Invoke, overdue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have put a folder into that of a batch in which nobody may write."""
    told = "a.pdf: cannot be deleted (Permission denied), and holds erased words; delete it"
    purge = retention.purge
    monkeypatch.setattr(retention, "purge", lambda *given: replace(purge(*given), left=(told,)))
    done = invoke("purge")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, told)
    assert "mikita: erased 1 message" in done.stdout
    monkeypatch.setattr(retention, "scrub", Mock(side_effect=NotStored("somebody reads there")))
    assert invoke("purge").stderr.splitlines()[-2:] == [told, "somebody reads there"]


def test_one_editors_typo_stops_no_other_campaigns_purge(
    invoke: Invoke, overdue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "anna")
    (tmp_path / "content" / "anna" / "campaign.toml").write_text("name = ")
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    done = invoke("purge")
    assert "mikita: erased 1 message" in done.stdout
    assert done.exit_code == 1
    assert "anna/campaign.toml:1" in done.stderr
    assert overdue in (tmp_path / "erasures.txt").read_text()


def test_a_purge_names_a_campaign_whose_folder_was_removed(
    invoke: Invoke, overdue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "anna")
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    done = invoke("purge")
    assert f"{tmp_path}/content/mikita: missing" in done.stderr
    assert "erased 1 message" not in done.stdout


@pytest.fixture
def purged_long_ago(overdue: str, tmp_path: Path) -> Callable[[int], None]:
    """Let the last purge have been so many days ago, by a clock that is right or is not."""

    def purged(days: int) -> None:
        opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
        opened.write(lambda c: marks.note(c, "purge", datetime.now(UTC) - timedelta(days=days)))
        opened.close()

    return purged


def test_a_clock_that_jumped_erases_nothing_until_somebody_says_that_it_is_right(
    invoke: Invoke,
    overdue: str,
    tmp_path: Path,
    purged_long_ago: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "backups"
    invoke("backup", str(folder / "old.sqlite"))
    invoke("backup", str(tmp_path / "by hand" / "new.sqlite"))
    monkeypatch.setattr(settings, "CONFIG", tmp_path / "instance" / "config.toml")
    (folder / ".candle-going-on").mkdir()
    killed = [tmp_path / name for name in ("backups/.candle-1", "instance/.candle-2", "by hand/.candle-3")]
    for path in killed:
        path.mkdir(parents=True)
    for path in (folder / "old.sqlite", *killed):
        os.utime(path, (0, 0))
    purged_long_ago(31)
    refused = invoke("purge", "--backups", str(folder))
    assert (refused.exit_code, "nothing was erased; if `date` is right" in refused.stderr) == (1, True)
    assert (folder / "old.sqlite").exists()
    assert overdue in invoke("messages", "mikita", "list").stdout
    told = invoke("purge", "--after-gap", "--backups", str(folder)).stdout
    assert "mikita: erased 1 message" in told
    for path in (folder / "old.sqlite", *killed):
        assert f"deleted {path}: it lapsed" in told
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [".candle-going-on"]
    assert invoke("purge").exit_code == 0


def test_a_purge_after_a_holiday_needs_nobody(invoke: Invoke, purged_long_ago: Callable[[int], None]) -> None:
    purged_long_ago(29)
    assert "mikita: erased 1 message" in invoke("purge").stdout
