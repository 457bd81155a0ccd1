"""Upgrade, and go back, as docs/operators.md says, with an older revision of this project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.settings import ROOT
from tests.receiver.serving import APPROVAL_KEY, SECRET_KEY, served

# Before this step of the tables was there.
STEP = "campaign/migrations/versions/0002_signed_staff.py"
STORE = """
import secrets
from datetime import UTC, datetime, timedelta
from campaign import database, settings
from campaign.messages import submission
config = settings.load()
opened = database.connect(config.database_url)
database.migrate(opened)
now = datetime.now(UTC)
for number in range(3):
    sent = submission.Submission("mikita", f"Words number {number}.", "Anna", "en", "1", "en")
    opened.write(lambda c: submission.submit(c, sent, token=secrets.token_hex(16),
        expires_at=now + timedelta(days=1), keys=config.secret_keys, today=now.date()))
opened.close()
"""

pytestmark = [pytest.mark.slow, pytest.mark.history]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it was before that step."""
    added = git("log", "--diff-filter=A", "--format=%H", "-1", "--", STEP)
    if added.returncode or not added.stdout.strip():
        pytest.skip("the project's history is not here: clone all of it")
    folder = tmp_path_factory.mktemp("older")
    packed = folder / "packed.tar"
    git("archive", f"--output={packed}", f"{added.stdout.strip()}^").check_returncode()
    shutil.unpack_archive(packed, folder / "candle")
    return folder / "candle"


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run Python in the project as it is, or in another folder, on one database."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")} | {
        "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite",
        "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
        "CANDLE_SECRET_KEY": SECRET_KEY,
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
    }

    def run(*arguments: str, folder: Path = ROOT, good: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode == 0) == good, f"{arguments}\n{done.stdout}{done.stderr}"
        return done

    return run


def listed(run: Run, folder: Path = ROOT) -> dict[str, str]:
    """Map the ids of all messages to their words, as the project in `folder` lists them."""
    shown = run("build.py", "messages", "mikita", "list", "--json", folder=folder).stdout
    return {message["id"]: message["text"] for message in json.loads(shown)}


def test_an_upgrade_keeps_everything_and_can_be_taken_back(older: Path, run: Run, tmp_path: Path) -> None:
    run("-c", STORE, folder=older)
    run("build.py", "staff", "add", "olga", folder=older)
    before = listed(run, older)
    approved, erased, _ = before
    run("build.py", "messages", "mikita", "approve", approved, folder=older)
    backup = str(tmp_path / "before-the-upgrade.sqlite")
    run("build.py", "backup", backup, folder=older)

    with served(tmp_path) as receiver:  # its start brings the tables to their newest shape
        (token,) = receiver.ripe_tokens(1)
        assert receiver.send(token, message="Sent after the upgrade.")[0] == 201
    assert {key: words for key, words in listed(run).items() if key in before} == before
    assert "`build.py staff reset olga` lets them in" in run("build.py", "staff", "list").stdout
    run("build.py", "messages", "mikita", "erase", erased)

    refused = run("build.py", "messages", "mikita", "list", folder=older, good=False)
    assert "was made by a newer Candle" in refused.stderr
    (tmp_path / "away").mkdir()
    for path in tmp_path.glob("candle.sqlite*"):
        path.rename(tmp_path / "away" / path.name)
    run("build.py", "restore", backup, folder=older)
    assert listed(run, older) == before
    run("build.py", "messages", "mikita", "erase", erased, folder=older)  # named by the list of erasures
    assert erased in (tmp_path / "erasures.txt").read_text()

    assert listed(run).keys() == before.keys() - {erased}  # and forwards again


def test_a_backup_of_before_is_restored_by_the_newer_one(older: Path, run: Run, tmp_path: Path) -> None:
    run("-c", STORE, folder=older)
    before = listed(run, older)
    backup = str(tmp_path / "old" / "backup.sqlite")
    run("build.py", "backup", backup, folder=older)
    for path in tmp_path.glob("candle.sqlite*"):
        path.unlink()
    run("build.py", "restore", backup)
    assert listed(run) == before
