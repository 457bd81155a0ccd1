"""Turns at what costs much: a few at a time, and a few that wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import TooManyRequests

from receiver.services import services

PATIENCE = 5.0  # seconds that a login waits for its turn


class Turns:
    """So many at once that the machine is not exhausted; each worker has its part of them.

    And few that wait for them: each holds a thread that a supporter's message could have.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._numbers = at_once, waiting
        self._parted: list[threading.BoundedSemaphore] = []
        self._parting = threading.Lock()

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

    def _part(self, workers: int) -> list[threading.BoundedSemaphore]:
        with self._parting:
            if not self._parted:
                parts = (max(1, number // workers) for number in self._numbers)
                self._parted = [threading.BoundedSemaphore(part) for part in parts]
        return self._parted
