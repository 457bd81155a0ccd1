"""`build.py cards`, stopped by a signal in the middle of its work: nothing half done, nothing twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.press import manifest
from campaign.storage.database import Database
from campaign.storage.tables import slots
from tests.press.runs import states
from tests.support import terminal
from tests.support.press import approve

pytestmark = pytest.mark.slow
MANY = 2_500  # messages, so that each step lasts until a signal arrives


@pytest.fixture
def environ(database: Database, tmp_path: Path) -> dict[str, str]:
    """Settings of the test's own."""
    return terminal.environ(database, tmp_path / "_build")


@pytest.mark.parametrize(
    ("stop", "moment", "left"),
    [
        (signal.SIGINT, "setting messages", []),
        (signal.SIGTERM, "setting cards", ["planned"]),
        (signal.SIGHUP, "proofing cards", ["planned"]),
        pytest.param(signal.SIGTERM, "setting messages", [], marks=pytest.mark.soak),
        pytest.param(signal.SIGINT, "setting cards", ["planned"], marks=pytest.mark.soak),
        pytest.param(signal.SIGTERM, "proofing cards", ["planned"], marks=pytest.mark.soak),
    ],
)
def test_a_run_that_is_stopped_leaves_nothing_half_done_and_the_next_finishes(
    database: Database,
    tmp_path: Path,
    environ: dict[str, str],
    stop: signal.Signals,
    moment: str,
    left: list[str],
) -> None:
    ids = approve(database, [f"Message {n}, and some words that take their time." for n in range(MANY)])
    folder = tmp_path / "_build" / "cards" / "mikita"
    with terminal.build("cards", "mikita", "--final", environ=environ) as run:
        run.until(moment)
        run.process.send_signal(stop)
        assert run.end() == (1, "")
    assert "Aborted!" in run.text
    assert "Traceback" not in run.text, run.text
    assert states(database) == left
    assert list(folder.glob("*")) == []
    assert list(folder.glob(".*")) == []
    for said in (f"batch 1 of mikita: {MANY} messages", "Nothing ready: no approved message is waiting"):
        with terminal.build("cards", "mikita", "--final", environ=environ) as run:
            status, printed = run.end()
        assert (status, printed[: len(said)]) == (0, said)
    assert states(database) == ["rendered"]
    assert [path.name for path in folder.iterdir()] == ["batch-0001"]
    printed_ids = [entry.message for entry in manifest.read(folder / "batch-0001" / "manifest.csv")]
    assert sorted(printed_ids) == sorted(ids)
    with database.read() as connection:
        assert sorted(connection.scalars(select(slots.c.message).where(slots.c.live))) == sorted(ids)
