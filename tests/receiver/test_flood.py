"""Flood mode: every post goes through the review page, honest supporters still get through."""

from dataclasses import replace

import pytest

from campaign import messages
from receiver.flood import LASTS, Flood
from tests.receiver.conftest import JSON, OWN, Supporter, token_in


@pytest.fixture
def flood(settings, clock):
    return Flood(replace(settings, flood_per_minute=10), clock)


def test_it_begins_by_itself_above_the_rate_and_ends_by_itself(flood, clock):
    for _ in range(10):
        flood.note()
    assert not flood.on()
    flood.note()
    assert flood.on()
    clock.turn(LASTS - 1)
    assert flood.on()
    clock.turn(2)
    assert not flood.on()


def test_the_same_number_over_a_longer_time_is_no_flood(flood, clock):
    for _ in range(30):
        flood.note()
        clock.turn(7)
    assert not flood.on()


def test_a_switch_is_stronger_than_the_rate(settings, clock):
    assert Flood(replace(settings, flood="on"), clock).on()
    off = Flood(replace(settings, flood="off", flood_per_minute=1), clock)
    off.note()
    off.note()
    assert not off.on()


def test_without_limits_only_the_switch_counts(unlimited, clock):
    flood = Flood(replace(unlimited, flood_per_minute=1), clock)
    for _ in range(5):
        flood.note()
    assert not flood.on()


def test_a_good_token_is_reviewed_too_and_what_is_stored_is_marked(make_app, unlimited, clock, database):
    supporter = Supporter(make_app(replace(unlimited, flood="on")).test_client(), clock)
    token = supporter.token()
    assert supporter.send(token, headers=JSON).status_code == 403
    page = supporter.send(token)
    assert page.status_code == 200
    supporter.clock.turn(4)
    assert supporter.send(token_in(page), headers={"Origin": OWN}).status_code == 201
    with database.read() as connection:
        (message,) = messages.listing(connection, "mikita")
    assert message.flood


def test_the_receiver_notices_a_flood_of_posts(make_app, settings, clock):
    supporter = Supporter(make_app(replace(settings, flood_per_minute=5)).test_client(), clock)
    tokens = [supporter.token() for _ in range(7)]
    answers = [supporter.send(token, message=f"Message {n}").status_code for n, token in enumerate(tokens)]
    assert answers == [201] * 5 + [200] * 2
