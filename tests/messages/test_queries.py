"""Messages: what staff see of one, and the oldest first, by campaign and state, in pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from campaign.messages import queries
from campaign.messages.message import MessageError
from campaign.storage.database import Database
from campaign.text.flag import Flag
from tests.conftest import TODAY, Submit
from tests.support.review import approve, get, reject
from tests.support.table import table


def test_a_message_is_stored_and_waits(any_database: Database, submit: Submit) -> None:
    flag = Flag("risky-word", "message", 0, 3)
    receipt = submit(any_database, "Трымайся!", flags=(flag,), wall=True, language="be")
    with any_database.read() as connection:
        (found,) = queries.list_messages(connection, "mikita", "waiting")
    assert found == get(any_database, receipt.message)
    assert (found.id, found.text, found.state, found.language) == (
        receipt.message,
        "Трымайся!",
        "waiting",
        "be",
    )
    assert (found.flags, found.wall, found.updates, found.received_on) == ((flag,), True, False, TODAY)


def test_an_id_tells_nothing(database: Database, submit: Submit) -> None:
    ids = [submit(database, f"Message {n}").message for n in range(20)]
    assert all(re.fullmatch("[a-z2-7]{26}", identifier) for identifier in ids)
    assert ids != sorted(ids)


@table("identifier", ["nobody", "", "a\x00b", "é" * 999])
def test_an_unknown_id_is_an_error(any_database: Database, identifier: str) -> None:
    with pytest.raises(MessageError, match="no message with this id"):
        get(any_database, identifier)


class TestListing:
    """The oldest first, by campaign and state, in pages."""

    def test_the_queue_begins_with_the_oldest(self, any_database: Database, submit: Submit) -> None:
        ids = [submit(any_database, f"Message {n}").message for n in range(5)]
        approve(any_database, ids[1])
        submit(any_database, campaign="another")
        with any_database.read() as connection:
            first = queries.get_some(connection, queries.queue(connection, "mikita", limit=2))
            rest = queries.get_some(connection, queries.queue(connection, "mikita", after=first[-1].order))
        assert [message.id for message in first] == [ids[0], ids[2]]
        assert [message.id for message in rest] == ids[3:]

    def test_states_and_floods_are_set_apart(self, any_database: Database, submit: Submit) -> None:
        ids = [submit(any_database, f"Message {n}", flood=n == 2).message for n in range(4)]
        approve(any_database, ids[0])
        reject(any_database, ids[1])
        with any_database.read() as connection:
            assert queries.queue(connection, "mikita", flood=True) == [ids[2]]
            assert [m.id for m in queries.list_messages(connection, "mikita", "approved")] == [ids[0]]

    def test_the_queue_is_found_by_its_index(self, database: Database) -> None:
        where = "campaign = 'mikita' AND state = 'waiting' AND erased_on IS NULL AND sequence > 0"
        chosen = f"SELECT * FROM messages WHERE {where} ORDER BY sequence"
        with database.read() as connection:
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {chosen}")))
        assert "ix_messages_queue" in plan
        assert "TEMP B-TREE" not in plan

    def test_an_index_alone_answers_how_many_there_are(self, database: Database) -> None:
        where = "campaign = 'mikita' AND state = 'waiting' AND erased_on IS NULL"
        chosen = f"SELECT count(*) FROM messages WHERE {where}"
        with database.read() as connection:
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {chosen}")))
        assert "COVERING INDEX ix_messages_queue" in plan
