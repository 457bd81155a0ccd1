"""Forks of a small process, as workers are, of what they share: one for each line that it is asked to run.

python -m tests.support.forked WHAT writes what the first of them finds when all have ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import SimpleNamespace
from typing import Any

FORKS = 4
ROUNDS = 100  # of six threads in each fork
USERS, GROUP = (61001, 61002), 61003  # numbers that nobody has


def forked(what: str) -> Any:
    """Run one of `WHATS` in a process of its own, which may be forked: this one has threads."""
    command = [sys.executable, "-m", "tests.support.forked", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def in_forks(work: Callable[[int], object]) -> int:
    """Let each fork do its work, and wait for all; returns how many of them failed or were killed."""
    for number in range(FORKS):
        if not os.fork():
            try:
                work(number)
                os._exit(0)
            finally:
                os._exit(1)
    return sum(os.wait()[1] != 0 for _ in range(FORKS))


def crosswise() -> int:
    """Let threads of each fork take two locks in turn, from both ends; returns how many were refused."""
    from receiver.state.shared_memory import SharedValue

    one, two, refused = SharedValue("<Q"), SharedValue("<Q"), SharedValue("<Q")

    def work(turn: tuple[SharedValue, SharedValue]) -> None:
        for shared in ROUNDS * turn:
            try:
                with shared.locked():
                    shared.set(shared.get()[0] + 1)
                    time.sleep(0.0001)
            except OSError:
                with refused.locked():
                    refused.set(refused.get()[0] + 1)

    def cross(_number: int) -> None:
        threads = [Thread(target=work, args=(turn,)) for turn in 3 * [(one, two), (two, one)]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    in_forks(cross)
    assert one.get() == two.get() == (FORKS * ROUNDS * 6 - refused.get()[0],)
    return int(refused.get()[0])


def beginnings(rounds: int = 40, become: Callable[[int], object] = bool) -> int:
    """Let all open a new database at one moment, again and again; returns how many were refused."""
    from sqlalchemy import make_url

    from campaign.storage import sqlite

    def write(url: Any) -> None:
        with sqlite.engine(url).begin() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS written (at)")

    def begin(url: Any, moment: float, number: int) -> None:
        become(number)
        time.sleep(max(0.0, moment - time.monotonic() - 0.005))
        while time.monotonic() < moment:
            pass
        write(url)

    with TemporaryDirectory() as folder:  # what is imported late another user may not be able to read
        write(make_url(f"sqlite:///{folder}/candle.sqlite"))
    refused = 0
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            if os.geteuid() == 0:
                os.chown(folder, 0, GROUP)
                Path(folder).chmod(0o2770)
            url = make_url(f"sqlite:///{folder}/candle.sqlite")
            refused += in_forks(partial(begin, url, time.monotonic() + 0.1))
    return refused


def beginnings_of_two_users() -> int:
    """The same where root made the folder for two users, who keep all else to themselves."""

    def become(number: int) -> None:
        os.setgroups([GROUP])
        os.setgid(USERS[number % 2])
        os.setuid(USERS[number % 2])
        os.umask((0o027, 0o077)[number % 2])

    return beginnings(20, become)


def killed() -> int:
    """Kill each fork while it holds the lock, in the middle of writing; returns what others still count."""
    from receiver.state.shared_memory import SharedTable

    table = SharedTable(16, 8)

    def die(number: int) -> None:
        with table.locked():
            count = int.from_bytes(table.get(b"deaths", 0) or b"", "little")
            table.put(b"deaths", (count + 1).to_bytes(8, "little"), 1.0)
            os.kill(os.getpid(), signal.SIGKILL)

    in_forks(die)
    with table.locked():
        return int.from_bytes(table.get(b"deaths", 0) or b"", "little")


def turns() -> list[Any]:
    """Let two threads of each fork have the turn, again and again; returns how often, and beside how many."""
    from receiver.state.shared_memory import SharedTurn, SharedValue

    turn, inside, had, met = SharedTurn(), SharedValue("<q"), SharedValue("<q"), SharedValue("<q")

    def add(shared: SharedValue, number: int) -> int:
        with shared.locked():
            shared.set(shared.get()[0] + number)
            return int(shared.get()[0])

    def work() -> None:
        for _ in range(5):
            assert turn.acquire(timeout=60)
            add(met, add(inside, 1) - 1)
            time.sleep(0.001)
            add(inside, -1)
            add(had, 1)
            turn.release()

    def both(_number: int) -> None:
        other = Thread(target=work)
        other.start()
        work()
        other.join()

    in_forks(both)
    return [had.get()[0], met.get()[0]]


def turn_of_the_dead() -> int:
    """Kill each fork while it has the turn; returns how many had it, with this process."""
    from receiver.state.shared_memory import SharedTurn, SharedValue

    turn, had = SharedTurn(), SharedValue("<q")

    def die(_number: int) -> None:
        if turn.acquire(timeout=60):
            with had.locked():
                had.set(had.get()[0] + 1)
        os.kill(os.getpid(), signal.SIGKILL)

    in_forks(die)
    return int(had.get()[0]) + turn.acquire(timeout=0)


def secrets() -> list[Any]:
    """Let a fork make the day's key, use up a code and guess; returns whether this process knows it.

    Of guesses no database tells: whoever writes to it may take them out there.
    """
    from campaign.accounts import login_attempts
    from receiver.staff.login_delay import Guesses
    from receiver.state.day_key import DayKey
    from receiver.state.shared_memory import SharedValue

    login_attempts.read = login_attempts.keep = lambda *_: None  # type: ignore[assignment, misc]
    forgetful: Any = SimpleNamespace(write=lambda work: work(None))
    key, seen, guesses = DayKey(None), SharedValue("32s"), Guesses(forgetful, "a key")
    last = login_attempts.Allowance(FORKS, timedelta(hours=1), timedelta(hours=1))

    def use(number: int) -> None:
        with seen.locked():
            seen.set(key.current())
        guesses.note_used("olga", f"00000{number}")
        guesses.take("code olga", last, datetime.now(UTC))

    in_forks(use)
    used = [guesses.was_used("olga", f"00000{number}") for number in range(FORKS + 1)]
    return [
        seen.get()[0] == key.current(),
        used,
        guesses.take("code olga", last, datetime.now(UTC)).seconds > 0,
    ]


WHATS: dict[str, Callable[[], Any]] = {
    f.__name__: f
    for f in (
        crosswise,
        beginnings,
        beginnings_of_two_users,
        killed,
        turns,
        turn_of_the_dead,
        secrets,
    )
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(WHATS[sys.argv[1]]()))
