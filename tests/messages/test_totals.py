"""Totals: what the page tells, and what the desk shows beside its queue."""

from __future__ import annotations

from campaign.messages import asides, review
from campaign.messages.message_counts import ByState, Totals, count_by_state, count_totals
from campaign.storage.database import Database
from tests.conftest import APPROVAL_KEY, TODAY, Submit
from tests.support.ledger import put_in_batch
from tests.support.review import approve, reject


def test_messages_are_counted_by_state(any_database: Database, submit: Submit) -> None:
    ids = [submit(any_database, f"Message {n}").message for n in range(4)]
    approve(any_database, ids[0])
    reject(any_database, ids[1])
    with any_database.read() as connection:
        assert count_by_state(connection, "mikita") == ByState(waiting=2, approved=1, rejected=1)


def test_of_those_that_wait_some_are_set_aside_or_came_in_a_flood(
    any_database: Database, submit: Submit
) -> None:
    ids = [submit(any_database, f"Message {n}", flood=n < 2).message for n in range(4)]
    any_database.write(lambda c: asides.put(c, ids[0], "Who reads Odia?", "olga", TODAY))
    reject(any_database, ids[1])
    with any_database.read() as connection:
        found = count_by_state(connection, "mikita")
    assert found == ByState(waiting=3, flood=0, aside=1, rejected=1)
    assert found.queued == 2


def test_what_one_of_two_approved_is_counted_in_no_flood(any_database: Database, submit: Submit) -> None:
    ids = [submit(any_database, f"Message {n}", flood=n < 3).message for n in range(4)]
    for one in (ids[0], ids[1], ids[3]):
        any_database.write(lambda c, one=one: review.approve(c, one, "olga", [APPROVAL_KEY], TODAY, two=True))
    any_database.write(lambda c: asides.put(c, ids[1], "Who reads Odia?", "olga", TODAY))
    with any_database.read() as connection:
        found = count_by_state(connection, "mikita", two=True)
    assert (found.flood, found.aside, found.once, found.queued) == (1, 1, {"olga": 2}, 1)


def test_messages_and_posted_ones_are_counted(any_database: Database, submit: Submit) -> None:
    ids = [submit(any_database, f"Message {n}").message for n in range(4)]
    for identifier in ids[:3]:
        approve(any_database, identifier)
    put_in_batch(any_database, [ids[0]], 1, state="posted")
    put_in_batch(any_database, [ids[1]], 2, state="printed")
    with any_database.read() as connection:
        assert count_totals(connection, "mikita") == Totals(messages=3, posted=1)
        assert count_totals(connection, "another") == Totals(messages=0, posted=0)
