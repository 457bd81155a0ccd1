"""A shell in which commands are run: as processes of their own, or in this one."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from build import cli
from campaign.storage import marks
from campaign.storage.database import connect, migrate
from campaign.storage.tables import messages
from tests.conftest import Submit

Invoke = Callable[..., Result]
KEYS = {"CANDLE_SECRET_KEY": "s" * 40, "CANDLE_APPROVAL_KEY": "a" * 40}


@pytest.fixture
def environ(tmp_path, build_dir):
    """Settings of the test's own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")}
    return (
        environ
        | KEYS
        | {
            "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/instance/candle.sqlite",
            "CANDLE_BUILD_DIR": str(build_dir),
        }
    )


@pytest.fixture
def build(environ, build_py):
    """Run build.py with settings of the test's own and return the finished process."""
    return lambda *arguments, **changes: build_py.run(*arguments, environ=environ | changes)


@pytest.fixture
def sent(tmp_path, build, submit):
    """Three messages that wait, in the database that `build` uses; gives their ids."""
    from campaign.storage import database

    opened = database.connect(f"sqlite:///{tmp_path}/instance/candle.sqlite")
    database.migrate(opened)
    identifiers = [submit(opened, f"Words number {number}.").message for number in range(3)]
    opened.close()
    return identifiers


@pytest.fixture
def invoke(tmp_path: Path) -> Invoke:
    """Run build.py on a database of the test's own, or on another one of the same folder."""

    def run(*arguments: str, database: str = "candle") -> Result:
        environ = {
            "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/{database}.sqlite",
            "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
        }
        return CliRunner(env=environ).invoke(cli, arguments)

    return run


@pytest.fixture
def overdue(tmp_path: Path, submit: Submit) -> str:
    """The id of one message, rejected long ago, in the database that `invoke` uses."""
    opened = connect(f"sqlite:///{tmp_path}/candle.sqlite")
    migrate(opened)
    identifier = submit(opened, "Trzymaj się").message
    long_ago = datetime.now(UTC).date() - timedelta(days=9_999)
    opened.write(lambda c: c.execute(update(messages).values(state="rejected", reviewed_on=long_ago)))
    opened.write(lambda c: marks.note(c, "purge", datetime.now(UTC)))
    opened.close()
    return identifier
