"""Floods: while too many posts come, each is reviewed by its writer first; a loud network's are set apart."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from campaign.settings import Settings
from receiver.state.shared_memory import SharedRing, SharedTable, SharedValue

MINUTE = 60.0
MOST_PER_MINUTE = 60_000  # posts, more than a receiver takes: each is remembered for a minute
LASTS = 600.0  # seconds after the rate was last too high

SPAN = 300.0  # seconds of one count of networks; the last and the running one are looked at
QUIET = 20  # posts of a network that are never too many: a Tor exit, or a class that writes together
LOUDER = 5  # times as many as others send on average
MOST_NETWORKS = 20_000  # in one count, so that memory is bounded; so many would be a flood of their own

_MOMENT = struct.Struct("<d")
_SENT = struct.Struct("<QLL")  # a span, and what a network sent in it and in the one before
_ID = 40  # letters of a message's id, and more than it has


class Flood:
    """Tell whether flood mode is on: by switch, or by itself above a rate of posts a minute.

    By itself only while the limits are enabled: who switches those off is measuring, or knows better.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._mode = "off" if settings.flood == "auto" and not settings.ratelimit_enabled else settings.flood
        rate = self._rate = min(settings.flood_per_minute, MOST_PER_MINUTE)
        self._clock = clock
        self._posts = SharedRing(rate + 1, _MOMENT.size)
        self._stored = SharedRing(rate + 1, _MOMENT.size + _ID)
        self._until = SharedValue("<d")
        self._networks = Networks(clock)

    def count_post(self, network: str) -> None:
        """Count one post; `network` is the blind name of where it comes from."""
        if self._mode != "auto":
            return
        now = self._clock()
        with self._posts.locked():
            self._posts.append(_MOMENT.pack(now))
            first = self._posts.oldest()
        if first and now - _MOMENT.unpack(first)[0] < MINUTE:
            with self._until.locked():
                self._until.set(now + LASTS)
        self._networks.count_post(network)

    def is_on(self) -> bool:
        """Return whether posts must be reviewed by their writers first."""
        if self._mode != "auto":
            return self._mode == "on"
        return bool(self._clock() < self._until.get()[0])

    def sets_apart(self, network: str) -> bool:
        """Return whether a message from there is set apart for staff: in flood mode, or of a loud network."""
        return self.is_on() or (self._mode == "auto" and self._networks.is_loud(network))

    def remember_stored(self, message: str) -> None:
        """Remember an unmarked message for a minute, in memory, in case that it was the first of a flood."""
        if self._mode == "auto":
            with self._stored.locked():
                self._stored.append(_MOMENT.pack(self._clock()) + message.encode())

    def wipe(self) -> None:
        """Leave nothing of the networks that are counted no more, and nothing of when an older post came."""
        self._networks.wipe()
        since = self._clock() - MINUTE
        for ring in (self._posts, self._stored):
            ring.wipe(lambda value: _MOMENT.unpack_from(value)[0] <= since)

    def take_unmarked(self) -> list[str]:
        """Return, once, what came unmarked in the minute before the flood that is on now was noticed."""
        if self._mode != "auto" or not self.is_on():
            return []
        since = self._clock() - MINUTE
        with self._stored.locked():
            stored = self._stored.take()
        recent = (one for one in stored if _MOMENT.unpack_from(one)[0] > since)
        return [one[_MOMENT.size :].rstrip(b"\0").decode() for one in recent]


class Networks:
    """Count posts by network for some minutes, in memory, under names that nobody can turn into addresses."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._networks = SharedTable(2 * MOST_NETWORKS, _SENT.size)
        self._totals = SharedValue("<QLLLLL")  # a span, and what `_all` returns of it

    def count_post(self, network: str) -> None:
        """Count one post."""
        with self._networks.locked():
            now = self._clock()  # in here: nobody who waited may take the others back to a span that is over
            span = int(now // SPAN)
            sent, before = self._sent(network, span, now)
            posts, networks, new, *last = self._all(span)
            if not sent and networks >= MOST_NETWORKS:
                return
            self._networks.put(network.encode(), _SENT.pack(span, sent + 1, before), (span + 2) * SPAN)
            self._totals.set(span, posts + 1, networks + (not sent), new + (not sent and not before), *last)

    def is_loud(self, network: str) -> bool:
        """Tell whether a network sent more than a group of people does, and much more than others."""
        with self._networks.locked():
            now = self._clock()
            span = int(now // SPAN)
            sent = sum(self._sent(network, span, now))
            posts, _, new, posts_before, networks_before = self._all(span)
        if sent <= QUIET:
            return False
        others = networks_before + new - 1
        average = (posts + posts_before - sent) / max(others, 1)
        return sent > LOUDER * average

    def wipe(self) -> None:
        """Leave nothing of what is over."""
        self._networks.wipe(self._clock())

    def _sent(self, network: str, span: int, now: float) -> tuple[int, int]:
        """Return what it sent in a span and in the one before."""
        counted, running, before = _SENT.unpack(
            self._networks.get(network.encode(), now) or bytes(_SENT.size)
        )
        return (running, before) if counted == span else (0, running)  # an older record is none any more

    def _all(self, span: int) -> tuple[int, int, int, int, int]:
        """Return the posts of a span, its networks and the new of them; and posts and networks before."""
        counted, posts, networks, new, *before = self._totals.get()
        if counted == span:
            return posts, networks, new, before[0], before[1]
        return (0, 0, 0, posts, networks) if counted == span - 1 else (0, 0, 0, 0, 0)
