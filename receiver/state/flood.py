"""Floods: while too many posts come, each is reviewed by its writer first; a loud network's are set apart."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable

from campaign.settings import Settings

MINUTE = 60.0
LASTS = 600.0  # seconds after the rate was last too high

SPAN = 300.0  # seconds of one count of networks; the last and the running one are looked at
QUIET = 20  # posts of a network that are never too many: a Tor exit, or a class that writes together
LOUDER = 5  # times as many as others send on average
MOST_NETWORKS = 20_000  # in one count, so that memory is bounded; so many would be a flood of their own


class Flood:
    """Tell whether flood mode is on: by switch, or by itself above a rate of posts a minute.

    By itself only while the limits are enabled: who switches those off is measuring, or knows better.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._mode = "off" if settings.flood == "auto" and not settings.ratelimit_enabled else settings.flood
        rate = self._rate = settings.flood_per_minute
        self._clock = clock
        self._posts: deque[float] = deque(maxlen=rate + 1)
        self._stored: deque[tuple[float, str]] = deque(maxlen=rate + 1)
        self._until = float("-inf")
        self._networks = Networks(clock)
        self._lock = threading.Lock()

    def count_post(self, network: str) -> None:
        """Count one post; `network` is the blind name of where it comes from."""
        now = self._clock()
        with self._lock:
            self._posts.append(now)
            if len(self._posts) > self._rate and now - self._posts[0] < MINUTE:
                self._until = now + LASTS
            self._networks.count_post(network)

    def is_on(self) -> bool:
        """Return whether posts must be reviewed by their writers first."""
        if self._mode != "auto":
            return self._mode == "on"
        return self._clock() < self._until

    def sets_apart(self, network: str) -> bool:
        """Return whether a message from there is set apart for staff: in flood mode, or of a loud network."""
        if self.is_on():
            return True
        with self._lock:
            return self._mode == "auto" and self._networks.is_loud(network)

    def remember_stored(self, message: str) -> None:
        """Remember an unmarked message for a minute, in memory, in case that it was the first of a flood."""
        if self._mode == "auto":
            with self._lock:
                self._stored.append((self._clock(), message))

    def take_unmarked(self) -> list[str]:
        """Return, once, what came unmarked in the minute before the flood that is on now was noticed."""
        if self._mode != "auto" or not self.is_on():
            return []
        with self._lock:
            since = self._clock() - MINUTE
            recent = [message for moment, message in self._stored if moment > since]
            self._stored.clear()
        return recent


class Networks:
    """Count posts by network for some minutes, in memory, under names that nobody can turn into addresses."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: Counter[str] = Counter()
        self._running: Counter[str] = Counter()
        self._ends = clock() + SPAN

    def count_post(self, network: str) -> None:
        """Count one post."""
        self._advance()
        if network in self._running or len(self._running) < MOST_NETWORKS:
            self._running[network] += 1

    def is_loud(self, network: str) -> bool:
        """Tell whether a network sent more than a group of people does, and much more than others."""
        self._advance()
        sent = self._running[network] + self._last[network]
        if sent <= QUIET:
            return False
        others = len(self._running.keys() | self._last.keys()) - 1
        average = (self._running.total() + self._last.total() - sent) / max(others, 1)
        return sent > LOUDER * average

    def _advance(self) -> None:
        """Begin a new count when the running one is over."""
        late = self._clock() - self._ends
        if late < 0:
            return
        self._last = self._running if late < SPAN else Counter()
        self._running = Counter()
        self._ends = self._clock() + SPAN
