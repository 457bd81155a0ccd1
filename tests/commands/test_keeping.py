"""purge, backup, restore and erase, as an operator runs them."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select, update

from build import cli
from campaign import ROOT
from campaign.keeping import retention
from campaign.settings import Settings
from campaign.storage import machines, marks, sqlite
from campaign.storage.database import connect, migrate
from campaign.storage.tables import backups, keepsakes, messages
from commands import messages as shell
from tests.conftest import Submit

Build = Callable[..., Result]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Run build.py on a database of the test's own, or on another one of the same folder."""

    def run(*arguments: str, database: str = "candle") -> Result:
        environ = {
            "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/{database}.sqlite",
            "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
        }
        return CliRunner(env=environ).invoke(cli, arguments)

    return run


@pytest.fixture
def sent(tmp_path: Path, submit: Submit) -> str:
    """The id of one message, rejected long ago, in the database that `build` uses."""
    opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    migrate(opened)
    identifier = submit(opened, "Trzymaj się").message
    long_ago = datetime.now(UTC).date() - timedelta(days=9_999)
    opened.write(lambda c: c.execute(update(messages).values(state="rejected", reviewed_on=long_ago)))
    opened.write(lambda c: marks.note(c, "purge", datetime.now(UTC)))
    opened.close()
    return identifier


