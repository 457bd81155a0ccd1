"""Turns: of all the requests that are here a few are worked on, the others wait in the order they came."""

from __future__ import annotations

import threading
from collections import deque

from flask import Flask

# One thread computes at a time, and when it lets go of the interpreter any other may get it. A message asks
# for it some twenty times on its way to the disk. While sixty threads wanted it, each time took as long as
# the work of all the others: of 440 messages a second a flood of posts with faults left eight.
AT_ONCE = 2
PATIENCE = 1.0  # seconds after which a request is worked on without a turn: those that have one may be stuck


class Turns:
    """Let `number` threads have a turn; who leaves hands it to the one that waits longest."""

    def __init__(self, number: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._free = number
        self._patience = patience
        self._waiting: deque[threading.Lock] = deque()
        self._door = threading.Lock()
        self._mine = threading.local()

    def take(self) -> None:
        """Wait for a turn, and go on without one when none comes in time."""
        if not self._has():
            self._mine.has = self._wait()

    def leave(self) -> None:
        """Give the turn of this thread to the next, if it has one: when it ends, or will wait for others."""
        if not self._has():
            return
        self._mine.has = False
        with self._door:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _has(self) -> bool:
        return getattr(self._mine, "has", False)

    def _wait(self) -> bool:
        with self._door:
            if self._free:
                self._free -= 1
                return True
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=self._patience):
            return True
        with self._door:
            if called not in self._waiting:
                return True  # it was called at this moment
            self._waiting.remove(called)
            return False


def install(app: Flask) -> None:
    """Give each request a turn once its body is read, until it waits for the disk or ends."""
    turns: Turns = app.extensions["candle"].turns
    app.before_request(turns.take)
    app.teardown_request(lambda _error: turns.leave())
