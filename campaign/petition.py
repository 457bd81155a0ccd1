"""The petition's count, and the webhook events that it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from campaign.database import insert_new
from campaign.errors import CandleError
from campaign.tables import petition_counts, petition_events

Type = Literal["petition.signatures", "petition.signed"]
KEPT = timedelta(days=30)  # how long a webhook's id is remembered
MOST_SIGNATURES = 2**31 - 1  # what the column holds; fewer people live


class PetitionError(CandleError):
    """A webhook whose signature is right but whose content cannot be true."""


@dataclass(frozen=True)
class Event:
    """One webhook: an absolute count at `happened_at`, or one signature more (None)."""

    happened_at: datetime
    signatures: int | None = None


@dataclass(frozen=True)
class Count:
    """The petition's count, and the moment it is of."""

    signatures: int
    as_of: datetime


@dataclass(frozen=True)
class Folded:
    """What events that are no longer kept came to: an absolute count, and `signed` ones later than it."""

    signatures: int | None
    counted_at: datetime | None
    signed: int
    until: datetime


def tally(start: Count, folded: Folded | None, events: Iterable[Event]) -> Count:
    """Apply the contract's rule: the latest absolute count by timestamp, plus the signed ones later than it.

    `start` is the count in the campaign's content, an absolute one like any other. Of two absolute counts
    at one moment the higher is believed.
    """
    kept = list(events)
    absolutes = [(start.as_of, start.signatures)]
    absolutes += [(e.happened_at, e.signatures) for e in kept if e.signatures is not None]
    if folded and folded.signatures is not None and folded.counted_at is not None:
        absolutes.append((folded.counted_at, folded.signatures))
    counted_at, signatures = max(absolutes)
    signed = [
        event.happened_at for event in kept if event.signatures is None and event.happened_at > counted_at
    ]
    as_of = max([counted_at, *signed])
    if folded and folded.signed and (folded.counted_at or start.as_of) >= counted_at:
        return Count(signatures + len(signed) + folded.signed, max(as_of, folded.until))
    return Count(signatures + len(signed), as_of)


def record(
    connection: Connection,
    campaign: str,
    webhook_id: str,
    type: Type,
    timestamp: datetime,
    signatures: int | None,
    *,
    now: datetime,
) -> bool:
    """Remember a webhook; False when its id was remembered already, and it counts once.

    Raises:
        PetitionError: the count is missing, negative or beyond belief.
    """
    if type == "petition.signatures" and not (
        isinstance(signatures, int)
        and not isinstance(signatures, bool)
        and 0 <= signatures <= MOST_SIGNATURES
    ):
        raise PetitionError(f"data.signatures: write a whole number from 0 to {MOST_SIGNATURES}")
    values = {
        "campaign": campaign,
        "webhook_id": webhook_id,
        "type": type,
        "happened_at": timestamp.astimezone(UTC),
        "signatures": signatures if type == "petition.signatures" else None,
        "received_at": now,
    }
    return insert_new(connection, petition_events, values)


def count(connection: Connection, campaign: str, signatures: int, as_of: date) -> Count:
    """Return the count now, from the content's own `signatures` at the start of the day `as_of` (UTC)."""
    start = Count(signatures, datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
    return tally(start, _folded(connection, campaign), _events(connection, campaign))


def forget(connection: Connection, now: datetime) -> int:
    """Drop the webhooks older than 30 days, and keep what they came to; returns how many were dropped."""
    old = petition_events.c.received_at < now - KEPT
    dropped = 0
    for campaign in connection.scalars(select(petition_events.c.campaign).where(old).distinct()).all():
        chosen = (old, petition_events.c.campaign == campaign)
        _fold(connection, campaign, _events(connection, campaign, *chosen))
        dropped += connection.execute(delete(petition_events).where(*chosen)).rowcount
    return dropped


def _fold(connection: Connection, campaign: str, events: list[Event]) -> None:
    """Add events to what earlier ones came to, by the same rule."""
    before = _folded(connection, campaign)
    absolutes = [(e.happened_at, e.signatures) for e in events if e.signatures is not None]
    if before and before.signatures is not None and before.counted_at is not None:
        absolutes.append((before.counted_at, before.signatures))
    counted_at, signatures = max(absolutes) if absolutes else (None, None)
    signed = sum(
        1 for e in events if e.signatures is None and (counted_at is None or e.happened_at > counted_at)
    )
    if before and before.counted_at == counted_at:
        signed += before.signed
    until = max([event.happened_at for event in events] + ([before.until] if before else []))
    connection.execute(delete(petition_counts).where(petition_counts.c.campaign == campaign))
    connection.execute(
        insert(petition_counts).values(
            campaign=campaign, signatures=signatures, counted_at=counted_at, signed=signed, until=until
        )
    )


def _folded(connection: Connection, campaign: str) -> Folded | None:
    row = connection.execute(
        select(petition_counts).where(petition_counts.c.campaign == campaign)
    ).one_or_none()
    if row is None:
        return None
    counted_at = _utc(row.counted_at) if row.counted_at else None
    return Folded(row.signatures, counted_at, row.signed, _utc(row.until))


def _events(connection: Connection, campaign: str, *chosen: ColumnElement[bool]) -> list[Event]:
    columns = select(petition_events.c.happened_at, petition_events.c.signatures)
    rows = connection.execute(columns.where(petition_events.c.campaign == campaign, *chosen))
    return [Event(_utc(row.happened_at), row.signatures) for row in rows]


def _utc(moment: datetime) -> datetime:
    """Give SQLite's times their zone back: it keeps none, and all that is written here is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
