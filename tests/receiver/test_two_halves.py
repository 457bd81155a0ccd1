"""The two halves as they run in production: two processes, two ports, one SQLite file."""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import socket
import threading
import time

import pytest

from campaign.messages import queries
from campaign.messages.message import Message
from campaign.storage import database
from receiver.state.tokens import Tokens
from tests.benchmarks.receiver.reviewing import reviewed
from tests.receiver.serving import SECRET_KEY, Served, served, served_apart

pytestmark = pytest.mark.slow  # each half is a process of its own

DESK = "desk.example.org"
SLOWEST = 2.0  # seconds for an answer of the desk while many write
WRITERS = 8  # supporters at the same time


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    with served_apart(tmp_path_factory.mktemp("halves"), CANDLE_STAFF_URL=f"https://{DESK}") as running:
        yield running


@pytest.fixture
def nameless(tmp_path):
    """Halves whose desk has no name of its own and answers to every one."""
    with served_apart(tmp_path) as running:
        yield running


def told(half: Served, line: str) -> tuple[str, bool]:
    """Ask the port itself by the desk's name: the status, and whether a password is asked for."""
    with socket.create_connection(("127.0.0.1", half.port), timeout=10) as connection:
        connection.sendall(f"{line}\r\nHost: {DESK}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    return answer.split(b" ")[1].decode(), b"password" in answer


def test_an_absolute_address_opens_it_neither(halves):
    """What a client writes to a proxy, here sent to the port itself."""
    public, desk = halves
    absolute, plain = f"GET https://{DESK}/staff/login HTTP/1.1", "GET /staff/login HTTP/1.0"
    assert {told(public, line) for line in (absolute, plain)} <= {("400", False), ("404", False)}
    assert told(desk, plain) == ("200", True)
    assert [desk.get(path)[0] for path in ("/mikita/messages", "/staff/login")] == [404, 404]  # by another


def write_on(public: Served, place: int, seconds: float, answers: list[tuple[str, int]]) -> None:
    until, tokens = time.monotonic() + seconds, Tokens((SECRET_KEY,), clock=lambda: time.time() - 60)
    for number in itertools.count():
        if time.monotonic() > until:
            return
        words = f"Words {place}-{number}"
        answers.append((words, public.send(tokens.issue("mikita"), message=words)[0]))


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.soak)])
def test_the_desk_decides_while_supporters_write(nameless, figure, seconds):
    """Two processes write into one SQLite file: neither gives a 5xx, and what was answered is there once."""
    public, desk = nameless
    answers: list[tuple[str, int]] = []
    writers = [
        threading.Thread(target=write_on, args=(public, place, seconds, answers)) for place in range(WRITERS)
    ]
    with reviewed(desk) as reviewer:
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            assert [half.get("/health")[0] for half in nameless] == [200, 200]
            time.sleep(0.5)
    assert {status for _, status in answers} == {201}
    assert sorted(public.texts()) == sorted(words for words, _ in answers)
    assert len(approved(public)) == reviewer.approved >= 2
    assert max(reviewer.answers) < 400
    assert reviewer.slowest < SLOWEST
    assert '"level": "error"' not in public.log  # of both: they share it
    figure(
        f"the desk in a process of its own, {len(answers)} posts in {seconds} s meanwhile",
        f"{reviewer.approved} approved, the slowest answer in {reviewer.slowest:.2f} s; none lost, no 5xx",
    )


def approved(half: Served) -> list[Message]:
    opened = database.connect(half.database_url)
    with opened.read() as connection:
        found = list(queries.list_messages(connection, "mikita", "approved"))
    opened.close()
    return found


def test_each_half_goes_on_when_the_other_is_killed(nameless):
    public, desk = nameless
    tokens = public.ripe_tokens(2)
    assert public.send(tokens[0], message="With both")[0] == 201
    desk.kill()
    assert public.send(tokens[1], message="Without the desk")[0] == 201
    assert public.get("/health")[0] == 200
    with served(desk.folder, only="desk") as again, reviewed(again) as reviewer:
        public.kill()
        until = time.monotonic() + 60
        while reviewer.approved < 2 and time.monotonic() < until:
            time.sleep(0.1)
        assert again.get("/health")[0] == 200
    assert sorted(message.text for message in approved(public)) == ["With both", "Without the desk"]


def test_a_polite_stop_of_one_half_stops_that_half_alone(nameless):
    public, desk = nameless
    os.killpg(desk.process.pid, signal.SIGTERM)
    assert desk.process.wait(timeout=20) == 0
    assert public.send(public.ripe_tokens(1)[0])[0] == 201
    with pytest.raises((OSError, http.client.HTTPException)):
        desk.get("/health")
