"""Work that costs much: a few have their turn at a time, and a few wait for theirs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import TypeAlias

from werkzeug.exceptions import TooManyRequests

from receiver.services import services
from receiver.state.shared_memory import SharedTurn

PATIENCE = 5.0  # seconds that a login waits for its turn

Turn: TypeAlias = threading.BoundedSemaphore | SharedTurn


class Turns:
    """So many at once that the machine is not exhausted; each worker has its part, or all share one turn.

    And few that wait for them: each holds a thread that a supporter's message could have. Once a quarter of
    the places is taken, only those may wait too for whom nobody waits yet: else one asker has all of them.
    """

    def __init__(self, at_once: int | SharedTurn, waiting: int) -> None:
        self._at_once, self._most = at_once, waiting
        self._parted: dict[int, Turn] = {}  # by the number of workers
        self._waiting: list[str] = []  # for whom
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, asker: str = "") -> Iterator[None]:
        """Wait for a turn, and have it while the block runs; an `asker` without a name is many.

        Raises:
            TooManyRequests: too many others have theirs.
        """
        services().request_slots.release()
        at_once = self._part(services().workers)
        self._begin_to_wait(asker, max(1, self._most // services().workers))
        try:
            if not at_once.acquire(timeout=PATIENCE):
                raise _busy()
        finally:
            with self._lock:
                self._waiting.remove(asker)
        try:
            yield
        finally:
            at_once.release()

    def _begin_to_wait(self, asker: str, most: int) -> None:
        with self._lock:
            waits_already = asker and asker in self._waiting
            if len(self._waiting) >= (max(1, most // 4) if waits_already else most):
                raise _busy()
            self._waiting.append(asker)

    def _part(self, workers: int) -> Turn:
        """Return this worker's part: that of whoever asks first, for all others too."""
        at_once = self._at_once
        if not isinstance(at_once, int):
            return at_once
        return self._parted.setdefault(workers, threading.BoundedSemaphore(max(1, at_once // workers)))


def _busy() -> TooManyRequests:
    """Ask for the patience of one more turn: no network asked too often, which would have to wait longer."""
    return TooManyRequests(retry_after=ceil(PATIENCE))
