"""What a receiver says of itself while it runs: by which keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.settings import Settings
from campaign.storage.database import Database, connect
from campaign.storage.tables import machines
from receiver.state.heartbeat import Announced
from tests.receiver.serving import served


def parts(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(select(machines.c.part)))


def test_it_is_said_again_each_minute_and_not_once_it_has_ended(
    database: Database, settings: Settings
) -> None:
    planned: list[tuple[float, Callable[[], None]]] = []
    announced = Announced(database, settings, "public", lambda seconds, work: planned.append((seconds, work)))
    announced.begin()
    for waited in (0.0, 60.0):
        ((seconds, work),) = planned
        planned.clear()
        work()
        assert seconds == waited
        assert parts(database) == ["public half"]
    announced.end()
    planned.pop()[1]()
    assert parts(database) == []


def test_no_table_keeps_a_receiver_from_ending(database: Database, settings: Settings) -> None:
    database.write(lambda c: machines.drop(c))
    announced = Announced(database, settings, None, lambda _seconds, work: work())
    announced.end()
    announced._say()


@pytest.mark.slow
def test_a_receiver_with_several_workers_says_it_once_and_takes_it_back_at_its_end(tmp_path: Path) -> None:
    with served(tmp_path, workers=2) as receiver:
        database = connect(f"sqlite:///{tmp_path}/candle.sqlite")
        while not parts(database):
            assert receiver.process.poll() is None, receiver.log
            time.sleep(0.05)
        assert parts(database) == ["receiver"]
        receiver.process.terminate()
        receiver.process.wait()
        assert parts(database) == []
        database.close()
