"""Turns at what costs much: a few at a time, and a few that wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import TooManyRequests

from receiver.services import services

PATIENCE = 5.0  # seconds that a login waits for its turn


class Turns:
    """So many at once that the machine is not exhausted.

    And few that wait for them: each holds a thread that a supporter's message could have.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once, self._waiting = (threading.BoundedSemaphore(count) for count in (at_once, waiting))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it while the block runs.

        Raises:
            TooManyRequests: too many others have theirs.
        """
        services().request_slots.release()
        if not self._waiting.acquire(blocking=False):
            raise TooManyRequests
        try:
            if not self._at_once.acquire(timeout=PATIENCE):
                raise TooManyRequests
        finally:
            self._waiting.release()
        try:
            yield
        finally:
            self._at_once.release()
