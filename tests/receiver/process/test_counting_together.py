"""Two workers count as one: what is refused and what fails, whichever of them meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from campaign.storage import database, marks
from tests.receiver.process.test_workers import ROADS, body
from tests.receiver.serving import Served, served

pytestmark = pytest.mark.slow
MANY = 24  # that one of two workers gets all of so many connections never happens


def told(server: Served, event: str) -> list[dict]:
    """Read the lines of one kind."""
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


@contextmanager
def opened(server: Served) -> Iterator[database.Database]:
    """Open its database, as another program does."""
    found = database.connect(server.database_url)
    try:
        yield found
    finally:
        found.close()


def rename(found: database.Database, table: str, to: str) -> None:
    found.write(lambda connection: connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}")) and None)


@ROADS
def test_the_same_refusals_are_told_by_their_sum_once(tmp_path, road):
    with served(tmp_path, workers=2, only="public") as server, road(server) as ask:
        for _ in range(MANY):
            assert ask("POST", "/mikita/messages", b"message=")[0] == 422
            assert ask("POST", "/hooks/mikita/petition", b"{}")[0] == 401
    (line,) = told(server, "refused in the last hour")
    assert {one["status"]: one["number"] for one in line["requests"]} == {422: MANY, 401: MANY}
    with opened(server) as found, found.read() as connection:
        assert marks.number(connection, "refused") == 2 * MANY


@ROADS
def test_the_same_faults_are_one_outage(tmp_path, road):
    """The first is told at once and the others by their number, though each worker met a first one."""
    with served(tmp_path, workers=2, only="public") as server, road(server) as ask, opened(server) as found:
        good, *bodies = [body(token, f"Message {n}") for n, token in enumerate(server.ripe_tokens(MANY + 1))]
        rename(found, "used_tokens", "moved_away")
        assert {ask("POST", "/mikita/messages", one)[0] for one in bodies} == {503}
        rename(found, "moved_away", "used_tokens")
        assert ask("POST", "/mikita/messages", good)[0] == 201
    assert [line["status"] for line in told(server, "request")] == [503]
    again = [one for line in told(server, "failed again in the last minute") for one in line["requests"]]
    assert sum(one["number"] for one in again) == MANY - 1
    assert len({one["place"] for one in again}) == 1
