"""Fixtures for every test: a real database, real content, a real PostgreSQL where there is one."""

from __future__ import annotations

import gc
import importlib
import os
import secrets
import shutil
import subprocess
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import hypothesis
import pytest
from sqlalchemy import make_url

from campaign import ROOT
from campaign.keys import sealing
from campaign.messages import queries, review, submission
from campaign.messages.message import Message
from campaign.settings import Settings
from campaign.storage.database import Database, checkpoint, connect, migrate
from tests.support import lanes, postgresql
from tests.support.commands import Commands, starting
from tests.support.figures import figure, pytest_terminal_summary
from tests.support.once import what_repeats_is_done_once
from tests.support.ports import free_ports

__all__ = ["figure", "pytest_terminal_summary", "what_repeats_is_done_once"]

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECRET_KEY = "a secret key for tests only, long enough"
APPROVAL_KEY = "an approval key for tests only, long enough"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy, because migrating takes a tenth of a second."""
    path = tmp_path_factory.mktemp("migrated") / "candle.sqlite"
    opened = connect(f"sqlite:///{path}")
    migrate(opened)
    checkpoint(opened)
    opened.close()
    return path


@pytest.fixture(scope="session")
def drawn_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the pages' pictures for all processes of this run: a build folder's `pictures` may lead here."""
    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "drawn-pictures"
    kept.mkdir(exist_ok=True)
    return kept


@pytest.fixture(scope="session")
def build_py() -> Commands:
    """Start `build.py` as a process of its own, without reading its modules anew each time."""
    return starting()


@pytest.fixture
def build_dir(tmp_path: Path, drawn_pictures: Path) -> Path:
    """Give a build folder of the test's own, with the pictures that were drawn before."""
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / "pictures").symlink_to(drawn_pictures)
    return tmp_path / "_build"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Start two more than there are cores: much of a test is waiting, for a browser, a disk or a clock.

    In the fast lane nothing waits, and each process reads all tests first, which takes five seconds.
    """
    return (os.cpu_count() or 1) + (0 if lanes.is_fast(config) else 2)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no test of a browser, and not the library that drives it, where none is to run."""
    driven = "not browser" not in config.getoption("markexpr")
    return None if driven else collection_path == ROOT / "tests" / "browser" or None


@pytest.hookimpl(tryfirst=True)  # before a folder for the tests is chosen
def pytest_configure(config: pytest.Config) -> None:
    """Look for garbage less often: most of what a test leaves goes by itself. Time is no test's measure."""
    gc.set_threshold(20_000, 50, 50)
    chosen = config.option.basetemp is not None  # also by who started this process
    if lanes.is_fast(config) and not chosen and (folder := lanes.folder_in_memory()):
        config.option.basetemp = f"{folder}/tests"  # pytest makes it anew, and the outer one is held
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    # In CI the same examples each time: chance does not decide what lands. Elsewhere others are found.
    hypothesis.settings.register_profile(
        "unhurried", deadline=None, suppress_health_check=UNHURRIED, derandomize="CI" in os.environ
    )
    hypothesis.settings.load_profile("unhurried")


