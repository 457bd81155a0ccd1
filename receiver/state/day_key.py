"""The key of a day, under which networks are counted and after which none of them can be recognised."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from receiver.state.shared_redis import SharedRedis

DAY = 24 * 3600
SHARED_KEY = "candle:limits:key"
SHARED_FOR = 60  # seconds until a shared key is looked up again


class DayKey:
    """A random key that lives a day, in memory only, so that no network can be recognised later.

    Receivers that share their limits in Redis share the key there too: with one each, every network would
    have its allowance once a receiver. It is never derived from a stored secret: whoever has that could
    test every address.
    """

    def __init__(self, redis: SharedRedis | None, clock: Callable[[], float] = time.time) -> None:
        self._redis = redis
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
            redis = self._redis
            shared = redis.attempt(lambda: _shared(redis, fresh), lambda: None)
            self._key = shared or self._key or fresh
            self._good_until = self._clock() + SHARED_FOR


def _shared(redis: SharedRedis, fresh: bytes) -> bytes | None:
    """Return the key that all receivers share: the first one's."""
    redis.client.set(SHARED_KEY, fresh, nx=True, ex=DAY)
    found = redis.client.get(SHARED_KEY)
    return found if isinstance(found, bytes) else None
