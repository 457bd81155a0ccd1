"""Messages set aside: out of the queue with a note, until they are taken up, decided or erased."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select

from campaign.keeping import erasure
from campaign.messages import asides, queries, review
from campaign.messages.asides import Aside
from campaign.messages.message import MessageError
from campaign.storage import tables
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.review import approve, reject, reopen

NOTE = "Who reads Odia?"


@pytest.fixture
def kept(any_database, submit):
    """A message that is set aside; another waits."""
    submit(any_database, "Another")
    identifier = submit(any_database, "Later").message
    any_database.write(lambda c: asides.put(c, identifier, f" {NOTE} ", "olga", TODAY))
    return identifier


def queued(database, **options):
    with database.read() as connection:
        return [
            message.text
            for message in queries.get_some(connection, queries.queue(connection, "mikita", **options))
        ]


def note(database, identifier):
    with database.read() as connection:
        return asides.get_aside(connection, identifier)


def test_it_leaves_the_queue_for_one_of_its_own_and_comes_back(any_database, kept):
    assert queued(any_database) == ["Another"]
    assert queued(any_database, aside=True) == ["Later"]
    assert note(any_database, kept) == Aside(NOTE, "olga", TODAY)
    assert any_database.write(lambda c: asides.take_up(c, kept))
    assert queued(any_database) == ["Another", "Later"]
    assert not any_database.write(lambda c: asides.take_up(c, kept))


def test_what_other_campaigns_set_aside_is_in_nobody_s_way(any_database, submit, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 1)
    for campaign in ("mikita", "another"):
        one = submit(any_database, campaign, campaign=campaign).message
        any_database.write(lambda c, one=one: asides.put(c, one, NOTE, "olga", TODAY))
    with any_database.read() as connection:
        queues = [queries.queue(connection, slug, aside=True) for slug in ("mikita", "another")]
    assert [len(queue) for queue in queues] == [1, 1]


def test_a_later_note_takes_the_earlier_one_s_place(any_database, kept):
    any_database.write(lambda c: asides.put(c, kept, "Petr does", "petr", TODAY))
    assert note(any_database, kept) == Aside("Petr does", "petr", TODAY)
    any_database.write(lambda c: asides.put(c, kept, 600 * "a", "petr", TODAY))
    assert note(any_database, kept).note == 500 * "a"


def approve_by_two(database, identifier):
    for by in ("olga", "petr"):
        database.write(lambda c, by=by: review.approve(c, identifier, by, [APPROVAL_KEY], TODAY, two=True))
        assert note(database, identifier) is None  # so that the second one finds it


@pytest.mark.parametrize("decide", [approve, reject, approve_by_two])
def test_a_decision_ends_it(any_database, kept, decide):
    decide(any_database, kept)
    assert note(any_database, kept) is None
    reopen(any_database, kept)
    assert "Later" in queued(any_database)


def test_an_erasure_takes_the_note_too(any_database, kept):
    any_database.write(lambda c: erasure.erase(c, kept, "withdrawn", TODAY))
    with any_database.read() as connection:
        assert connection.execute(select(tables.asides)).all() == []


def test_only_what_waits_is_set_aside_and_not_without_a_note(any_database, kept):
    with pytest.raises(MessageError, match="note what it waits for"):
        any_database.write(lambda c: asides.put(c, kept, "  ", "olga", TODAY))
    approve(any_database, kept)
    with pytest.raises(MessageError, match="it is approved; only what waits"):
        any_database.write(lambda c: asides.put(c, kept, NOTE, "olga", TODAY))


def test_it_is_not_set_aside_while_somebody_else_decides_it(postgresql_database, submit):
    identifier = submit(postgresql_database, "Now").message
    begun, outcome = threading.Event(), []

    def put(connection):
        begun.set()
        asides.put(connection, identifier, NOTE, "olga", TODAY)

    def later():
        try:
            postgresql_database.write(put)
        except MessageError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=later)

    def decide(connection):
        review.approve(connection, identifier, "ina", [APPROVAL_KEY], TODAY)
        thread.start()
        begun.wait()
        time.sleep(0.3)  # the other waits for the row meanwhile

    postgresql_database.write(decide)
    thread.join()
    assert outcome == [f"{identifier}: it is approved; only what waits can be set aside"]
    assert note(postgresql_database, identifier) is None
