"""The desk's table: how long each page takes, and how much of a processor, with many messages stored.

    python -m tests.benchmarks.desk [--quick]

The pages are asked of the app itself: no network is in it, and no browser. SQLite, and PostgreSQL where
there is one: its own work is another process's, and not in the figures of a processor. How long a reviewer
waits after a key is seen in a browser.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import text

from campaign.accounts import staff
from campaign.keys import sealing
from campaign.messages import arrivals
from campaign.settings import Settings
from campaign.storage.database import Database, connect, migrate
from receiver.app import create_app
from tests.benchmarks import table
from tests.benchmarks.desk.keys import time_keys
from tests.benchmarks.desk.many import ANOTHER, fill
from tests.benchmarks.table import Row, at_most, only
from tests.conftest import APPROVAL_KEY, SECRET_KEY, TODAY
from tests.receiver.conftest import log_in
from tests.receiver.desk import Desk
from tests.support import postgresql
from tests.support.ports import free_ports

SLOWEST, DEAREST = 150, 20  # milliseconds: at p95, and of a processor
NEXT = {10_000: 100}  # milliseconds at p95 from a key until the next message is there, where fewer wait
WARM = 3


@dataclass(frozen=True)
class Sizes:
    """How many messages wait, and how often each page is asked for."""

    waiting: tuple[int, ...] = (10_000, 100_000)
    rounds: int = 40


QUICK = Sizes((1_000,), 10)


@dataclass(frozen=True)
class Taken:
    """What a page took, in milliseconds."""

    p95: float
    cpu: float


def main(*, quick: bool) -> None:
    """Measure, and print a table for each number of messages."""
    sizes = QUICK if quick else Sizes()
    for waiting in sizes.waiting:
        for name, opened in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
            with suppress(postgresql.NoServer), TemporaryDirectory() as folder, opened(folder) as url:
                title = f"The desk on {name}, {waiting:,} messages waiting and as many decided"
                table.show(title, rows(Path(folder), url, waiting, sizes.rounds))


@contextmanager
def _sqlite(folder: str) -> Iterator[str]:
    yield f"sqlite:///{folder}/instance/candle.sqlite"


@contextmanager
def _postgresql(_folder: str) -> Iterator[str]:
    with postgresql.server() as url:
        yield url


def rows(folder: Path, url: str, waiting: int, rounds: int) -> Iterator[Row]:
    """Measure each page of a desk with so many messages waiting, and as many again decided."""
    (port,) = free_ports(1)
    origin = f"http://127.0.0.1:{port}"
    app, password = _app(folder, url, origin, waiting)
    desk = _desk(app, password)
    for name, path in PAGES.items():
        yield from _judged(name, _measure(lambda path=path: _get(desk, path), rounds), SLOWEST)
    anew = _measure(lambda: _count_anew(app, desk), max(3, rounds // 4))
    yield only("how it goes, counted anew, once a minute", f"p95 {anew.p95:.0f} ms, CPU {anew.cpu:.0f} ms")
    decided = _measure(Reviewer(desk).decide, rounds)
    yield only("a decision and the page after it", f"p95 {decided.p95:.0f} ms, CPU {decided.cpu:.0f} ms")
    keys = time_keys(app, origin, port, password, rounds)
    yield at_most(
        "from a key to the next message on the screen, p95",
        NEXT.get(waiting, SLOWEST),
        quantiles(keys, n=20)[-1],
        " ms",
    )
    for name, path in SEARCHES.items():
        taken = _measure(lambda path=path: _get(desk, path), max(3, rounds // 10))
        yield only(f"{name} (a scan)", f"p95 {taken.p95:.0f} ms, CPU {taken.cpu:.0f} ms")


PAGES = {
    "the oldest message": "",
    "the next one, fetched ahead": "?after=500",
    "what came in a flood": "?flood=1",
    "what is set aside": "?aside=1",
    "approved, first page": "messages?state=approved",
    "approved, a page in the middle": "messages?state=approved&page=40",
    "rejected": "messages?state=rejected",
    "one that is on a card": f"?message={ANOTHER}",
    "the form to find one": "messages",
    "groups": "groups",
    "a group, twenty-four cards": "groups?kind=unflagged",
    "batches": "batches",
    "a batch that is ready to print": "batches/2",
    "how it goes": "how-it-goes",
}
SEARCHES = {
    "words": "messages?words=candle+window",
    "a flag": "messages?flag=email",
    "a card": "messages?card=7",
}


def _judged(name: str, taken: Taken, slowest: float) -> Iterator[Row]:
    yield at_most(f"{name}, p95", slowest, taken.p95, " ms")
    yield at_most(f"{name}, processor", DEAREST, taken.cpu, " ms")


def _app(folder: Path, url: str, origin: str, waiting: int) -> tuple[Flask, str]:
    settings = Settings(
        database_url=url,
        secret_key=SECRET_KEY,
        approval_key=APPROVAL_KEY,
        site_url=("https://candle.example.org",),
        receiver_url=origin,
        age_recipients=(sealing.new_key()[0],),
        build_dir=folder / "_build",
        second_factor="off",
    )
    database = connect(settings.database_url)
    migrate(database)
    fill(database, waiting)
    _spend_a_night(database)
    _settle(database)
    password = database.write(lambda c: staff.add(c, "olga", settings.approval_keys, TODAY))
    return create_app(replace(settings, ratelimit_enabled=False), database), password


def _spend_a_night(database: Database) -> None:
    """Do what each night's purge does with numbers."""
    database.write(lambda connection: arrivals.keep_arrivals(connection, TODAY))


def _desk(app: Flask, password: str) -> Desk:
    client = app.test_client()
    log_in(client, "olga", password)
    return Desk(client)


def _settle(database: Database) -> None:
    """Do what autovacuum has long done where so many messages are: else it works beside what is measured."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))


def _get(desk: Desk, path: str) -> None:
    answer = desk.get(f"/staff/mikita/{path}")
    assert answer.status_code == 200, (path, answer.status_code)


def _count_anew(app: Flask, desk: Desk) -> None:
    app.extensions["candle.counted"].clear()
    _get(desk, "how-it-goes")


class Reviewer:
    """Somebody who approves one message after the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._page = desk.get()

    def decide(self) -> None:
        """Approve what the page shows, and take the page that comes after it."""
        found = re.search(r"/staff/mikita/(\w+)/approve", self._page.text)
        assert found, "the oldest message cannot be approved"
        self._page = self._desk.follow(self._desk.press(self._page, f"{found[1]}/approve"))


def _measure(ask: Callable[[], None], rounds: int) -> Taken:
    for _ in range(WARM):
        ask()
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return Taken(quantiles(walls, n=20)[-1], median(cpus))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
