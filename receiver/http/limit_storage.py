"""Where requests are counted: in Redis while it answers, in this process while it does not."""

from __future__ import annotations

from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.storage.base import MovingWindowSupport

from receiver.state.shared_redis import SharedRedis


class SharedCounts(Storage, MovingWindowSupport):
    """Moving windows in a `SharedRedis` (https://limits.readthedocs.io/en/stable/custom-storage.html).

    Flask-Limiter's own fallback fails requests that were waiting when another one found Redis gone.
    """

    STORAGE_SCHEME = ["shared"]  # noqa: RUF012 # the library's own shape

    def __init__(self, _uri: str, redis: SharedRedis, **_options: object) -> None:
        super().__init__()
        pool = redis.client.connection_pool
        self._attempt = redis.attempt
        self._shared, self._own = RedisStorage("redis://", connection_pool=pool), MemoryStorage()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Name what it raises: nothing."""
        return ()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count a request, unless its window is full."""
        return self._attempt(
            lambda: self._shared.acquire_entry(key, limit, expiry, amount),
            lambda: self._own.acquire_entry(key, limit, expiry, amount),
        )

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when a window began and how many requests are in it."""
        return self._attempt(
            lambda: self._shared.get_moving_window(key, limit, expiry),
            lambda: self._own.get_moving_window(key, limit, expiry),
        )

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter."""
        return self._attempt(
            lambda: self._shared.incr(key, expiry, amount), lambda: self._own.incr(key, expiry, amount)
        )

    def get(self, key: str) -> int:
        """Return a counter."""
        return self._attempt(lambda: self._shared.get(key), lambda: self._own.get(key))

    def get_expiry(self, key: str) -> float:
        """Return when a counter ends."""
        return self._attempt(lambda: self._shared.get_expiry(key), lambda: self._own.get_expiry(key))

    def check(self) -> bool:
        """Tell whether requests can be counted: always."""
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        return self._attempt(self._shared.reset, self._own.reset)

    def clear(self, key: str) -> None:
        """Forget one count."""
        return self._attempt(lambda: self._shared.clear(key), lambda: self._own.clear(key))
