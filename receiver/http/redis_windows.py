"""Where several receivers count requests: in Redis while it answers, each for itself while it does not."""

from __future__ import annotations

from limits.storage import RedisStorage

from receiver.http.moving_windows import MovingWindows, SharedWindows
from receiver.state.shared_redis import SharedRedis


class RedisWindows(MovingWindows):
    """Moving windows in a `SharedRedis`.

    Flask-Limiter's own fallback fails requests that were waiting when another one found Redis gone.
    """

    STORAGE_SCHEME = ["shared-redis"]  # noqa: RUF012 # the library's own shape

    def __init__(self, _uri: str, redis: SharedRedis) -> None:
        super().__init__()
        pool = redis.client.connection_pool
        self._attempt = redis.attempt
        self._shared, self._own = RedisStorage("redis://", connection_pool=pool), SharedWindows()

    def wipe(self) -> None:
        """Leave nothing of what is over here; Redis forgets by itself."""
        self._own.wipe()

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
