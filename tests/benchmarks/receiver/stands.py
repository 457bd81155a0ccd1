"""The servers that are measured, each over a new SQLite file: ours, ours without group commit, and Isso."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.keys import sealing
from tests.benchmarks import peers
from tests.benchmarks.receiver import load
from tests.benchmarks.receiver.load import Bodies, Measured
from tests.receiver.serving import SITE, Served, served, served_apart
from tests.support.ports import free_ports

HERE = Path(__file__).parent
Stand = Callable[[Mapping[str, str]], AbstractContextManager["Post"]]


class WrongCount(Exception):
    """What a server stored is not what it answered for."""


@dataclass(frozen=True)
class Post:
    """A running server: where to post what, and how to count what it stored."""

    url: str
    bodies: Bodies
    file: Path
    table: str
    process: int
    server: Served | None = None

    def stored(self) -> int:
        """Count the rows."""
        with closing(sqlite3.connect(self.file, timeout=30)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {self.table}").fetchone()[0])

    def cpu(self) -> float:
        """Return the seconds of CPU that its processes have taken."""
        return sum(_ticks(process) for process in _family(self.process)) / os.sysconf("SC_CLK_TCK")

    def _settled(self) -> int:
        """Count the rows once no more come: wrk leaves when its requests are still on their way."""
        last, found = -1, self.stored()
        while found != last:
            time.sleep(0.5)
            last, found = found, self.stored()
        return found

    def measure(self, seconds: float, *, pause: float = 0, connections: int = load.CONNECTIONS) -> Measured:
        """Post for some seconds.

        Raises:
            WrongCount: rows were not stored that were answered for, or more than can have been on their way.
        """
        before, cpu = self._settled(), self.cpu()
        found = load.post(self.url, self.bodies, seconds, pause=pause, connections=connections)
        on_their_way = self._settled() - before - found.stored
        if not 0 <= on_their_way <= connections:
            raise WrongCount(f"{found.stored} answers, {on_their_way} more rows in {self.file}")
        return replace(found, cpu=self.cpu() - cpu)


def _family(process: int) -> Iterator[int]:
    """List a process and those that it has forked."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _ticks(process: int) -> int:
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


@contextmanager
def ours(
    environment: Mapping[str, str], *, program: str = "receiver", only: str = "", workers: int = 1
) -> Iterator[Post]:
    """Run `python -m receiver`, or `only` one half, its limits off, sealing details to two keys."""
    keys = " ".join(sealing.new_key()[0] for _ in range(2))
    with TemporaryDirectory() as name:
        folder = Path(name)
        bodies = Bodies(folder / "bodies", load.FORM, SITE)
        variables = {"CANDLE_AGE_RECIPIENTS": keys, **environment}
        with served(folder, anew=True, program=program, only=only, workers=workers, **variables) as running:
            url = f"http://127.0.0.1:{running.port}/mikita/messages"
            yield Post(url, bodies, folder / "candle.sqlite", "messages", running.process.pid, running)


@contextmanager
def ours_apart(environment: Mapping[str, str]) -> Iterator[Post]:
    """Run the public half, which is posted at, and the desk as a process of its own, which is `server`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        bodies = Bodies(folder / "bodies", load.FORM, SITE)
        keys = " ".join(sealing.new_key()[0] for _ in range(2))
        with served_apart(folder, anew=True, CANDLE_AGE_RECIPIENTS=keys, **environment) as (public, desk):
            url = f"http://127.0.0.1:{public.port}/mikita/messages"
            yield Post(url, bodies, folder / "candle.sqlite", "messages", public.process.pid, desk)


def public(environment: Mapping[str, str]) -> AbstractContextManager[Post]:
    """Run the public half alone, as deploy/ does."""
    return ours(environment, only="public")


def on_two(environment: Mapping[str, str]) -> AbstractContextManager[Post]:
    """Run the public half with two workers."""
    return ours(environment, only="public", workers=2)


def alone(environment: Mapping[str, str]) -> AbstractContextManager[Post]:
    """Run the same with a COMMIT for each message."""
    return ours(environment, only="public", program="tests.benchmarks.receiver.alone")


@contextmanager
def isso(environment: Mapping[str, str]) -> Iterator[Post]:
    """Run Isso as its documentation starts it, its rate limits off; it prints no notifications either."""
    python = peers.python("isso", HERE / "requirements.txt")
    (port,) = free_ports(1)
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "isso.cfg"
        settings.write_text(
            f"[general]\ndbpath = {folder}/comments.db\nhost = {SITE}/\nnotify =\n"
            f"[server]\nlisten = http://127.0.0.1:{port}\n[guard]\nenabled = false\n"
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [python.with_name("isso"), "-c", settings, "run"],
                env=os.environ | environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            _wait(process, port, folder / "log")
            url, bodies = (
                f"http://127.0.0.1:{port}/new?uri=%2Fmikita%2F",
                Bodies(folder / "bodies", load.JSON, SITE),
            )
            yield Post(url, bodies, folder / "comments.db", "comments", process.pid)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def slow_disk(folder: Path) -> dict[str, str]:
    """Return the environment in which each fsync takes 3 ms more.

    Raises:
        FileNotFoundError: there is no C compiler.
    """
    library = folder / "slow.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", library, HERE / "slow.c", "-ldl"]
    subprocess.run(command, check=True)
    return {"LD_PRELOAD": str(library)}


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import socket

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
