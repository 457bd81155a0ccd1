"""The petition's count, and the webhook events that it comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from campaign.errors import CandleError
from campaign.storage.bulk_insert import insert_new
from campaign.storage.tables import petition_counts, petition_days, petition_events

EventType = Literal["petition.signatures", "petition.signed"]
KEEP_EVENTS = timedelta(days=30)  # how long a webhook's id is remembered at least
AHEAD = timedelta(minutes=5)  # that a sender's clock may be before ours
MOST_SIGNATURES = 2**31 - 1  # what the column holds


class PetitionError(CandleError):
    """A webhook whose signature is right but whose content cannot be true."""


@dataclass(frozen=True)
class Count:
    """The petition's count, and the moment it is of."""

    signatures: int
    as_of: datetime


@dataclass(frozen=True)
class Base:
    """An absolute count, the single signatures after it that are known only as a number, and until when."""

    signatures: int
    counted_at: datetime
    signed: int
    until: datetime

    @classmethod
    def of(cls, count: Count) -> Base:
        """Begin with an absolute count."""
        return cls(count.signatures, count.as_of, 0, count.as_of)


def base(folded: Base | None, *absolutes: Count | None) -> Base:
    """Choose the latest absolute count by its time; of two at one moment, the higher.

    What was folded is not taken apart again: an absolute count from before its end comes too late.
    """
    known = [Base.of(count) for count in absolutes if count and not (folded and count.as_of <= folded.until)]
    return max([*([folded] if folded else []), *known], key=lambda b: (b.counted_at, b.signatures))


def record(
    connection: Connection,
    campaign: str,
    webhook_id: str,
    type: EventType,
    timestamp: datetime,
    signatures: Any,
    *,
    now: datetime,
) -> bool:
    """Remember a webhook; False when its id was remembered already, so that it counts once.

    Raises:
        PetitionError: the count is missing, negative or more than people live.
    """
    absolute = type == "petition.signatures"
    if absolute and not (isinstance(signatures, int) and not isinstance(signatures, bool)):
        raise PetitionError("data.signatures: write a whole number")
    if absolute and not 0 <= signatures <= MOST_SIGNATURES:
        raise PetitionError(f"data.signatures: write a number from 0 to {MOST_SIGNATURES}")
    values = {
        "campaign": campaign,
        "webhook_id": webhook_id,
        "type": type,
        "happened_at": timestamp,
        "signatures": signatures if absolute else None,
        "received_at": now,
    }
    return insert_new(connection, petition_events, [values])


def count(connection: Connection, campaign: str, signatures: int, as_of: date) -> Count:
    """Return the count now: the latest absolute one by its time, plus the single ones later than it.

    `signatures` and `as_of` are those of the campaign's content: an absolute count at the start of that day.
    """
    found = _added_up(connection, campaign, signatures, as_of, petition_events.c.campaign == campaign)
    return Count(found.signatures + found.signed, found.until)


def keep_day(connection: Connection, campaign: str, day: date, signatures: int) -> None:
    """Keep what the count is on a day, unless it was kept on that day before."""
    insert_new(connection, petition_days, [{"campaign": campaign, "day": day, "signatures": signatures}])


def list_days(connection: Connection, campaign: str, since: date) -> tuple[tuple[date, int], ...]:
    """List the days of which the count was kept."""
    days = petition_days.c
    chosen = select(days.day, days.signatures).where(days.campaign == campaign, days.day >= since)
    return tuple(connection.execute(chosen.order_by(days.day)))


def fold_old_events(
    connection: Connection, campaign: str, signatures: int, as_of: date, now: datetime
) -> int:
    """Delete the webhooks received more than 30 days ago, and keep what they add up to; returns how many.

    One that happened after a newer arrival is kept longer: once folded, their order could not be told.
    """
    of = petition_events.c.campaign == campaign
    recent = petition_events.c.received_at >= now - KEEP_EVENTS
    earliest = connection.scalar(select(func.min(petition_events.c.happened_at)).where(of, recent))
    due = of & ~recent
    if earliest is not None:
        due &= petition_events.c.happened_at < earliest
    if connection.scalar(select(func.count()).select_from(petition_events).where(due)) == 0:
        return 0
    folded = _added_up(connection, campaign, signatures, as_of, due)
    connection.execute(delete(petition_counts).where(petition_counts.c.campaign == campaign))
    connection.execute(insert(petition_counts), {"campaign": campaign, **asdict(folded)})
    return connection.execute(delete(petition_events).where(due)).rowcount


def _added_up(
    connection: Connection, campaign: str, signatures: int, as_of: date, events: ColumnElement[bool]
) -> Base:
    """Add up some events with what was folded and with the content's own count."""
    start = Count(signatures, datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
    chosen = base(_folded(connection, campaign), start, _latest(connection, events))
    signed, last = _signed(connection, events, chosen.counted_at)
    return replace(chosen, signed=chosen.signed + signed, until=max(chosen.until, last or chosen.until))


def _latest(connection: Connection, chosen: ColumnElement[bool]) -> Count | None:
    events = petition_events.c
    row = connection.execute(
        select(events.signatures, events.happened_at)
        .where(chosen, events.signatures.is_not(None))
        .order_by(events.happened_at.desc(), events.signatures.desc())
        .limit(1)
    ).one_or_none()
    return Count(row.signatures, row.happened_at) if row else None


def _signed(
    connection: Connection, chosen: ColumnElement[bool], after: datetime
) -> tuple[int, datetime | None]:
    """Count the single signatures later than `after`, and say when the last of them was."""
    events = petition_events.c
    row: Any = connection.execute(
        select(func.count().label("number"), func.max(events.happened_at).label("last")).where(
            chosen, events.signatures.is_(None), events.happened_at > after
        )
    ).one()
    return row.number, row.last


def _folded(connection: Connection, campaign: str) -> Base | None:
    of = petition_counts.c.campaign == campaign
    row = connection.execute(select(petition_counts).where(of)).one_or_none()
    return Base(row.signatures, row.counted_at, row.signed, row.until) if row else None
