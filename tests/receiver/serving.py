"""The receiver as it runs in production, for tests that need the real server."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from campaign import ROOT, settings
from campaign.storage import database
from receiver.state.tokens import Tokens
from tests.support.commands import Started, starting
from tests.support.ports import free_ports

SITE = "http://127.0.0.1:9"
GOOD = {"message": "A candle burns for you.", "first_name": "Anna", "consent": "y", "language": "en"}
RIPE = 3.2  # seconds until a token is good
SECRET_KEY = "a secret key for the served receiver of tests only"
APPROVAL_KEY = "an approval key for the served receiver of tests only"
SLOWEST_START = 30.0


@dataclass
class Served:
    """A running receiver: its process leads a group of its own."""

    process: subprocess.Popen[bytes] | Started
    port: int
    folder: Path

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder}/candle.sqlite"

    def connect(self, timeout: float = 30) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def get(self, path: str) -> tuple[int, bytes]:
        connection = self.connect()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def token(self) -> str:
        return str(json.loads(self.get("/mikita/token")[1])["token"])

    def ripe_tokens(self, number: int) -> list[str]:
        """Issue tokens of a minute ago, as the receiver itself would have."""
        tokens = Tokens((SECRET_KEY,), clock=lambda: time.time() - 60)
        return [tokens.issue("mikita") for _ in range(number)]

    def workers(self) -> list[int]:
        """List the processes that serve: this one, or those that it has forked."""
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text()
        return [int(child) for child in children.split()] or [main]

    def memory(self) -> int:
        """Return the bytes of memory that those hold."""
        statuses = [Path(f"/proc/{worker}/status").read_text() for worker in self.workers()]
        lines = [line for status in statuses for line in status.splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024

    def send(self, token: str, *, visitor: str = "", **changes: str) -> tuple[int, dict[str, object]]:
        """Post good words, as a proxy hands on a `visitor`'s; returns the status and the JSON answer."""
        connection = self.connect()
        headers = {
            "Origin": SITE,
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            **({"X-Forwarded-For": visitor} if visitor else {}),
        }
        body = urllib.parse.urlencode(GOOD | {"token": token} | changes)
        try:
            connection.request("POST", "/mikita/messages", body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def texts(self) -> list[str]:
        """Read the stored messages as another process does."""
        from campaign.messages import queries

        opened = database.connect(self.database_url)
        try:
            with opened.read() as connection:
                return [message.text for message in queries.list_messages(connection, "mikita")]
        finally:
            opened.close()

    def kill(self) -> None:
        """End it as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(
    folder: Path,
    *,
    before: Sequence[str] = (),
    program: str = "receiver",
    only: str = "",
    workers: int = 1,
    anew: bool = False,
    **variables: str,
) -> Iterator[Served]:
    """Run `python -m receiver` while the block runs, or `only` one half; `before` is a command around it.

    It is forked from a process that has read its modules, unless it is to be started `anew`.
    """
    (port,) = free_ports(1)
    environ = os.environ | {
        "CANDLE_DATABASE_URL": f"sqlite:///{folder}/candle.sqlite",
        "CANDLE_SECRET_KEY": SECRET_KEY,
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
        "CANDLE_SITE_URL": SITE,
        "CANDLE_RECEIVER_URL": f"http://127.0.0.1:{port}",
        "CANDLE_RATELIMIT_ENABLED": "false",
        "CANDLE_SECOND_FACTOR": "on" if "CANDLE_STAFF_URL" in variables else "off",
    }
    if only == "public":
        leave_out_approval_keys(environ, variables)
    half = ["--only", only] if only else []
    options = [*half, "--port", str(port), "--workers", str(workers)]
    with (folder / "log").open("ab") as log:
        if anew or before or program != "receiver":
            process = _begun([*before, sys.executable, "-m", program, *options], environ | variables, log)
        else:
            said = {"out": log.fileno(), "err": log.fileno()}
            process = starting().start(*options, environ=environ | variables, module=program, **said)
    running = Served(process, port, folder)
    try:
        wait_until_healthy(running)
        yield running
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                running.kill()


def _begun(command: list[str], environ: dict[str, str], log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env=environ, stderr=log, stdout=log, start_new_session=True)


def leave_out_approval_keys(environ: dict[str, str], variables: dict[str, str]) -> None:
    """Give the public half no key that approves; one in this checkout's own settings would stop it."""
    for given in (environ, variables):
        given.pop("CANDLE_APPROVAL_KEY", None)
    if held := settings.readable_approval_keys(environ | variables):
        pytest.skip(f"the public half would refuse to start, because it can read {held[0]}: move it away")


@contextmanager
def served_apart(folder: Path, *, anew: bool = False, **variables: str) -> Iterator[tuple[Served, Served]]:
    """Run the public half and the desk over one database, started at the same moment."""
    halves = [served(folder, only=half, anew=anew, **variables) for half in ("public", "desk")]
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        for half in halves:
            stack.push(half)
        public, desk = pool.map(lambda half: half.__enter__(), halves)
        yield public, desk


def wait_until_healthy(running: Served) -> None:
    deadline = time.monotonic() + SLOWEST_START
    while time.monotonic() < deadline:
        assert running.process.poll() is None, running.log
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{running.port}/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(running.log)
