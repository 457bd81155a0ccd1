"""Request slots: of all the requests that are here a few are worked on, the others wait in order of arrival.

A semaphore that is first in, first out, and gives up waiting after a while.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

# One thread computes at a time, and when it lets go of the interpreter any other may get it. A message asks
# for it some twenty times on its way to the disk. While sixty threads wanted it, each time took as long as
# the work of all the others: of 440 messages a second a flood of posts with faults left eight.
AT_ONCE = 2
MOMENT, MOST_MOMENTS = 0.0005, 1000  # seconds, and how many of them dear work gives way in all
# So often a thread that computes is asked for the interpreter, by each that waits and is woken to ask. An
# ordinary post is done by the first time; asked each half a millisecond, a post cost a quarter more. But it
# wants the interpreter many times, and beside words that take long to set it would wait as often for so long.
SWITCH_INTERVAL, BESIDE_DEAR_WORK = 0.002, 0.0005  # seconds
PATIENCE = 1.0  # seconds after which a request goes on without a slot: those that hold one may be stuck


class RequestSlots:
    """Let `number` threads hold a slot; whoever releases one hands it to the thread that waits longest."""

    def __init__(self, number: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._number = self._free = number
        self._patience = patience
        self._waiting: deque[Callable[[], object]] = deque()  # each of them is told when it has a slot
        self._lock = threading.Lock()
        self._mine = threading.local()

    def acquire(self) -> None:
        """Wait for a slot, and go on without one when none comes in time."""
        if not self._is_held() and not getattr(self._mine, "waited", False):
            self._mine.held = self._wait()

    def release(self) -> None:
        """Give this thread's slot, if it holds one, to the next: at the end, or before waiting for others."""
        self._mine.waited = False
        if not self._is_held():
            return
        self._mine.held = False
        with self._lock:
            if not self._waiting:
                self._free += 1
                return
            begin = self._waiting.popleft()
        begin()

    def when_free(self, begin: Callable[[], object]) -> bool:
        """Call `begin` once it has a slot: now, and then this is true, or when somebody gives one back."""
        with self._lock:
            if not self._free:
                self._waiting.append(begin)
                return False
            self._free -= 1
        begin()
        return True

    def withdraw(self, begin: Callable[[], object]) -> bool:
        """Let `begin` wait no longer; tells whether it did, and else it has a slot."""
        with self._lock:
            waited = begin in self._waiting
            if waited:
                self._waiting.remove(begin)
        return waited

    def take_over(self) -> None:
        """Hold, on this thread, the slot with which something began."""
        self._mine.held = True

    def go_without(self) -> None:
        """Wait for no slot on this thread until it is released: something has waited long enough for it."""
        self._mine.waited = True

    def giving_way(self) -> Callable[[], None]:
        """Return what waits while others hold slots; in all for half a second, so that dear work ends too."""
        left = iter(range(MOST_MOMENTS))

        def wait() -> None:
            while self._free < self._number and next(left, None) is not None:
                time.sleep(MOMENT)

        return wait

    def _is_held(self) -> bool:
        return getattr(self._mine, "held", False)

    def _wait(self) -> bool:
        handed = threading.Lock()
        handed.acquire()
        self.when_free(handed.release)
        return handed.acquire(timeout=self._patience) or not self.withdraw(handed.release)


@contextmanager
def asked_often() -> Iterator[None]:
    """Ask for the interpreter often while the block runs, on one thread at a time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(BESIDE_DEAR_WORK)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def install(app: Flask) -> None:
    """Give each request a slot once its body is read, until it waits for the disk or ends.

    Under our own server it has one before its thread is woken (`RequestThreads`).
    """
    slots: RequestSlots = app.extensions["candle"].request_slots
    app.before_request(slots.acquire)
    app.teardown_request(lambda _error: slots.release())
