"""A PostgreSQL that hangs under load: plain answers in time, nothing lost, and it recovers by itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url

from campaign.messages import queries
from campaign.storage.database import Database, connect, migrate
from tests.receiver.serving import Served, served
from tests.support import postgresql

pytestmark = pytest.mark.slow
AT_ONCE = 24  # senders
LONGEST = 5.0  # seconds to an answer


@pytest.fixture
def own_server() -> Iterator[Database]:
    """A server of this test's own, which may be stopped without anybody else."""
    with postgresql.server() as url:
        postgresql.administer(url, f"CREATE DATABASE candle OWNER {postgresql.ROLE}")
        chosen = make_url(url).set(username=postgresql.ROLE, database="candle")
        opened = connect(chosen.render_as_string(hide_password=False))
        migrate(opened)
        yield opened
        opened.close()


def processes_of(database: Database) -> list[int]:
    """Name the server and everything that it started."""
    parent = _found("-f", f"postgres.* -p {database.engine.url.port} ")[0]
    return [parent, *_found("-P", str(parent))]


def _found(*chosen: str) -> list[int]:
    told = subprocess.run(["pgrep", *chosen], capture_output=True, text=True, check=True)
    return [int(line) for line in told.stdout.split()]


@pytest.fixture
def hang(own_server: Database) -> Iterator[object]:
    """Let the server hang, and go on."""
    stopped: list[int] = []

    def hang(*, on: bool) -> None:
        if on:
            stopped[:] = processes_of(own_server)
        for process in stopped:
            with suppress(ProcessLookupError):  # it ended as soon as it could
                os.kill(process, signal.SIGSTOP if on else signal.SIGCONT)

    yield hang
    hang(on=False)


class Load:
    """Senders who post one message after another, and what each was told."""

    def __init__(self, receiver: Served, tokens: list[str]) -> None:
        self.receiver, self._tokens, self._ends = receiver, tokens, threading.Event()
        self.answers: list[tuple[int, float, str]] = []
        self._threads = [threading.Thread(target=self._send) for _ in range(AT_ONCE)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join(30)

    def _send(self) -> None:
        while not self._ends.is_set():
            token = self._tokens.pop()
            words, began = f"A candle burns, {len(self._tokens)}", time.monotonic()
            status, _ = self.receiver.send(token, message=words)
            self.answers.append((status, time.monotonic() - began, words))
            self._ends.wait(0.05)


def test_while_it_hangs_under_load_everybody_is_answered_in_time_and_nothing_is_lost(
    own_server: Database, hang, tmp_path: Path, figure
) -> None:
    url = own_server.engine.url.render_as_string(hide_password=False)
    with served(tmp_path, CANDLE_DATABASE_URL=url, CANDLE_FLOOD="off") as receiver:
        with Load(receiver, receiver.ripe_tokens(20_000)) as load:
            time.sleep(2)
            hang(on=True)
            health = asked(receiver, "/health", seconds=8)
            hang(on=False)
            back = seconds_until_healthy(receiver)
            time.sleep(1)
        assert {status for status, _, _ in load.answers} == {201, 503}, receiver.log[-2000:]
        longest = max(took for _, took, _ in load.answers)
        figure("PostgreSQL hangs under load: longest answer, seconds", f"{longest:.1f}")
        longest_proof = max(took for _, took in health)
        figure("PostgreSQL hangs under load: longest /health, seconds", f"{longest_proof:.1f}")
        figure("PostgreSQL goes on: seconds until /health is 200", f"{back:.1f}")
        assert longest < LONGEST
        assert {status for status, _ in health} >= {503}
        assert longest_proof < LONGEST
        assert back < LONGEST
    with own_server.read() as connection:
        stored = [message.text for message in queries.list_messages(connection, "mikita")]
    thanked = [words for status, _, words in load.answers if status == 201]
    assert set(thanked) <= set(stored)
    assert len(stored) == len(set(stored))


def asked(receiver: Served, path: str, seconds: float) -> list[tuple[int, float]]:
    """Ask for a path again and again; each status, and the seconds that it took."""
    found, ends = [], time.monotonic() + seconds
    while (began := time.monotonic()) < ends:
        status, _ = receiver.get(path)
        found.append((status, time.monotonic() - began))
        time.sleep(0.1)
    return found


def seconds_until_healthy(receiver: Served) -> float:
    began = time.monotonic()
    while receiver.get("/health")[0] != 200:
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    return time.monotonic() - began


ROUTES = ["/mikita/count.json", "/mikita/withdraw", "/mikita/token", "/staff/login", "/staff/", "/health"]


def test_while_it_hangs_every_route_answers_in_time(own_server: Database, hang, tmp_path: Path) -> None:
    url = own_server.engine.url.render_as_string(hide_password=False)
    with served(tmp_path, CANDLE_DATABASE_URL=url, CANDLE_FLOOD="off") as receiver:
        hang(on=True)
        for path in ROUTES:
            began = time.monotonic()
            status, _ = receiver.get(path)
            assert time.monotonic() - began < LONGEST, path
            assert status in {200, 303, 503}, path
        assert receiver.get("/health")[0] == 503
        assert log_in(receiver) == 503
        assert receiver.send(receiver.ripe_tokens(1)[0])[0] == 503
        hang(on=False)
        assert seconds_until_healthy(receiver) < LONGEST
        assert receiver.send(receiver.ripe_tokens(1)[0])[0] == 201


def log_in(receiver: Served) -> int:
    """Post the form of the desk's login, which looks for its member."""
    connection = receiver.connect()
    try:
        connection.request("GET", "/staff/login")
        page = connection.getresponse()
        cookie, form = str(page.headers["Set-Cookie"]).partition(";")[0], page.read().decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        fields = {"csrf_token": token[1] if token else "", "name": "olga", "password": "not hers, of course"}
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{receiver.port}/staff/login",
        }
        connection.request("POST", "/staff/login", urllib.parse.urlencode(fields), headers)
        return connection.getresponse().status
    finally:
        connection.close()
