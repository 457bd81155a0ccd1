"""Turns at what costs much: a few at a time, and a few that wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from werkzeug.exceptions import TooManyRequests

from receiver.services import services
from receiver.state.shared_memory import SharedTurn

PATIENCE = 5.0  # seconds that a login waits for its turn

Turn: TypeAlias = threading.BoundedSemaphore | SharedTurn


class Turns:
    """So many at once that the machine is not exhausted; each worker has its part, or all share one turn.

    And few that wait for them: each holds a thread that a supporter's message could have.
    """

    def __init__(self, at_once: int | SharedTurn, waiting: int) -> None:
        self._at_once, self._waiting = at_once, waiting
        self._parted: dict[int, tuple[Turn, threading.BoundedSemaphore]] = {}  # by the number of workers

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it while the block runs.

        Raises:
            TooManyRequests: too many others have theirs.
        """
        services().request_slots.release()
        at_once, waiting = self._part(services().workers)
        if not waiting.acquire(blocking=False):
            raise TooManyRequests
        try:
            if not at_once.acquire(timeout=PATIENCE):
                raise TooManyRequests
        finally:
            waiting.release()
        try:
            yield
        finally:
            at_once.release()

    def _part(self, workers: int) -> tuple[Turn, threading.BoundedSemaphore]:
        """Return this worker's part: that of whoever asks first, for all others too."""
        at_once = self._at_once
        turn = _semaphore(at_once, workers) if isinstance(at_once, int) else at_once
        return self._parted.setdefault(workers, (turn, _semaphore(self._waiting, workers)))


def _semaphore(number: int, workers: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(max(1, number // workers))
