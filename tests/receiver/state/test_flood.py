"""Flood mode: every post goes through the review page, honest supporters still get through."""

from dataclasses import replace

import pytest

from campaign.messages import queries
from campaign.storage.database import NotStored
from receiver.http import networks
from receiver.state.flood import LASTS, MOST_NETWORKS, QUIET, SPAN, Flood, Networks
from receiver.state.shared_memory import _COUNT
from tests.receiver.conftest import JSON, OWN, Supporter, token_in


@pytest.fixture
def flood(settings, clock):
    return Flood(replace(settings, flood_per_minute=10), clock)


def test_it_begins_by_itself_above_the_rate_and_ends_by_itself(flood, clock):
    for _ in range(10):
        flood.count_post("a")
    assert not flood.is_on()
    flood.count_post("a")
    assert flood.is_on()
    clock.advance(LASTS - 1)
    assert flood.is_on()
    clock.advance(1)
    assert not flood.is_on()


def test_a_rate_beyond_all_memory_is_one_that_no_receiver_reaches(settings, clock):
    flood = Flood(replace(settings, flood_per_minute=10**12), clock)
    flood.count_post("a")
    assert not flood.is_on()


def test_a_minute_ends_before_its_sixtieth_second(flood, clock):
    for wait in (60, *[0] * 10):
        flood.count_post("a")
        clock.advance(wait)
    assert not flood.is_on()


def test_the_same_number_over_a_longer_time_is_no_flood(flood, clock):
    for _ in range(30):
        flood.count_post("a")
        clock.advance(7)
    assert not flood.is_on()


def test_a_switch_is_stronger_than_the_rate(settings, clock):
    assert Flood(replace(settings, flood="on"), clock).is_on()
    off = Flood(replace(settings, flood="off", flood_per_minute=1), clock)
    off.count_post("a")
    off.count_post("a")
    assert not off.is_on()


def test_after_two_minutes_no_byte_tells_when_a_message_came(flood, clock):
    """They stayed until 600 others had come: on a quiet campaign for months."""
    for number in range(4):
        flood.count_post("a")
        flood.remember_stored(f"message-{number}")
        clock.advance(30)
        flood.wipe()
    rings = bytes(flood._posts._bytes), bytes(flood._stored._bytes)
    assert [rings[1].count(b"message-%d" % number) for number in range(4)] == [0, 0, 0, 1]
    assert len(set(rings[0])) > 1
    clock.advance(60)
    flood.wipe()
    assert not any(any(bytes(ring._bytes)[_COUNT.size :]) for ring in (flood._posts, flood._stored))


def test_a_flood_is_noticed_across_what_was_wiped(flood, clock):
    flood.count_post("a")
    flood.remember_stored("old")
    clock.advance(61)
    flood.wipe()
    flood.remember_stored("new")
    for _ in range(10):
        flood.count_post("a")
    assert (flood.is_on(), flood.take_unmarked()) == (False, [])
    flood.count_post("a")
    assert (flood.is_on(), flood.take_unmarked()) == (True, ["new"])


def test_without_limits_only_the_switch_counts(unlimited, clock):
    flood = Flood(replace(unlimited, flood_per_minute=1), clock)
    for _ in range(5):
        flood.count_post("a")
    assert not flood.is_on()


def test_a_good_token_is_reviewed_too_and_what_is_stored_is_marked(make_app, unlimited, clock, database):
    supporter = Supporter(make_app(replace(unlimited, flood="on")).test_client(), clock)
    token = supporter.token()
    assert supporter.send(token, headers=JSON).status_code == 403
    page = supporter.send(token)
    assert page.status_code == 200
    supporter.clock.advance(4)
    assert supporter.send(token_in(page), headers={"Origin": OWN}).status_code == 201
    with database.read() as connection:
        (message,) = queries.list_messages(connection, "mikita")
    assert message.flood


def test_the_receiver_notices_a_flood_of_posts(make_app, settings, clock):
    supporter = Supporter(make_app(replace(settings, flood_per_minute=5)).test_client(), clock)
    tokens = [supporter.token() for _ in range(7)]
    answers = [supporter.send(token, message=f"Message {n}").status_code for n, token in enumerate(tokens)]
    assert answers == [201] * 5 + [200] * 2


def test_what_came_in_the_minute_before_is_marked_when_the_flood_is_noticed(
    make_app, settings, clock, database
):
    app = make_app(replace(settings, flood_per_minute=5))
    flood = app.extensions["candle"].flood = Flood(replace(settings, flood_per_minute=5), clock)
    supporter = Supporter(app.test_client(), clock)
    supporter.send(message="Long before.")
    clock.advance(61)
    tokens = [supporter.token()]
    tokens += [app.extensions["candle"].tokens.issue("mikita") for _ in range(5)]
    clock.advance(4)
    answers = [supporter.send(token, message=f"Message {n}").status_code for n, token in enumerate(tokens)]
    assert answers == [201] * 5 + [200]
    with database.read() as connection:
        marked = {message.text: message.flood for message in queries.list_messages(connection, "mikita")}
    assert marked == {"Long before.": False} | {f"Message {n}": True for n in range(5)}
    assert flood.take_unmarked() == []


