"""How many approved messages are on no card yet: counted anew once a minute, or when something changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Connection

from campaign.ledger import claims
from campaign.ledger.claims import Ready
from receiver.staff.login import now

# Each approved message is looked up among the cards: of 60,000 as long as five pages.
KEPT = timedelta(minutes=1)


@dataclass(frozen=True)
class CountedReady:
    """What was counted, when, and what was known then: how many are approved, and what is on each batch."""

    at: datetime
    approved: int
    live: Mapping[int, int]
    ready: Ready


def count_ready(connection: Connection, campaign: str, approved: int, live: Mapping[int, int]) -> Ready:
    """Count the candidates for the next batch; where they are few each change is seen, by `approved`."""
    kept: dict[str, CountedReady] = current_app.extensions.setdefault("ready-for-cards", {})
    known, moment = kept.get(campaign), now()
    if (
        known is None
        or (known.approved, known.live) != (approved, live)
        or not known.at <= moment < known.at + KEPT
    ):
        ready = claims.ready(connection, campaign)
        known = kept[campaign] = CountedReady(moment, approved, dict(live), ready)
    return known.ready