def test_a_purge_ends_badly_and_whole_where_a_file_cannot_be_deleted(
    build: Build, sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have put a folder into that of a batch in which nobody may write."""
    told = "a.pdf: cannot be deleted (Permission denied), and holds erased words; delete it"
    purge = retention.purge
    monkeypatch.setattr(retention, "purge", lambda *given: replace(purge(*given), left=(told,)))
    done = build("purge")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, told)
    assert "mikita: erased 1 messages" in done.stdout


def test_an_erasure_is_listed_though_nobody_reads_what_is_told_of_it(
    build: Build, sent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_told: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shell, "_report", full)
    assert build("messages", "mikita", "erase", sent).exit_code == 1
    assert sent in (tmp_path / "erasures.txt").read_text()


def test_a_backup_is_restored_into_an_empty_database(build: Build, sent: str, tmp_path: Path) -> None:
    written = build("backup", str(tmp_path / "b"))
    assert (written.exit_code, "keep it until" in written.stdout) == (0, True)
    restored = build("restore", str(tmp_path / "b"), database="other")
    assert "1 messages" in restored.stdout
    assert "erased again: 0 messages" in restored.stdout
    assert sent in build("messages", "mikita", "list", database="other").stdout


def test_a_refusal_says_why_with_status_1(build: Build, sent: str, tmp_path: Path) -> None:
    build("backup", str(tmp_path / "b"))
    again = build("backup", str(tmp_path / "b"))
    over = build("restore", str(tmp_path / "b"))
    assert (again.exit_code, over.exit_code) == (1, 1)
    assert "is there already" in again.stderr
    assert "restore into an empty one" in over.stderr


def test_a_place_where_nothing_can_be_written_is_named(build: Build, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = build("sample", "mikita", "--output", str(tmp_path / "file" / "sample.pdf"))
    assert done.exit_code == 1
    assert f"{tmp_path}/file" in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_a_purge_erases_what_is_due_and_says_how_much(build: Build, sent: str) -> None:
    assert "mikita: erased 1 messages" in build("purge").stdout
    assert "mikita: erased nothing" in build("purge").stdout


def test_one_editors_typo_stops_no_other_campaigns_purge(
    build: Build, sent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "anna")
    (tmp_path / "content" / "anna" / "campaign.toml").write_text("name = ")
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    done = build("purge")
    assert "mikita: erased 1 messages" in done.stdout
    assert done.exit_code == 1
    assert "anna/campaign.toml:1" in done.stderr
    assert sent in (tmp_path / "erasures.txt").read_text()


def test_a_purge_names_a_campaign_whose_folder_was_removed(
    build: Build, sent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "anna")
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    done = build("purge")
    assert f"{tmp_path}/content/mikita: missing" in done.stderr
    assert "erased 1 messages" not in done.stdout


def test_a_purge_names_the_backups_that_hold_what_it_erased(build: Build, sent: str, tmp_path: Path) -> None:
    build("backup", str(tmp_path / "b"))
    assert re.search(rf"{tmp_path}/b, made on .*, holds them until \d", build("purge").stdout)
    assert "holds them" not in build("purge").stdout


def test_an_erasure_names_the_backups_that_hold_it(build: Build, sent: str, tmp_path: Path) -> None:
    build("backup", str(tmp_path / "b"))
    said = build("messages", "mikita", "erase", sent).stdout
    assert f"{sent}: erased" in said
    assert f"{tmp_path}/b, made on" in said
    assert sent not in build("messages", "mikita", "list").stdout


def test_an_erasure_is_told_and_listed_although_a_reader_holds_the_old_pages(
    build: Build, sent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure itself is done; only its bytes wait in the log for the next purge."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.1)
    reader = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    with reader.read() as connection:
        connection.execute(select(messages)).all()
        done = build("messages", "mikita", "erase", sent)
    reader.close()
    assert (done.exit_code, done.stderr.strip().splitlines()[-1]) == (
        1,
        "a reader holds the old pages; run `build.py purge` in a moment",
    )
    assert f"{sent}: erased" in done.stdout
    assert sent in (tmp_path / "erasures.txt").read_text()


def test_a_list_tells_languages_and_duplicates(build: Build, sent: str) -> None:
    assert '"kind": "language"' in build("messages", "mikita", "list", "--json").stdout


def test_a_list_says_that_the_keepsake_is_to_be_made_anew(build: Build, sent: str, tmp_path: Path) -> None:
    assert build("messages", "mikita", "list").stderr == ""
    opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    keepsake = {"campaign": "mikita", "made_on": datetime.now(UTC).date(), "taken_back": 1}
    opened.write(lambda c: c.execute(insert(keepsakes).values(keepsake)) and None)
    opened.close()
    said = build("messages", "mikita", "list")
    assert sent in said.stdout
    assert said.stderr.startswith("The family's keepsake holds a message taken back since: make it anew")
    assert "`build.py keepsake mikita`" in said.stderr
    assert build("messages", "mikita", "list", "--json").stderr == ""


@pytest.fixture
def purged_long_ago(sent: str, tmp_path: Path) -> Callable[[int], None]:
    """Let the last purge have been so many days ago, by a clock that is right or is not."""

    def purged(days: int) -> None:
        opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
        opened.write(lambda c: marks.note(c, "purge", datetime.now(UTC) - timedelta(days=days)))
        opened.close()

    return purged


def test_a_clock_that_jumped_erases_nothing_until_somebody_says_that_it_is_right(
    build: Build, sent: str, tmp_path: Path, purged_long_ago: Callable[[int], None]
) -> None:
    folder = tmp_path / "backups"
    build("backup", str(folder / "old.sqlite"))
    os.utime(folder / "old.sqlite", (0, 0))
    purged_long_ago(31)
    refused = build("purge", "--backups", str(folder))
    assert (refused.exit_code, "nothing was erased; if `date` is right" in refused.stderr) == (1, True)
    assert (folder / "old.sqlite").exists()
    assert sent in build("messages", "mikita", "list").stdout
    told = build("purge", "--after-gap", "--backups", str(folder)).stdout
    assert "mikita: erased 1 messages" in told
    assert f"deleted {folder}/old.sqlite: it lapsed" in told
    assert build("purge").exit_code == 0


def test_a_purge_after_a_holiday_needs_nobody(build: Build, purged_long_ago: Callable[[int], None]) -> None:
    purged_long_ago(29)
    assert "mikita: erased 1 messages" in build("purge").stdout


def test_a_copy_that_is_gone_elsewhere_is_ticked_off(build: Build, sent: str, tmp_path: Path) -> None:
    build("backup", str(tmp_path / "usb" / "b.sqlite"))
    opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    opened.write(
        lambda c: c.execute(update(backups).values(lapses_on=datetime(2026, 1, 1, tzinfo=UTC).date()))
    )
    opened.close()
    (tmp_path / "usb").rename(tmp_path / "away")
    assert f"delete {tmp_path}/usb/b.sqlite" in build("purge").stdout
    assert build("backup", "--forgotten", str(tmp_path / "usb" / "b.sqlite")).exit_code == 0
    assert "delete" not in build("purge").stdout


def test_a_backup_is_sealed_by_the_command(
    build: Build, sent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age_keys: tuple[str, str]
) -> None:
    monkeypatch.setenv("CANDLE_AGE_RECIPIENTS", age_keys[0])
    assert build("backup", "--seal", str(tmp_path / "b.sqlite.age")).exit_code == 0
    assert (tmp_path / "b.sqlite.age").read_bytes().startswith(b"age-encryption.org/v1")
    with closing(connect(f"sqlite:///{tmp_path}/candle.sqlite")) as opened, opened.read() as connection:
        changed = Settings(age_recipients=("age1another",))
        (lagging,) = machines.lagging(connection, changed, datetime.now(UTC))
    assert (lagging.machine.part, lagging.other) == ("backup", ("age_recipients",))
