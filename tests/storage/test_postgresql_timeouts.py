"""Limits on how long PostgreSQL is waited for; tests/receiver/test_outages.py lets it hang."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from psycopg.errors import ConnectionTimeout, OperationalError

from campaign.storage.database import Database, Unavailable, connect
from campaign.storage.postgresql_timeouts import PAUSE, Entrance, NoAnswer

ANSWER_WITHIN = 1.0
LATE_BY = 6
LATE = f"SELECT 'late', pg_sleep({LATE_BY})"
IN_PARTS = "SELECT repeat('x', 20000), pg_sleep(0.2) FROM generate_series(1, 6)"  # each is sent at once


@pytest.fixture
def hasty(postgresql_database: Database) -> Iterator[Database]:
    opened = connect(postgresql_database.engine.url.render_as_string(hide_password=False), ANSWER_WITHIN)
    yield opened
    opened.close()


def test_a_statement_that_takes_too_long_is_ended_by_the_server(hasty: Database) -> None:
    with pytest.raises(Unavailable, match="QueryCanceled"), hasty.read() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(20)")


def test_a_server_that_says_nothing_counts_as_gone_and_the_next_question_gets_its_own_answer(
    hasty: Database,
) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match="NoAnswer"), hasty.read() as connection:
        connection.exec_driver_sql(f"SET statement_timeout = 0; {LATE}")
    assert ANSWER_WITHIN <= time.monotonic() - began < LATE_BY
    with hasty.read() as connection:
        assert connection.exec_driver_sql("SELECT 'now'").scalar() == "now"


def test_an_answer_that_keeps_coming_may_take_longer(hasty: Database) -> None:
    with hasty.read() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        assert len(connection.exec_driver_sql(IN_PARTS).all()) == 6


def test_while_a_server_lets_nobody_in_one_thread_in_a_while_tries_it() -> None:
    moment, tries = [0.0], []

    def refused() -> None:
        tries.append(moment[0])
        raise ConnectionTimeout

    entrance = Entrance(clock=lambda: moment[0])
    for moment[0] in (0, PAUSE / 2, PAUSE, PAUSE * 1.5):
        with pytest.raises((ConnectionTimeout, NoAnswer)):
            entrance.enter(refused)
    assert tries == [0, PAUSE]
    moment[0] = PAUSE * 2

    def starting() -> None:
        raise OperationalError("the database system is starting up")

    with pytest.raises(OperationalError):
        entrance.enter(starting)
    assert entrance.enter(lambda: "in") == "in"
    assert entrance.enter(lambda: "in") == "in"
