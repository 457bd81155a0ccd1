"""The Redis that several receivers share, for as long as it answers; without it each goes on by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from campaign.storage.redis_address import redis_address

if TYPE_CHECKING:
    from redis import Redis

T = TypeVar("T")
log = logging.getLogger("receiver")
PATIENCE = 0.4  # seconds for a connection, and for an answer: a request waits for it once
PAUSE = 5.0  # seconds for which a Redis that did not answer is left alone


class SharedRedis:
    """A Redis that may be stopped, hung or away at any moment, and never fails a request.

    Of the requests that come while it is away, one in `PAUSE` seconds tries it again.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        from redis import Redis  # late: it is slow to import, and most do without
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)
        self.client: Redis = Redis.from_url(
            url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=once
        )
        self._clock = clock
        self._lost = False
        self._next_try = float("-inf")
        self._lock = threading.Lock()

    def attempt(self, work: Callable[[], T], otherwise: Callable[[], T]) -> T:
        """Return what `work` finds in Redis, and at once what `otherwise` gives where Redis is away."""
        from redis import RedisError

        if not self._may_try():
            return otherwise()
        try:
            done = work()
        except (RedisError, OSError):
            self._note(lost=True)
            return otherwise()
        self._note(lost=False)
        return done

    def _may_try(self) -> bool:
        with self._lock:
            if not self._lost:
                return True
            if self._clock() < self._next_try:
                return False
            self._next_try = self._clock() + PAUSE
            return True

    def _note(self, *, lost: bool) -> None:
        """Tell once that it is lost, and once that it is back."""
        with self._lock:
            changed, self._lost = lost != self._lost, lost
            if lost:
                self._next_try = self._clock() + PAUSE
        if changed and lost:
            log.warning("Redis is lost: this receiver counts for itself")
        elif changed:
            log.warning("Redis is back")


def shared_redis(url: str) -> SharedRedis | None:
    """Return the Redis of an address, or None where limits are kept in memory.

    Raises:
        SettingsError: it is neither.
    """
    address = redis_address(url)
    return SharedRedis(address) if address else None
