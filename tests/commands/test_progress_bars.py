"""How far long work has come: shown at a terminal, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.cards import progress
from campaign.storage.database import Database
from tests.support import terminal
from tests.support.commands import Commands
from tests.support.press import approve

Long = tuple[list[str], dict[str, str], list[str]]

pytestmark = pytest.mark.slow  # each command is a process of its own


@pytest.fixture
def commands(database: Database, tmp_path: Path) -> list[Long]:
    """Long work, each on what the one before has made: the words, the settings, the steps it is to show."""
    approve(database, [f"Message {n}" for n in range(40)])
    here = terminal.environ(database, tmp_path)
    elsewhere = here | {"CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/restored.sqlite"}
    sheets, copy = str(tmp_path / "cards/mikita/batch-0001/sheets.pdf"), str(tmp_path / "copy")
    cards = ["setting cards", "proofing cards"]
    return [
        (["cards", "mikita", "--final"], here, cards),
        (["batches", "mikita", "reprint", "1"], here, cards),
        (["proof", sheets], here, ["proofing sheets"]),
        (["backup", copy], here, ["copying pages", "checking the copy"]),
        (["restore", copy], elsewhere, ["checking the copy", "copying rows"]),
    ]


def test_long_work_is_shown_at_a_terminal(commands: list[Long]) -> None:
    for arguments, environ, steps in commands:
        with terminal.build(*arguments, environ=environ) as run:
            status, printed = run.end()
        assert (status, bool(printed)) == (0, True), run.text
        assert [step for step in steps if step not in run.text] == [], arguments


def test_the_desk_reads_it_in_a_file(commands: list[Long], build_py: Commands, tmp_path: Path) -> None:
    arguments, environ, (_, last) = commands[0]
    file = tmp_path / "progress"
    environ = environ | {progress.VARIABLE: str(file)}
    assert build_py.run(*arguments, environ=environ).returncode == 0
    step = progress.told(file)
    assert step is not None
    assert (step.what, step.done) == (last, step.of)
    file.write_text("half a lin", encoding="utf-8")
    assert progress.told(file) is None


def test_elsewhere_it_is_quiet(commands: list[Long], build_py: Commands) -> None:
    for arguments, environ, _ in commands:
        done = build_py.run(*arguments, environ=environ)
        assert (done.returncode, bool(done.stdout), done.stderr) == (0, True, ""), arguments
