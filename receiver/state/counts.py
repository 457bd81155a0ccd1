"""The counts that the page shows, computed at most every few seconds however many ask."""

from __future__ import annotations

import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from campaign import petition
from campaign.content.campaign import Campaign
from campaign.messages import message_counts
from campaign.storage.database import Database
from receiver.state.shared_memory import SharedTable

KEPT = 2.0  # seconds: a count reads every message of a campaign, and anybody may ask
COUNTING = 5.0  # seconds after which somebody else counts, if who began has not ended
CAMPAIGNS = 1024  # whose counts are kept

_COUNTED = struct.Struct("<qdqqd")


class Counted(NamedTuple):
    """A campaign's counts, and until when they are good enough; as `_COUNTED` packs them."""

    signatures: int
    as_of: float  # seconds since 1970
    messages: int
    posted: int
    until: float


class Counts:
    """Compute the counts of a campaign when they are asked for, on one thread of one worker at a time."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, Counted] = {}  # here, also when they are too old
        self._counting: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._shared = SharedTable(CAMPAIGNS, _COUNTED.size)

    def current(self, campaign: Campaign) -> Counted:
        """Return the campaign's counts, at most `KEPT` seconds old, or as old as it takes to compute them.

        Raises:
            Unavailable: the database cannot be read.
        """
        slug, known = campaign.slug, self._known.get(campaign.slug)
        if good := self._good(slug):
            return good
        if known is not None and (self._counting[slug].locked() or not self._begin(slug)):
            return known
        with self._counting[slug]:
            try:
                return self._good(slug) or self._count(campaign)
            finally:
                self._keep(f"{slug} is counted", b"", until=0)

    def expire(self, slug: str) -> None:
        """Compute anew at the next request: a webhook has changed the count."""
        self._known.pop(slug, None)
        self._keep(slug, b"", until=0)

    def _good(self, slug: str) -> Counted | None:
        """Return what some worker counted a moment ago."""
        with self._shared.locked():
            packed = self._shared.get(slug.encode(), self._clock())
        if packed is None:
            return None
        found, known = Counted._make(_COUNTED.unpack(packed)), self._known.get(slug)
        if known != found:
            known = self._known[slug] = found
        return known

    def _begin(self, slug: str) -> bool:
        """Tell the other workers that this one counts, unless one of them does."""
        now, name = self._clock(), f"{slug} is counted".encode()
        with self._shared.locked():
            if self._shared.get(name, now) is not None:
                return False
            self._shared.put(name, b"", now + COUNTING)
        return True

    def _count(self, campaign: Campaign) -> Counted:
        slug = campaign.slug
        with self._database.read() as connection:
            signed = petition.count(connection, slug, campaign.signatures, campaign.signatures_as_of)
            stored = message_counts.count_totals(connection, slug)
        counted = self._known[slug] = Counted(
            signed.signatures,
            signed.as_of.timestamp(),
            stored.messages,
            stored.posted,
            self._clock() + KEPT,
        )
        self._keep(slug, _COUNTED.pack(*counted), counted.until)
        return counted

    def _keep(self, name: str, value: bytes, until: float) -> None:
        with self._shared.locked():
            self._shared.put(name.encode(), value, until)
