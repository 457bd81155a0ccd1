"""Several workers on one port: one receiver to whoever writes, and none is missed for long."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from standardwebhooks import Webhook

from campaign import ROOT
from campaign.messages import queries
from campaign.storage import database
from receiver.__main__ import main
from receiver.http.limits import LIMITS
from receiver.process.workers import cores
from tests.receiver.serving import GOOD, SITE, Served, served
from tests.support.lanes import few

pytestmark = pytest.mark.slow
A_MINUTE = int(LIMITS["public.send"][0].split()[0])  # posts of a network
SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes, yes").decode()
FORM = {
    "Origin": SITE,
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
}
Ask = Callable[..., tuple[int, bytes, http.client.HTTPMessage]]


@contextmanager
def kept(server: Served) -> Iterator[Ask]:
    """Ask over one connection, which one worker has."""
    connection = server.connect()

    def ask(method: str, path: str, body: bytes = b"", headers=FORM):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    try:
        yield ask
    finally:
        connection.close()


@contextmanager
def fresh(server: Served) -> Iterator[Ask]:
    """Ask over a connection each: that one of two workers gets all is as likely as so many heads in a row."""

    def ask(*asked, **more):
        with kept(server) as once:
            return once(*asked, **more)

    yield ask


# Over one connection a single worker counts: that waits for the soak.
ROADS = pytest.mark.parametrize("road", few(1, [fresh, kept]))


def body(token: str, words: str = GOOD["message"]) -> bytes:
    return urlencode(GOOD | {"token": token, "message": words}).encode()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def events(server: Served) -> Counter[str]:
    lines = [line for line in server.log.splitlines() if not line.startswith("receiver: warning: ")]
    return Counter(json.loads(line)["event"] for line in lines)


@ROADS
def test_the_same_posts_are_refused_at_the_same_count(tmp_path, road):
    limits = {"CANDLE_RATELIMIT_ENABLED": "true"}
    with served(tmp_path, workers=2, only="public", **limits) as server, road(server) as ask:
        statuses = [ask("POST", "/mikita/messages", b"message=")[0] for _ in range(A_MINUTE + 5)]
    assert statuses == [422] * A_MINUTE + [429] * 5


@ROADS
def test_the_same_posts_are_a_flood_at_the_same_count(tmp_path, road):
    limits = {"CANDLE_RATELIMIT_ENABLED": "true", "CANDLE_FLOOD_PER_MINUTE": "12"}
    with served(tmp_path, workers=2, only="public", **limits) as server, road(server) as ask:
        bodies = [body(token) for token in server.ripe_tokens(16)]
        statuses = [ask("POST", "/mikita/messages", one)[0] for one in bodies]
        assert statuses == [201] * 12 + [403] * 4
        assert flooded(server) == [True] * 12, "what came in the minute before is marked, whoever took it"


def flooded(server: Served) -> list[bool]:
    opened = database.connect(server.database_url)
    try:
        with opened.read() as connection:
            return [message.flood for message in queries.list_messages(connection, "mikita")]
    finally:
        opened.close()


def test_a_webhook_is_counted_by_all_of_them_at_once(tmp_path):
    with served(tmp_path, workers=2, only="public", CANDLE_WEBHOOK_SECRETS_MIKITA=SECRET) as server:
        assert len(counts(server)) == 1  # each knows the count of now
        now = datetime.now(UTC)
        event = {"type": "petition.signatures", "timestamp": now.isoformat(), "data": {"signatures": 23_456}}
        raw = json.dumps(event)
        signed = {
            "webhook-id": "one",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("one", now, raw),
        }
        with kept(server) as ask:
            assert ask("POST", "/hooks/mikita/petition", raw.encode(), signed)[0] == 200
        assert counts(server) == {23_456}


def counts(server: Served) -> set[int]:
    with fresh(server) as ask:
        return {json.loads(ask("GET", "/mikita/count.json")[1])["signatures"] for _ in range(24)}


@pytest.mark.parametrize("kills", [3, pytest.param(60, marks=pytest.mark.soak)])
def test_a_killed_worker_is_started_anew_and_what_was_thanked_is_there(tmp_path, figure, kills):
    """In the middle of anything, and so in the middle of what the workers share."""
    limits = {
        "CANDLE_RATELIMIT_ENABLED": "true",
        "CANDLE_FLOOD_PER_MINUTE": "60000",
        "CANDLE_PROXY_HOPS": "1",
    }
    thanked: list[str] = []
    with served(tmp_path, workers=2, only="public", **limits) as server, ThreadPoolExecutor(16) as pool:

        def send(number: int, token: str) -> None:
            words = f"Message {number}"
            headers = FORM | {"X-Forwarded-For": f"10.{number >> 8 & 255}.{number & 255}.1"}
            with (
                suppress(OSError, http.client.HTTPException),
                kept(server) as ask,
            ):  # killed before it answered
                if ask("POST", "/mikita/messages", body(token, words), headers)[0] == 201:
                    thanked.append(words)

        for turn in range(kills):
            posts = [pool.submit(send, 100 * turn + n, t) for n, t in enumerate(server.ripe_tokens(100))]
            until(lambda posts=posts: sum(one.done() for one in posts) > 20)
            killed = server.workers()[turn % 2]
            os.kill(killed, signal.SIGKILL)
            for one in posts:
                one.result()
            # Until it is waited for, it stands among them still.
            until(lambda killed=killed: len(server.workers()) == 2 and killed not in server.workers())
        assert len(thanked) > 50 * kills, "the other one went on"
        until(lambda: server.get("/health")[0] == 200)
        stored = Counter(server.texts())
        told = events(server)
    assert told["a worker has ended"] == kills
    lost, doubled = set(thanked) - set(stored), [words for words, times in stored.items() if times > 1]
    figure(
        f"kill -9 of one of two workers, {kills} times, {len(thanked)} acknowledged",
        f"{len(lost)} lost, {len(doubled)} doubled",
    )
    assert (lost, doubled) == (set(), [])


def test_a_killed_worker_takes_no_count_with_it(tmp_path):
    limits = {"CANDLE_RATELIMIT_ENABLED": "true"}
    with served(tmp_path, workers=2, only="public", **limits) as server, fresh(server) as ask:
        for _ in range(A_MINUTE):
            assert ask("POST", "/mikita/messages", b"message=")[0] == 422
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
        until(lambda: events(server)["listening"] == 4)
        assert {ask("POST", "/mikita/messages", b"message=")[0] for _ in range(10)} == {429}
    told = [json.loads(line) for line in server.log.splitlines() if "refused in the last hour" in line]
    refused = {entry["status"]: entry["number"] for line in told for entry in line["requests"]}
    assert (len(told), refused) == (1, {422: A_MINUTE, 429: 10})


def test_workers_whose_first_process_is_killed_stop(tmp_path):
    with served(tmp_path, workers=2, only="public") as server:
        workers = server.workers()
        server.process.kill()
        server.process.wait()
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert events(server)["stopped"] == 2


def test_they_log_in_one_stream_of_whole_lines_and_without_words(tmp_path):
    words = "Markedwordszq"
    with served(tmp_path, workers=2) as server, fresh(server) as ask, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask("POST", "/mikita/messages", body("x", words)), range(40)))
        list(pool.map(lambda _: ask("POST", "/hooks/mikita/petition", words.encode()), range(40)))
    assert events(server) == {"listening": 2, "stopped": 2, "refused in the last hour": 1}
    assert words not in server.log


def test_a_worker_more_costs_less_than_half_of_the_first(tmp_path, figure):
    sizes = []
    for workers in (1, 4):
        (folder := tmp_path / str(workers)).mkdir()
        with served(folder, workers=workers, only="public", anew=True) as server:
            for token in server.ripe_tokens(40 * workers):
                assert server.send(token)[0] == 201
            sizes.append(sum(map(proportional, {server.process.pid, *server.workers()})))
    each = (sizes[1] - sizes[0]) / 3
    figure("memory of the public half (PSS), and of each worker more", f"{sizes[0]:.0f} MB, {each:.0f} MB")
    assert each < sizes[0] / 2


def proportional(process: int) -> float:
    """Return the megabytes that a process holds, those that it shares parted among all that do."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


