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
from functools import partial
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

FORKS, TIMES = 4, 500
ROUNDS = 100  # of six threads in each fork


def forked(what: str) -> Any:
    """Run one of `WHATS` in a process of its own, which may be forked: this one has threads."""
    command = [sys.executable, "-m", "tests.support.forked", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def in_forks(work: Callable[[int], object]) -> None:
    """Let each fork do its work, and wait for all."""
    for number in range(FORKS):
        if not os.fork():
            work(number)
            os._exit(0)
    for _ in range(FORKS):
        os.wait()


def windows() -> int:
    """Count to a limit from all sides; returns how often it was allowed."""
    from receiver.state.moving_windows import MovingWindows
    from receiver.state.shared_tally import SharedTally

    limits, allowed = MovingWindows(), SharedTally()

    def ask(_number: int) -> None:
        for _ in range(TIMES):
            if not limits.count("public.send", 1200, 3600):
                allowed.add((("allowed", True),))

    in_forks(ask)
    return sum(allowed.take().values())


def tally() -> list[Any]:
    """Count what all met, and what each met alone."""
    from receiver.state.shared_tally import SharedTally

    met = SharedTally()
    in_forks(
        lambda number: [
            met.add((("status", status),)) for _ in range(TIMES) for status in (404, 500 + number)
        ]
    )
    return sorted((dict(facts)["status"], count) for facts, count in met.take().items())


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


def beginnings() -> int:
    """Let all open a new database at one moment, again and again; returns how many were refused."""
    from sqlalchemy import make_url

    from campaign.storage import sqlite
    from receiver.state.shared_memory import SharedValue

    refused = SharedValue("<Q")
    for _ in range(40):
        with TemporaryDirectory() as folder:
            url, moment = make_url(f"sqlite:///{folder}/candle.sqlite"), time.monotonic() + 0.1
            in_forks(partial(_open, sqlite.engine, url, moment, refused))
    return int(refused.get()[0])


def _open(engine: Any, url: Any, moment: float, refused: Any, _number: int) -> None:
    made = engine(url)
    time.sleep(max(0.0, moment - time.monotonic() - 0.005))
    while time.monotonic() < moment:
        pass
    try:
        made.connect().close()
    except Exception:
        with refused.locked():
            refused.set(refused.get()[0] + 1)


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
    """Let a fork make the day's key and use up a code; returns whether this process has that key and code."""
    from receiver.staff.login_delay import Guesses
    from receiver.state.day_key import DayKey
    from receiver.state.shared_memory import SharedValue

    key, seen, guesses = DayKey(None), SharedValue("32s"), Guesses(None, "a key")  # type: ignore[arg-type]

    def use(number: int) -> None:
        with seen.locked():
            seen.set(key.current())
        guesses.note_used("olga", f"00000{number}")

    in_forks(use)
    used = [guesses.was_used("olga", f"00000{number}") for number in range(FORKS + 1)]
    return [seen.get()[0] == key.current(), used]


WHATS: dict[str, Callable[[], Any]] = {
    f.__name__: f for f in (windows, tally, crosswise, beginnings, killed, turns, turn_of_the_dead, secrets)
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(WHATS[sys.argv[1]]()))
