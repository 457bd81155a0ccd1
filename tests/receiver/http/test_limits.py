"""How often one network may ask, and that nobody can tell later who it was."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from receiver.http.networks import blinded, prefix
from receiver.state import shared_redis
from receiver.state.day_key import DayKey
from receiver.state.moving_windows import NAMES, MovingWindows
from receiver.state.shared_redis import PATIENCE, SharedRedis
from tests.receiver.conftest import GOOD, JSON, OWN, Supporter, token_in
from tests.support.ports import free_ports
from tests.support.table import table

pytestmark = pytest.mark.slow  # most ask until they are told to wait


@table(
    ("address", "network"),
    [
        ("203.0.113.77", bytes([203, 0, 113])),
        ("203.0.113.1", bytes([203, 0, 113])),
        ("2001:db8:1:2::3", bytes.fromhex("20010db80001")),
        ("2001:db8:1:ffff:1:2:3:4", bytes.fromhex("20010db80001")),
        ("::ffff:203.0.113.77", bytes([203, 0, 113])),
        ("::FFFF:cb00:714d", bytes([203, 0, 113])),
        ("fe80::1%eth0", bytes.fromhex("fe8000000000")),
        ("203.0.113.77:50123", bytes([203, 0, 113])),
        ("[2001:db8:1:2::3]:50123", bytes.fromhex("20010db80001")),
        ("[2001:db8:1:2::3]", bytes.fromhex("20010db80001")),
        ("", b"unknown"),
        (None, b"unknown"),
        ("unix:", b"unknown"),
        ("203.0.113.77, 10.0.0.1", b"unknown"),
    ],
)
def test_one_network_counts_as_one(address, network):
    assert prefix(address) == network


def test_the_name_of_a_network_changes_with_the_key():
    assert blinded("203.0.113.77", b"a") == blinded("203.0.113.78", b"a")
    assert blinded("203.0.113.77", b"a") != blinded("203.0.113.77", b"b")
    assert "203" not in blinded("203.0.113.77", b"a")


def test_the_key_lives_a_day_and_comes_from_no_setting(clock):
    key = DayKey(None, clock)
    first = key.current()
    clock.advance(24 * 3600 - 1)
    assert key.current() == first
    clock.advance(2)
    assert key.current() != first
    assert DayKey(None, clock).current() != key.current()


def test_a_clock_that_is_set_makes_no_key_live_longer():
    """A machine that began in a wrong year would keep its key until then."""
    assert DayKey(None)._clock is time.monotonic


def flooded(supporter: Supporter, **changes):
    """Post until it is too much, then once more with good words."""
    for _ in range(125):
        if supporter.send("", message="", headers=JSON | changes.get("headers", {})).status_code == 429:
            return supporter.send("", **changes)
    raise AssertionError("nothing was too much")


def test_a_refusal_keeps_the_words_and_names_the_wait(make_app, settings, clock):
    supporter = Supporter(make_app(settings).test_client(), clock)
    answer = flooded(supporter)
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= 62
    assert str(wait) in answer.text
    assert GOOD["message"] in answer.text
    assert 'value="Kowalska"' in answer.text


def test_a_refusal_in_json_names_the_wait_too(make_app, settings, clock):
    answer = flooded(Supporter(make_app(settings).test_client(), clock), headers=JSON)
    assert answer.json["state"] == "busy"
    assert answer.headers["Retry-After"] in answer.json["errors"]["form"][0]


def test_who_waits_as_long_as_was_told_has_waited_long_enough(make_app, settings, clock, monkeypatch):
    monkeypatch.setattr(MovingWindows, "count", lambda *_: 0.2)
    answer = Supporter(make_app(settings).test_client(), clock).send("")
    assert answer.headers["Retry-After"] == "1"


def test_the_token_outlives_the_wait(make_app, settings, clock):
    app = make_app(settings)
    supporter = Supporter(app.test_client(), clock)
    token = supporter.token()
    flooded(supporter)
    answer = supporter.send(token)
    assert answer.status_code == 429
    assert token_in(answer) == token
    elsewhere = Supporter(app.test_client(), clock)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    assert elsewhere.send(token).status_code == 201


def test_a_broken_post_that_comes_too_soon_is_refused_plainly(make_app, settings, clock):
    supporter = Supporter(make_app(settings).test_client(), clock)
    flooded(supporter)
    for path in ("/mikita/messages", "/nobody/messages"):
        answer = supporter.client.post(path, data=b"\xff", content_type="text/plain")
        assert answer.status_code == 429
        assert answer.headers["Retry-After"]


@pytest.mark.parametrize(("hops", "believed"), [(0, False), (1, True)])
def test_only_the_configured_proxies_are_believed(make_app, settings, clock, hops, believed):
    app = make_app(replace(settings, proxy_hops=hops))
    forwarded = {"X-Forwarded-For": "198.51.100.1"}
    flooded(Supporter(app.test_client(), clock), headers=forwarded)
    other = {"X-Forwarded-For": "198.51.100.1, 192.0.2.1"}  # the last one is the proxy's word
    answer = Supporter(app.test_client(), clock).send("", headers=other)
    assert (answer.status_code == 200) == believed


def test_limits_can_be_switched_off(make_app, unlimited, clock):
    supporter = Supporter(make_app(unlimited).test_client(), clock)
    for _ in range(125):
        assert supporter.send("", message="", headers=JSON).status_code == 422


def test_guessing_passwords_is_slowed_down(make_app, settings):
    from tests.receiver.conftest import log_in

    client = make_app(settings).test_client()
    answers = [log_in(client, f"olga{n}", "guess").status_code for n in range(11)]
    assert answers == [422] * 10 + [429]
    page = client.get("/staff/login", base_url=OWN)
    assert page.status_code == 200


# Several receivers, one Redis.


def test_two_receivers_share_limits_and_key_in_redis(make_app, settings, clock, redis_url):
    shared = replace(settings, limits_url=redis_url)
    flooded(Supporter(make_app(shared).test_client(), clock))
    assert Supporter(make_app(shared).test_client(), clock).send("").status_code == 429
    one, other = (DayKey(SharedRedis(redis_url), clock).current() for _ in range(2))
    assert one == other


def test_an_address_without_a_host_is_a_redis_on_this_machine():
    shared = shared_redis.shared_redis("redis://:PASSWORD@/1")
    assert shared
    assert shared.client.get_connection_kwargs()["db"] == 1


def test_redis_lets_in_again_who_waited_as_long_as_was_said(redis_url):
    shared = SharedRedis(redis_url)
    windows = MovingWindows(shared)
    *let_in, wait = [windows.count("key", 2, 60) for _ in range(3)]
    assert let_in == [0, 0]
    assert 0 < wait <= 60
    newest, oldest = (int(moment) for moment in shared.client.lrange(f"{NAMES}key", 0, -1))
    shared.client.lset(f"{NAMES}key", -1, oldest - 60_000)
    assert windows.count("key", 2, 60) == 0
    assert windows.count("key", 2, 60) > 0
    assert int(shared.client.lindex(f"{NAMES}key", -1)) == newest


def test_nothing_in_redis_names_a_network(make_app, settings, clock, redis_url):
    from redis import Redis

    supporter = Supporter(make_app(replace(settings, limits_url=redis_url)).test_client(), clock)
    supporter.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    supporter.send("")
    with Redis.from_url(redis_url) as redis:
        kept = b" ".join(redis.keys())
        assert b"public.send" in kept
        assert b"203.0.113" not in kept
        assert 0 < redis.ttl("candle:limits:key") <= 24 * 3600
        assert all(redis.ttl(name) > 0 for name in redis.scan_iter())


def test_without_redis_each_receiver_counts_for_itself(make_app, settings, clock):
    (port,) = free_ports(1)
    supporter = Supporter(
        make_app(replace(settings, limits_url=f"redis://127.0.0.1:{port}")).test_client(), clock
    )
    assert supporter.send().status_code == 201
    assert flooded(supporter).status_code == 429


@pytest.fixture
def hung(redis_url):
    """Let Redis hang, and go on: it keeps its connections and answers nobody."""
    from redis import Redis

    with Redis.from_url(redis_url) as redis:
        process = redis.info()["process_id"]
    yield lambda signal: os.kill(process, signal)
    os.kill(process, signal.SIGCONT)


def told_of_redis(capsys) -> list[str]:
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "Redis" in line]
    return [line["event"] for line in lines]


def test_while_redis_hangs_everybody_is_answered_within_a_second(
    make_app, settings, clock, redis_url, hung, capsys
):
    app = make_app(replace(settings, limits_url=redis_url))
    token = Supporter(app.test_client(), clock).token()
    hung(signal.SIGSTOP)

    def post(number: int) -> tuple[int, float]:
        began = time.monotonic()
        answer = Supporter(app.test_client(), clock).send(token, message=f"Message {number}")
        return answer.status_code, time.monotonic() - began

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(post, range(20)))
    assert {status for status, _ in answers} <= {201, 409}  # the token is one
    assert flooded(Supporter(app.test_client(), clock)).status_code == 429
    assert told_of_redis(capsys) == ["Redis is lost: this receiver counts for itself"]
    assert min(time for _, time in answers) < 1
    quick = [post(number)[1] for number in range(5)]
    assert max(quick) < PATIENCE  # nobody waits for it again


def test_a_redis_that_answers_again_is_asked_again(
    make_app, settings, clock, redis_url, hung, capsys, monkeypatch
):
    monkeypatch.setattr(shared_redis, "PAUSE", 0)
    app = make_app(replace(settings, limits_url=redis_url))
    supporter = Supporter(app.test_client(), clock)
    hung(signal.SIGSTOP)
    assert supporter.send().status_code == 201
    hung(signal.SIGCONT)
    other = make_app(replace(settings, limits_url=redis_url))
    assert flooded(Supporter(other.test_client(), clock)).status_code == 429
    app.extensions["candle"].day_key = DayKey(app.extensions["candle"].windows.redis)  # a minute later
    assert supporter.send("").status_code == 429
    assert told_of_redis(capsys) == ["Redis is lost: this receiver counts for itself", "Redis is back"]


def test_a_redis_that_is_away_is_tried_once_in_a_while():
    now, tries = [0.0], []

    def work() -> str:
        tries.append(now[0])
        raise ConnectionError

    redis = SharedRedis("redis://127.0.0.1:1", clock=lambda: now[0])
    for now[0] in (0, 1, 4.9, 5.1, 6, 10.2):
        assert redis.attempt(work, lambda: "own") == "own"
    assert tries == [0, 5.1, 10.2]
