"""The key of a day, under which networks are counted and after which none of them can be recognised."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

DAY = 24 * 3600
SHARED_KEY = "candle:limits:key"
SHARED_FOR = 60  # seconds until a shared key is looked up again


class DayKey:
    """A random key that lives a day, in memory only, so that no network can be recognised later.

    Receivers that share their limits in Redis share the key there too: with one each, every network would
    have its allowance once a receiver. It is never derived from a stored secret: whoever has that could
    test every address.
    """

    def __init__(self, storage_url: str, clock: Callable[[], float] = time.time) -> None:
        self._redis = _redis(storage_url)
        self._clock = clock
        self._key = b""
        self._good_until = float("-inf")

    def current(self) -> bytes:
        """Return today's key."""
        if self._clock() >= self._good_until:
            self._renew()
        return self._key

    def _renew(self) -> None:
        fresh = secrets.token_bytes(32)
        if self._redis is None:
            self._key, self._good_until = fresh, self._clock() + DAY
        else:
            self._key = self._shared(fresh) or self._key or fresh
            self._good_until = self._clock() + SHARED_FOR

    def _shared(self, fresh: bytes) -> bytes | None:
        """Return the key that all receivers share; None while Redis is away, as the limits then are too."""
        from redis import RedisError

        try:
            self._redis.set(SHARED_KEY, fresh, nx=True, ex=DAY)
            found: bytes | None = self._redis.get(SHARED_KEY)
        except RedisError:
            return None
        return found


def _redis(url: str) -> Any:
    if not url.startswith(("redis://", "rediss://")):
        return None
    from redis import Redis  # slow to import, and most receivers do without

    return Redis.from_url(url, socket_timeout=2)
