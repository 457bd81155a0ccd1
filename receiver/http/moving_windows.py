"""Where requests are counted: in memory that all workers of a receiver share."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import Any

from limits.storage import Storage
from limits.storage.base import MovingWindowSupport

from receiver.state.shared_memory import SharedTable

PARTS = 60  # of a window: what was counted is forgotten by parts, up to one of them late and never early
RECORDS = 16_384  # a network at a route, once for each rule; 2.5 MB
_RING = PARTS + 1  # a whole window, and the part that runs
_WINDOW = struct.Struct(f"<Q{_RING}H")  # which part runs, and what was counted in each


class MovingWindows(Storage, MovingWindowSupport):
    """A store of windows that move (https://limits.readthedocs.io/en/stable/custom-storage.html)."""

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Name what it raises: nothing."""
        return ()

    def check(self) -> bool:
        """Tell whether requests can be counted: always."""
        return True

    def wipe(self) -> None:
        """Leave nothing of what is over: it names networks, if under the day's key."""

    def _refuse(self, *_given: object, **_named: object) -> Any:
        """Count nothing that has no window."""
        raise NotImplementedError

    incr: Any = _refuse
    get: Any = _refuse
    get_expiry: Any = _refuse
    reset: Any = _refuse
    clear: Any = _refuse


class SharedWindows(MovingWindows):
    """Windows in memory. The library's own keeps a moment for each request, and for one process."""

    STORAGE_SCHEME = ["shared-memory"]  # noqa: RUF012 # the library's own shape

    def __init__(self, _uri: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._table = SharedTable(RECORDS, _WINDOW.size)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count a request, unless its window is full."""
        with self._table.locked():
            running, counts = self._window(key, self._clock(), expiry)
            if sum(counts) + amount > limit:
                return False
            counts[running % _RING] += amount
            over = (running + _RING) * expiry / PARTS
            self._table.put(key.encode(), _WINDOW.pack(running, *counts), over)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """Return when a window began, in seconds since 1970, and how many requests are in it."""
        now = self._clock()
        with self._table.locked():
            running, counts = self._window(key, now, expiry)
        filled = (age for age in range(PARTS, -1, -1) if counts[(running - age) % _RING])
        ends = (running - next(filled, 0) + 1) * expiry / PARTS  # the first part of it that is not empty
        return time.time() + ends - now, sum(counts)

    def wipe(self) -> None:
        """Leave nothing of what is over."""
        self._table.wipe(self._clock())

    def _window(self, key: str, now: float, expiry: int) -> tuple[int, list[int]]:
        """Return the part that runs, and the counts of all parts, without what is over."""
        running = int(now * PARTS / expiry)
        found = self._table.get(key.encode(), now)
        if found is None:
            return running, [0] * _RING
        last, *counts = _WINDOW.unpack(found)
        for part in range(last + 1, min(running, last + _RING) + 1):
            counts[part % _RING] = 0
        return running, counts
