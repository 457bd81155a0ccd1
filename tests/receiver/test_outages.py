"""PostgreSQL and Redis hang or stop under load: plain answers in time, nothing lost, recovery by itself."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from campaign.messages import queries
from campaign.storage.database import Database, connect, migrate
from tests.receiver.serving import Served, served
from tests.support import postgresql
from tests.support.ports import free_ports

pytestmark = pytest.mark.slow
AT_ONCE = 24  # senders
LONGEST = 5.0  # seconds to an answer
NAMES = "PostgreSQL", "Redis"
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


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


@dataclass(frozen=True)
class Server:
    """PostgreSQL or Redis of a test's own: how its main process is found, and how it is started."""

    shows: str
    user: int
    command: list[str]

    def hang(self) -> None:
        self._tell(signal.SIGSTOP)

    def go_on(self) -> None:
        self._tell(signal.SIGCONT)

    def stop(self) -> None:
        """End it at once, as when the machine loses it."""
        self._tell(signal.SIGKILL)

    def start(self) -> None:
        """Start it as nobody's child, whom nobody has to wait for."""
        subprocess.run(["setsid", "--fork", *self.command], user=self.user, cwd="/", check=True, **QUIET)

    def _tell(self, what: signal.Signals) -> None:
        for process in [main := _found("-f", self.shows)[0], *_found("-P", str(main))]:
            with suppress(ProcessLookupError):  # it ended as soon as it could
                os.kill(process, what)


def _found(*chosen: str) -> list[int]:
    told = subprocess.run(["pgrep", *chosen], capture_output=True, text=True, check=False)
    return [int(line) for line in told.stdout.split()]


@pytest.fixture
def postgres_server(own_server: Database) -> Server:
    """What that database is of."""
    shows = f"postgres.* -p {own_server.engine.url.port} "
    about = Path(f"/proc/{_found('-f', shows)[0]}")
    words = (about / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    return Server(shows, about.stat().st_uid, [os.fsdecode(word) for word in words])


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Server]:
    """A Redis as docs/operators.md asks for it; its port is the command's last word."""
    program = shutil.which("redis-server")
    if program is None:
        assert not os.environ.get("CI"), "redis-server is missing: make tools"
        pytest.skip("redis-server is missing: make tools")
    (port,) = free_ports(1)
    command = [program, "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", "", "--port", str(port)]
    server = Server(f"redis-server 127.0.0.1:{port}", os.getuid(), command)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def hang(postgres_server: Server) -> Iterator[object]:
    """Let PostgreSQL hang, and go on."""
    yield lambda *, on: postgres_server.hang() if on else postgres_server.go_on()
    postgres_server.go_on()


class Load:
    """Senders from everywhere who post one message after another, and what each was told."""

    def __init__(self, receiver: Served, tokens: list[str]) -> None:
        self.receiver, self._tokens, self._ends = receiver, list(enumerate(tokens)), threading.Event()
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
            (number, token), began = self._tokens.pop(), time.monotonic()
            words, visitor = f"A candle burns, {number}", f"10.{number >> 8}.{number & 255}.1"
            status, _ = self.receiver.send(token, message=words, visitor=visitor)
            self.answers.append((status, time.monotonic() - began, words))
            self._ends.wait(0.2)


FAULTS = ["both hang", "both stop", *(f"{name} {fault}s" for name in NAMES for fault in ("hang", "stop"))]


@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=[] if fault.startswith("both") else pytest.mark.soak) for fault in FAULTS],
)
def test_under_load_everybody_is_answered_in_time_and_nothing_is_lost(
    own_server: Database, postgres_server: Server, redis_server: Server, tmp_path: Path, figure, fault: str
) -> None:
    who, _, what = fault.partition(" ")
    servers = {NAMES[0]: postgres_server, NAMES[1]: redis_server}
    chosen = [server for name, server in servers.items() if who in ("both", name)]
    settings = {
        "CANDLE_DATABASE_URL": own_server.engine.url.render_as_string(hide_password=False),
        "CANDLE_LIMITS_URL": f"redis://127.0.0.1:{redis_server.command[-1]}",
        "CANDLE_RATELIMIT_ENABLED": "true",
        "CANDLE_PROXY_HOPS": "1",
        "CANDLE_FLOOD": "off",
    }
    with served(tmp_path, **settings) as receiver:
        with Load(receiver, receiver.ripe_tokens(20_000)) as load:
            time.sleep(2)
            for server in chosen:
                server.hang() if what.startswith("hang") else server.stop()
            health = asked(receiver, "/health", seconds=8)
            for server in chosen:
                server.go_on() if what.startswith("hang") else server.start()
            back = seconds_until_healthy(receiver)
            time.sleep(1)
        refused = {503} if postgres_server in chosen else set()
        assert {status for status, _, _ in load.answers} == {201} | refused, receiver.log[-2000:]
        assert ("Redis is lost" in receiver.log) == (redis_server in chosen)
        longest = max(took for _, took, _ in load.answers)
        longest_proof = max(took for _, took in health)
        figure(f"{fault} under load: longest answer, seconds", f"{longest:.1f}")
        figure(f"{fault} under load: longest /health, seconds", f"{longest_proof:.1f}")
        figure(f"{fault} under load: seconds from its end until /health is 200", f"{back:.1f}")
        assert max(longest, longest_proof, back) < LONGEST
        assert {status for status, _ in health} >= (refused or {200})
    with connected(own_server) as opened, opened.read() as connection:
        stored = [message.text for message in queries.list_messages(connection, "mikita")]
    thanked = [words for status, _, words in load.answers if status == 201]
    assert set(thanked) <= set(stored)
    assert len(stored) == len(set(stored))


def connected(server: Database) -> AbstractContextManager[Database]:
    """Open it anew: the connections of before are of a server that may have gone."""
    return closing(connect(server.engine.url.render_as_string(hide_password=False)))


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
