"""What each day's purge counts and keeps, so that it can be told how a campaign goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection

from campaign import petition
from campaign.content.campaign import Campaign
from campaign.messages import arrivals


def keep_numbers(connection: Connection, campaigns: Iterable[Campaign], now: datetime) -> None:
    """Keep how many messages came, and how many have signed in each campaign."""
    today = now.astimezone(UTC).date()
    arrivals.keep_arrivals(connection, today)
    for one in campaigns:
        count = petition.count(connection, one.slug, one.signatures, one.signatures_as_of)
        petition.keep_day(connection, one.slug, today, min(count.signatures, petition.MOST_SIGNATURES))