def test_a_flood_that_cannot_be_marked_stops_nobody(make_app, settings, clock, monkeypatch):
    app = make_app(replace(settings, flood_per_minute=2))
    supporter = Supporter(app.test_client(), clock)
    tokens = [supporter.token() for _ in range(3)]
    assert [supporter.send(token).status_code for token in tokens[:2]] == [201, 201]

    def refuse(*_args, **_options):
        raise NotStored("the disk is full")

    monkeypatch.setattr(app.extensions["candle"].database, "write_together", refuse)
    assert supporter.send(tokens[2]).status_code == 200


def write_from(app, clock, address: str, number: int) -> None:
    supporter = Supporter(app.test_client(), clock)
    supporter.client.environ_base["REMOTE_ADDR"] = address
    for one in range(number):
        assert supporter.send(message=f"Message {one} from {address}.").status_code == 201


def test_a_loud_network_is_marked_and_the_others_are_not(make_app, settings, clock, database):
    """Far below the rate of a flood; everybody is stored at once, without another review."""
    app = make_app(settings)
    for friend in range(6):
        write_from(app, clock, f"192.0.{friend}.1", 2)
    write_from(app, clock, "198.51.100.7", QUIET + 5)
    write_from(app, clock, "203.0.113.9", 1)
    with database.read() as connection:
        found = queries.list_messages(connection, "mikita")
    marked = [message for message in found if message.flood]
    assert len(found) == 12 + QUIET + 5 + 1
    assert len(marked) == 5
    assert all("198.51.100.7" in message.text for message in marked)


def test_what_is_sent_again_is_no_new_message_of_a_flood(make_app, settings, clock):
    app = make_app(settings)
    supporter = Supporter(app.test_client(), clock)
    token = supporter.token()
    assert [supporter.send(token).status_code for _ in range(2)] == [201, 201]
    assert len(app.extensions["candle"].flood._stored.take()) == 1


def test_nothing_of_the_network_is_stored(make_app, settings, clock, database, tmp_path):
    app = make_app(settings)
    write_from(app, clock, "198.51.100.7", QUIET + 2)
    name = networks.blinded("198.51.100.7", app.extensions["candle"].day_key.current())
    kept = b"".join(path.read_bytes() for path in (tmp_path / "instance").iterdir())
    assert name.encode() not in kept
    assert b"198.51.100" not in kept.replace(b"from 198.51.100.7", b"")


def test_many_that_write_alike_are_not_loud(clock):
    networks = Networks(clock)
    for _ in range(QUIET * 2):
        for name in "abcdef":
            networks.count_post(name)
    assert not any(networks.is_loud(name) for name in "abcdef")


def test_a_network_is_loud_above_five_times_what_others_send(clock):
    networks = Networks(clock)
    for name in ["a"] * 50 + ["b"] * 10 + ["c"] * 10:
        networks.count_post(name)
    assert not networks.is_loud("a")
    networks.count_post("a")
    assert networks.is_loud("a")


def test_what_others_sent_in_the_span_before_counts_too(clock):
    networks = Networks(clock)
    for name in "bcde":
        for _ in range(2 * QUIET):
            networks.count_post(name)
    clock.advance(SPAN + 1)
    for _ in range(2 * QUIET):
        networks.count_post("a")
    assert not networks.is_loud("a")


def test_a_loud_network_is_forgotten_after_some_minutes(clock):
    networks = Networks(clock)
    for _ in range(QUIET + 1):
        networks.count_post("a")
    assert networks.is_loud("a")
    clock.advance(SPAN + 1)
    assert networks.is_loud("a")
    clock.advance(SPAN + 1)
    assert not networks.is_loud("a")


def test_who_waited_for_the_others_takes_them_back_to_no_span_that_is_over(clock):
    networks = Networks(clock)
    moments = []

    class Late:
        """The clock of a thread that has read it, and waits while others count in the next span."""

        def __call__(self) -> float:
            moments.append(networks._networks._mine.locked())
            return clock()

    networks._clock = Late()
    networks.count_post("a")
    networks.is_loud("a")
    assert moments == [True, True], "the clock is read with the lock held"


def test_networks_take_no_more_memory_than_they_may(clock):
    networks = Networks(clock)
    for number in range(MOST_NETWORKS + 100):
        networks.count_post(str(number))
    assert networks._all(int(clock() // SPAN))[1] == MOST_NETWORKS


def test_without_limits_or_with_the_switch_off_no_network_is_loud(settings, unlimited, clock):
    for silent in (unlimited, replace(settings, flood="off")):
        flood = Flood(silent, clock)
        for _ in range(QUIET * 2):
            flood.count_post("a")
        assert not flood.sets_apart("a")
