"""The key of a day, under which networks are counted and after which none of them can be recognised."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from receiver.state.shared_memory import SharedValue
from receiver.state.shared_redis import SharedRedis

DAY = 24 * 3600
SHARED_KEY = "candle:limits:key"
SHARED_FOR = 60  # seconds until a shared key is looked up again


class DayKey:
    """A random key that lives a day, in the workers' memory only, so that no network can be recognised later.

    Receivers that share their limits in Redis share the key there too: with one each, every network would
    have its allowance once a receiver. It is never derived from a stored secret: whoever has that could
    test every address.
    """

    def __init__(self, redis: SharedRedis | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._clock = clock
        self._key = b""
        self._good_until = float("-inf")
        self._workers = SharedValue("<32sd")  # the key, and until when it is one

    def current(self) -> bytes:
        """Return today's key."""
        if self._clock() >= self._good_until:
            self._renew()
        return self._key

    def _renew(self) -> None:
        redis, (ours, until) = self._redis, self._workers_key()
        if redis is None:
            self._key, self._good_until = ours, until
        else:
            shared = redis.attempt(lambda: _redis_key(redis, ours), lambda: None)
            self._key = shared or ours
            self._good_until = self._clock() + SHARED_FOR

    def _workers_key(self) -> tuple[bytes, float]:
        """Return the key that the workers of this receiver share, made by whoever asks first, and its end."""
        with self._workers.locked():
            key, until = self._workers.get()
            if until <= self._clock():
                key, until = secrets.token_bytes(32), self._clock() + DAY
                self._workers.set(key, until)
        return key, until


def _redis_key(redis: SharedRedis, fresh: bytes) -> bytes | None:
    """Return the key that all receivers share: the first one's."""
    redis.client.set(SHARED_KEY, fresh, nx=True, ex=DAY)
    found = redis.client.get(SHARED_KEY)
    return found if isinstance(found, bytes) else None