GIVES_UP = """
from receiver.http import logs
from receiver.process.workers import Workers
from campaign.errors import CandleError
logs.log.addHandler(logs.Handler())

def work(number, lifeline):
    if number == 1:
        raise CandleError("Markedwordszq")
    import signal
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.pause()

try:
    Workers(2, work).run()
except CandleError as error:
    print(error)
"""


def test_one_that_cannot_begin_stops_all_of_them_and_says_why():
    """Whoever keeps the service then sees that it ended, and starts all of it anew, or tells somebody."""
    done = subprocess.run(
        [sys.executable, "-c", GIVES_UP], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.stdout.startswith("a worker gave up")
    failed, ended = map(json.loads, done.stderr.splitlines())
    assert failed["error"]["type"] == "campaign.errors.CandleError"
    assert (ended["worker"], ended["status"]) == (1, 1)
    assert "Markedwordszq" not in done.stderr


@pytest.mark.parametrize("number", ["0", "-1", "9", "many", "2.5", ""])
def test_a_number_of_workers_that_makes_no_sense_is_wrong_usage(number):
    done = CliRunner().invoke(main, ["--workers", number, "--port", "1"])
    assert (done.exit_code, "write a number from 1 to 8, or auto" in done.output) == (2, True)


def test_auto_is_one_for_each_core_that_it_may_use():
    asked = "from receiver.process.workers import cores; print(cores())"
    command = ["taskset", "-c", "0", sys.executable, "-c", asked]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "1\n"
    assert cores() == min(8, len(os.sched_getaffinity(0)))
