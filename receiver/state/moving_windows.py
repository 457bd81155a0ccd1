"""Where requests are counted: in memory that all workers of a receiver share, or in Redis, as several do."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import cast

from receiver.state.shared_memory import SharedTable
from receiver.state.shared_redis import SharedRedis

PARTS = 60  # of a window: what was counted is forgotten by parts, up to one of them late and never early
RECORDS = 16_384  # a network at a route, once for each rule; 2.5 MB
_RING = PARTS + 1  # a whole window, and the part that runs
_WINDOW = struct.Struct(f"<Q{_RING}H")  # which part runs, and what was counted in each
NAMES = "candle:limits:window:"
# The moments in milliseconds, by Redis's own clock, at which a network was let in; the newest is the first.
COUNT = """
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000
local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local oldest = redis.call("LINDEX", KEYS[1], limit - 1)
if oldest and oldest + window > now then
    return oldest + window - now
end
redis.call("LPUSH", KEYS[1], now)
redis.call("LTRIM", KEYS[1], 0, limit - 1)
redis.call("PEXPIRE", KEYS[1], window)
return 0
"""


class MovingWindows:
    """What each network asked in the last so many seconds.

    In a Redis, while it answers; while it does not, or where there is none, each receiver counts for itself.
    """

    def __init__(self, redis: SharedRedis | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.redis = redis
        self._script = redis.client.register_script(COUNT) if redis else None
        self._clock = clock
        self._table = SharedTable(RECORDS, _WINDOW.size)

    def count(self, key: str, limit: int, seconds: int) -> float:
        """Count a request and return 0; of one too many, return how many seconds it has to wait."""
        redis, script = self.redis, self._script
        if redis is None or script is None:
            return self._count_here(key, limit, seconds)
        return redis.attempt(
            lambda: cast(int, script([NAMES + key], [limit, seconds])) / 1000,
            lambda: self._count_here(key, limit, seconds),
        )

    def wipe(self) -> None:
        """Leave nothing of what is over here: it names networks, if under the day's key."""
        self._table.wipe(self._clock())

    def _count_here(self, key: str, limit: int, seconds: int) -> float:
        with self._table.locked():
            now = self._clock()  # in here: nobody who waited may take the others back to a part that is over
            running, counts = self._window(key, now, seconds)
            if sum(counts) >= limit:
                return _until_room(running, counts, seconds) - now
            counts[running % _RING] += 1
            over = (running + _RING) * seconds / PARTS
            self._table.put(key.encode(), _WINDOW.pack(running, *counts), over)
        return 0.0

    def _window(self, key: str, now: float, seconds: int) -> tuple[int, list[int]]:
        """Return the part that runs, and the counts of all parts, without what is over."""
        running = int(now * PARTS / seconds)
        found = self._table.get(key.encode(), now)
        if found is None:
            return running, [0] * _RING
        last, *counts = _WINDOW.unpack(found)
        for part in range(last + 1, min(running, last + _RING) + 1):
            counts[part % _RING] = 0
        return running, counts


def _until_room(running: int, counts: list[int], seconds: int) -> float:
    """Return the moment at which the oldest part that is not empty leaves its window."""
    oldest = next(age for age in range(PARTS, -1, -1) if counts[(running - age) % _RING])
    return (running - oldest + 1) * seconds / PARTS + seconds
