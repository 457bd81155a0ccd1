"""The counts: cheap however many ask, and right a moment after something changed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaign.messages import review
from campaign.storage.database import Unavailable
from receiver.state.counts import KEPT, Counts
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.petition.test_webhook import SECRET, post, signatures, signed


@pytest.fixture
def counting(database, monkeypatch):
    """Count how often the database is read."""
    read, real = [], database.read

    def counted():
        read.append(threading.get_ident())
        return real()

    monkeypatch.setattr(database, "read", counted)
    return read


@pytest.fixture
def counts(database, clock):
    return Counts(database, clock)


@pytest.mark.slow
def test_a_thousand_questions_cost_one_count(app, counts, counting):
    app.extensions["candle"].counts = counts  # on the test's clock, however long a thousand take
    client = app.test_client()
    answers = {client.get("/mikita/count.json").data for _ in range(1000)}
    assert len(answers) == 1
    assert len(counting) == 1


def test_many_that_ask_at_once_wait_for_one_count(counts, campaign, counting):
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: counts.current(campaign), range(200)))
    assert len(set(map(id, found))) == 1
    assert len(counting) == 1


def test_an_approval_is_counted_a_moment_later(counts, campaign, clock, database, waiting_message):
    assert counts.current(campaign).messages == 0
    database.write(lambda c: review.approve(c, waiting_message.id, "olga", [APPROVAL_KEY], TODAY))
    assert counts.current(campaign).messages == 0
    clock.advance(KEPT)
    assert counts.current(campaign).messages == 1


def test_nobody_waits_for_a_count_that_is_being_made_anew(counts, campaign, clock, database, monkeypatch):
    known = counts.current(campaign)
    clock.advance(KEPT)
    began, go_on = threading.Event(), threading.Event()
    real = database.read

    def slow():
        began.set()
        assert go_on.wait(10)
        return real()

    monkeypatch.setattr(database, "read", slow)
    with ThreadPoolExecutor(1) as pool:
        fresh = pool.submit(counts.current, campaign)
        assert began.wait(10)
        assert counts.current(campaign) is known
        go_on.set()
        assert fresh.result(10).until > known.until


def test_a_database_that_is_away_is_not_asked_in_vain_for_ever(counts, campaign, database, monkeypatch):
    real = database.read

    def gone():
        raise Unavailable("the database is gone")

    monkeypatch.setattr(database, "read", gone)
    for _ in range(2):
        with pytest.raises(Unavailable):
            counts.current(campaign)
    monkeypatch.setattr(database, "read", real)
    assert counts.current(campaign).messages == 0


def test_a_webhook_is_counted_at_once(make_app, unlimited):
    client = make_app(replace(unlimited, webhook_secrets={"mikita": (SECRET,)})).test_client()
    before = signatures(client)
    assert post(client, signed()).status_code == 200
    assert signatures(client) == before + 1
