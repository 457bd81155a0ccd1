"""What holds people's words is its owner's alone, whatever the umask of who runs the command."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.storage.database import Database
from tests.conftest import APPROVAL_KEY, SECRET_KEY
from tests.support.commands import Commands
from tests.support.press import approve

pytestmark = pytest.mark.slow  # each command is a process of its own
COMMANDS = [
    "cards mikita --final",
    "batches mikita reprint 1",
    "batches mikita reprint 1 --sheets 1",
    "batches mikita printed 1",
    "batches mikita posted 1",
    "keepsake mikita",
    "keepsake mikita --output {out}/books/new/book.pdf",
    "messages mikita export-translations {out}/words.csv",
    "messages mikita export-translations {out}/words.jsonl",
    "backup {out}/backups/today.sqlite",
    "cards mikita --final --limit 1",
    "batches mikita void 2 --why spoiled",
]


@pytest.fixture
def written(build_py: Commands, database: Database, tmp_path: Path) -> Path:
    """The folder of everything that the commands write, run by somebody who lets others read it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")} | {
        "CANDLE_DATABASE_URL": str(database.engine.url),
        "CANDLE_BUILD_DIR": str(tmp_path / "out" / "_build"),
        "CANDLE_SECRET_KEY": SECRET_KEY,
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
    }
    (tmp_path / "out").mkdir()
    approve(database, ["A candle burns in our window."])
    for number, command in enumerate(COMMANDS):
        if number == len(COMMANDS) - 2:
            approve(database, ["Another one burns."])
        arguments = command.format(out=tmp_path / "out").split(" ")
        done = build_py.run(*arguments, environ=environ, umask=0)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return tmp_path / "out"


def modes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)), stat.filemode(path.stat().st_mode)


def test_sheets_books_exports_and_backups_are_their_owner_s_alone(written: Path) -> None:
    found = dict(modes(written))
    for name in (
        "_build/cards/mikita/batch-0001/sheets.pdf",
        "_build/cards/mikita/batch-0001/cover.pdf",
        "_build/cards/mikita/batch-0001/manifest.csv",
        "_build/cards/mikita/batch-0001/manifest.json",
        "_build/cards/mikita/batch-0001/reprint-sheets-1-1.pdf",
        "_build/cards/mikita/batch-0001/reprint-sheets-1-1.csv",
        "_build/cards/mikita/batch-0001/reprint-sheets-1-1.json",
        "_build/cards/mikita/batch-0002-void/sheets.pdf",
        "_build/keepsake/mikita.pdf",
        "books/new/book.pdf",
        "words.csv",
        "words.jsonl",
        "backups/today.sqlite",
    ):
        assert name in found
    assert set(found.values()) == {"-rw-------", "drwx------"}, found
