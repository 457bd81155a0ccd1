"""The counts that the page shows, computed at most every few seconds however many ask."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from campaign import petition
from campaign.content.campaign import Campaign
from campaign.messages import totals
from campaign.storage.database import Database

KEPT = 2.0  # seconds: a count reads every message of a campaign, and anybody may ask


@dataclass(frozen=True)
class Counted:
    """A campaign's counts, and until when they are good enough."""

    signed: petition.Count
    stored: totals.Totals
    until: float


class Counts:
    """Compute the counts of a campaign when they are asked for, on one thread at a time."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, Counted] = {}
        self._counting: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def current(self, campaign: Campaign) -> Counted:
        """Return the campaign's counts, at most `KEPT` seconds old, or as old as it takes to compute them.

        Raises:
            Unavailable: the database cannot be read.
        """
        known = self._known.get(campaign.slug)
        if known is not None and (self._clock() < known.until or self._counting[campaign.slug].locked()):
            return known
        with self._counting[campaign.slug]:
            known = self._known.get(campaign.slug)
            if known is None or self._clock() >= known.until:
                known = self._known[campaign.slug] = self._count(campaign)
        return known

    def expire(self, slug: str) -> None:
        """Compute anew at the next request: a webhook has changed the count."""
        self._known.pop(slug, None)

    def _count(self, campaign: Campaign) -> Counted:
        with self._database.read() as connection:
            signed = petition.count(connection, campaign.slug, campaign.signatures, campaign.signatures_as_of)
            stored = totals.count_totals(connection, campaign.slug)
        return Counted(signed, stored, self._clock() + KEPT)