def pytest_collection(session: pytest.Session) -> None:
    """Have each process of a whole run begin to read the tests elsewhere, and find compiled what others read.

    On a fresh clone all of them would compile each test at the same moment: four seconds in each.
    """
    worker = getattr(session.config, "workerinput", None)
    if not worker or session.config.args != ["tests"]:
        return
    paths = (path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    names = sorted(".".join(path.with_suffix("").parts) for path in paths if "browser" not in path.parts)
    begin = len(names) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    with warnings.catch_warnings(action="error"):
        for name in names[begin:] + names[:begin]:
            with suppress(Exception, pytest.skip.Exception):  # it is told where the tests are collected
                importlib.import_module(name)


def pytest_collection_finish() -> None:
    """Pass over modules and tests in each look for garbage: they stay until the end."""
    gc.freeze()


UNHURRIED = [hypothesis.HealthCheck.too_slow]  # a machine that others use may be slow for anybody
POSTGRESQL = ("postgresql", "postgresql_database")  # what a test's parameter calls it


# These take longest: begun first, they leave no process alone with one of them at the end.
LONGEST = [
    f"test_{name}.py" for name in ("operators_road", "two_users", "docs", "containers", "upgrade", "deploy")
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep out of the fast lane what needs a PostgreSQL server, and set in front what takes longest."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgres" in fixtures or any(value in POSTGRESQL for value in chosen):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let nothing be skipped where CI is set: `make tools` has installed all but the project's history."""
    report = yield
    excused = hasattr(report, "wasxfail") or item.get_closest_marker("history")
    if report.skipped and os.environ.get("CI") and not excused:
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{item.nodeid}: not run, although CI is set: {reason}"
    return report


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "candle.sqlite")
    opened = connect(f"sqlite:///{folder}/candle.sqlite")
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> Database:
    """The same test on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(
        "database" if request.param == "sqlite" else "postgresql_database"
    )
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The administrator's URL of a PostgreSQL server that runs for this session."""
    try:
        with postgresql.server() as url:
            yield url
    except postgresql.NoServer as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def migrated_postgresql(postgres: str) -> str:
    """The URL of a migrated PostgreSQL database; one for all tests, because making one takes a second."""
    postgresql.administer(postgres, f"CREATE DATABASE migrated OWNER {postgresql.ROLE}")
    opened = connect(_named(postgres, "migrated"))
    migrate(opened)
    opened.close()
    return _named(postgres, "migrated")


@pytest.fixture(scope="session")
def empty_it(migrated_postgresql: str) -> Iterator[Callable[[], object]]:
    """What empties that database between two tests."""
    with postgresql.emptier(migrated_postgresql) as emptying:
        yield emptying


@pytest.fixture
def postgresql_database(migrated_postgresql: str, empty_it: Callable[[], object]) -> Iterator[Database]:
    """An empty, migrated PostgreSQL database."""
    opened = connect(migrated_postgresql)
    yield opened
    opened.close()
    empty_it()


@pytest.fixture
def empty_postgresql(postgres: str) -> Iterator[str]:
    """The URL of a PostgreSQL database without tables."""
    name = f"candle_{secrets.token_hex(6)}"
    postgresql.administer(postgres, f"CREATE DATABASE {name} OWNER {postgresql.ROLE}")
    yield _named(postgres, name)
    postgresql.administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _named(url: str, database: str) -> str:
    """Give the URL of a database that the ordinary role owns."""
    chosen = make_url(url).set(username=postgresql.ROLE, database=database)
    return chosen.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def age_keys() -> tuple[str, str]:
    """An age key pair: public, secret."""
    return sealing.new_key()


@pytest.fixture
def settings(tmp_path: Path, age_keys: tuple[str, str]) -> Settings:
    """Settings whose every file lies in the test's own folder."""
    return Settings(
        database_url=f"sqlite:///{tmp_path}/instance/candle.sqlite",
        secret_key=SECRET_KEY,
        approval_key=APPROVAL_KEY,
        site_url=("https://candle.example.org",),
        receiver_url="https://post.candle.example.org",
        age_recipients=(age_keys[0],),
        build_dir=tmp_path / "_build",
        second_factor="off",  # test_second_factor.py switches it on
    )


@pytest.fixture
def campaign():  # type: ignore[no-untyped-def]  # its type lives in a module that some tests do not need
    """The campaign of content/mikita, in English alone."""
    from campaign.content.campaign import load

    found = load(ROOT / "content" / "mikita")
    return replace(found, languages=("en",), names={}, editions={"en": found.edition})


Submit = Callable[..., submission.Receipt]


@pytest.fixture
def submit() -> Submit:
    """Store a message as the receiver does; keywords replace what it would hold."""

    def submit(database: Database, text: str = "We are with you.", **changes: object) -> submission.Receipt:
        token = str(changes.pop("token", secrets.token_hex(16)))
        keys = cast("list[str]", changes.pop("keys", [SECRET_KEY]))
        fields: dict[str, object] = {
            "campaign": "mikita",
            "text": text,
            "first_name": "Anna",
            "language": "en",
            "consent_version": "1",
            "consent_language": "en",
        }
        sent = submission.Submission(**(fields | changes))  # type: ignore[arg-type]
        post = submission.Post(sent, token, NOW + timedelta(days=1), keys, TODAY)
        return database.write_together(submission.submit_together, post)

    return submit


@pytest.fixture
def waiting_message(database: Database, submit: Submit) -> Message:
    """A message that waits for review."""
    receipt = submit(database)
    with database.read() as connection:
        return queries.get(connection, receipt.message)


@pytest.fixture
def approved_message(database: Database, waiting_message: Message) -> Message:
    """A message that may be printed."""
    return database.write(
        lambda connection: review.approve(connection, waiting_message.id, "olga", [APPROVAL_KEY], TODAY)
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB, which only root can mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs root, to mount a tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    return free_ports(1)[0]
