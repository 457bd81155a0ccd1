"""What each day's purge counts and keeps, so that it can be told how a campaign goes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from campaign import petition
from campaign.content.campaign import Campaign
from campaign.messages import arrivals


def keep_numbers(connection: Connection, campaign: Campaign, now: datetime) -> None:
    """Keep how many messages came, and how many have signed."""
    today = now.astimezone(UTC).date()
    arrivals.keep_arrivals(connection, today)
    count = petition.count(connection, campaign.slug, campaign.signatures, campaign.signatures_as_of, now)
    petition.keep_day(connection, campaign.slug, today, count.signatures)
