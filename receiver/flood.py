"""Flood mode: while too many posts come, each one goes through the review page first."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from campaign.settings import Settings

MINUTE = 60.0
LASTS = 600.0  # seconds after the rate was last too high


class Flood:
    """Tell whether flood mode is on: by switch, or by itself above a rate of posts a minute.

    By itself only while the limits are enabled: who switches those off is measuring, or knows better.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._mode = "off" if settings.flood == "auto" and not settings.ratelimit_enabled else settings.flood
        rate = self._rate = settings.flood_per_minute
        self._clock = clock
        self._posts: deque[float] = deque(maxlen=rate + 1)
        self._until = float("-inf")
        self._lock = threading.Lock()

    def note(self) -> None:
        """Count one post."""
        now = self._clock()
        with self._lock:
            self._posts.append(now)
            if len(self._posts) > self._rate and now - self._posts[0] < MINUTE:
                self._until = now + LASTS

    def on(self) -> bool:
        """Return whether posts must be reviewed by their writers first."""
        if self._mode != "auto":
            return self._mode == "on"
        return self._clock() < self._until
