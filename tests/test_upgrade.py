"""Upgrade, and go back, as docs/operators.md says, with an older revision of this project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from campaign import ROOT
from tests.receiver.serving import APPROVAL_KEY, SECRET_KEY, served
from tests.support import postgresql
from tests.support.commands import Commands, starting

# What the history says of a file: added by the commit that signed staff rows, taken away by the one that gave
# the steps of the tables a room of their own.
SIGNED = ("A", "campaign/migrations/versions/0002_signed_staff.py")
ROOMS = ("D", "campaign/migrations/versions/0003_books.py")
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
    facts = secrets.token_hex(16), now + timedelta(days=1), config.secret_keys, now.date()
    if hasattr(submission, "submit"):
        names = ("token", "expires_at", "keys", "today")
        opened.write(lambda c: submission.submit(c, sent, **dict(zip(names, facts))))
    else:
        opened.write_together(submission.submit_together, submission.Post(sent, *facts))
opened.close()
"""

pytestmark = [pytest.mark.slow, pytest.mark.history]
Run = Callable[..., subprocess.CompletedProcess[str]]
OLD: dict[Path, Commands] = {}  # what starts the program of an older one's folder


OLDER = [pytest.param(ROOMS, id="rooms"), pytest.param(SIGNED, id="signed staff", marks=pytest.mark.soak)]


@pytest.fixture(scope="module", params=OLDER)
def older(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The project as it was before one of these commits."""
    with before(request.param, tmp_path_factory.mktemp("older")) as folder:
        yield folder


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project as it was before staff rows were signed: its tables have another shape."""
    with before(SIGNED, tmp_path_factory.mktemp("unsigned")) as folder:
        yield folder


@contextmanager
def before(found: tuple[str, str], folder: Path) -> Iterator[Path]:
    what, file = found
    done = git("log", "--no-renames", f"--diff-filter={what}", "--format=%H", "-1", "--", file)
    if done.returncode or not done.stdout.strip():
        pytest.skip("the project's history is not here: clone all of it")
    packed = folder / "packed.tar"
    git("archive", f"--output={packed}", f"{done.stdout.strip()}^").check_returncode()
    shutil.unpack_archive(packed, folder / "candle")
    OLD[folder / "candle"] = Commands(folder / "candle")
    yield folder / "candle"
    OLD.pop(folder / "candle").end()


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run Python in the project as it is, or in another folder, on one database."""
    return runner(f"sqlite:///{tmp_path}/candle.sqlite", tmp_path)


def runner(url: str, folder: Path) -> Run:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")} | {
        "CANDLE_DATABASE_URL": url,
        "CANDLE_BUILD_DIR": str(folder / "_build"),
        "CANDLE_SECRET_KEY": SECRET_KEY,
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
    }

    def run(*arguments: str, folder: Path = ROOT, good: bool = True) -> subprocess.CompletedProcess[str]:
        done = OLD.get(folder, starting()).run_python(*arguments, environ=environ)
        assert (done.returncode == 0) == good, f"{arguments}\n{done.stdout}{done.stderr}"
        return done

    return run


def listed(run: Run, folder: Path = ROOT) -> dict[str, str]:
    """Map the ids of all messages to their words, as the project in `folder` lists them."""
    shown = run("build.py", "messages", "mikita", "list", "--json", folder=folder).stdout
    return {message["id"]: message["text"] for message in json.loads(shown)}


def test_an_upgrade_keeps_everything_and_can_be_taken_back(unsigned: Path, run: Run, tmp_path: Path) -> None:
    older = unsigned
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


@pytest.mark.soak
def test_the_same_on_postgresql(unsigned: Path, tmp_path: Path, empty_postgresql: str) -> None:
    older, run = unsigned, runner(empty_postgresql, tmp_path)
    run("-c", STORE, folder=older)
    before = listed(run, older)
    printed, *_ = before
    run("build.py", "messages", "mikita", "approve", printed, folder=older)
    run("build.py", "cards", "mikita", "--final", folder=older)
    run("build.py", "batches", "mikita", "printed", "1", folder=older)
    backup = str(tmp_path / "before-the-upgrade.sqlite")
    run("build.py", "backup", backup, folder=older)

    with served(tmp_path, CANDLE_DATABASE_URL=empty_postgresql) as receiver:
        (token,) = receiver.ripe_tokens(1)
        assert receiver.send(token, message="Sent after the upgrade.")[0] == 201
    after = listed(run)
    assert {key: words for key, words in after.items() if key in before} == before
    assert len(after) == len(before) + 1
    run("build.py", "batches", "mikita", "posted", "1")
    run("build.py", "keepsake", "mikita")

    refused = run("build.py", "messages", "mikita", "list", folder=older, good=False)
    assert "was made by a newer Candle" in refused.stderr
    url = make_url(empty_postgresql)
    administrator = url.set(username=postgresql.ADMINISTRATOR, database="postgres")
    postgresql.administer(
        administrator.render_as_string(hide_password=False),
        f"DROP DATABASE {url.database} WITH (FORCE)",
        f"CREATE DATABASE {url.database} OWNER {postgresql.ROLE}",
    )
    run("build.py", "restore", backup, folder=older)
    assert listed(run, older) == before


def test_what_an_older_one_printed_and_backed_up_goes_on_in_the_newer_one(
    older: Path, run: Run, tmp_path: Path
) -> None:
    run("-c", STORE, folder=older)
    before = listed(run, older)
    first, second, _ = before
    backup = str(tmp_path / "old" / "backup.sqlite")
    run("build.py", "backup", backup, folder=older)
    run("build.py", "messages", "mikita", "approve", first, second, folder=older)
    run("build.py", "cards", "mikita", "--final", folder=older)
    run("build.py", "batches", "mikita", "printed", "1", folder=older)

    assert "2 messages" in run("build.py", "batches", "mikita", "show", "1").stdout
    again = run("build.py", "batches", "mikita", "reprint", "1")
    told = again.stdout + again.stderr
    assert "another version of this program set it" in told or "it was not noted" in told, told
    run("build.py", "batches", "mikita", "posted", "1")
    assert run("build.py", "cards", "mikita", "--final").stdout.startswith("Nothing ready")
    run("build.py", "keepsake", "mikita")

    for path in tmp_path.glob("candle.sqlite*"):
        path.unlink()
    run("build.py", "restore", backup)
    assert listed(run) == before
