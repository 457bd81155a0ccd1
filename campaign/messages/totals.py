"""Totals: how many messages a campaign has, as the page shows them and by state."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from campaign.storage.tables import batches, messages, slots


@dataclass(frozen=True)
class Totals:
    """What the page shows: messages approved, and messages whose card was posted."""

    messages: int
    posted: int


def count_totals(connection: Connection, campaign: str) -> Totals:
    """Count the approved messages and those whose card was posted."""
    approved = select(func.count()).where(messages.c.campaign == campaign, messages.c.state == "approved")
    posted = (
        select(func.count())
        .select_from(slots.join(batches, slots.c.batch == batches.c.id))
        .where(batches.c.campaign == campaign, batches.c.state == "posted", slots.c.live)
    )
    return Totals(connection.scalar(approved) or 0, connection.scalar(posted) or 0)


def count_by_state(connection: Connection, campaign: str) -> dict[str, int]:
    """Count the campaign's messages by state, without those that were erased; a state of none is left out."""
    counted = (
        select(messages.c.state, func.count().label("number"))
        .where(messages.c.campaign == campaign, messages.c.erased_on.is_(None))
        .group_by(messages.c.state)
    )
    return {row.state: row.number for row in connection.execute(counted)}


def count_flood(connection: Connection, campaign: str) -> int:
    """Count the messages that wait for review and came while flood mode was on."""
    counted = select(func.count()).where(
        messages.c.campaign == campaign,
        messages.c.state == "waiting",
        messages.c.flood,
        messages.c.erased_on.is_(None),
    )
    return connection.scalar(counted) or 0
