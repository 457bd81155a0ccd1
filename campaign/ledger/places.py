"""Places: on which cards of which batches messages are or were, and how far those batches came.

Every function takes an open `Connection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from campaign.storage.tables import batches, slots


@dataclass(frozen=True)
class OnCard:
    """A message's card; one that is not `live` was taken back, and its message with it."""

    message: str
    card: int
    live: bool
    batch: int
    state: str
    planned_at: datetime
    rendered_at: datetime | None
    printed_at: datetime | None
    posted_on: date | None


_PLACES = (
    select(
        *(slots.c[name] for name in ("message", "card", "live")),
        batches.c.number.label("batch"),
        *(batches.c[name] for name in ("state", "planned_at", "rendered_at", "printed_at", "posted_on")),
    )
    .join(batches, batches.c.id == slots.c.batch)
    .where(slots.c.message.in_(bindparam("some", expanding=True)))
    .order_by(slots.c.id)
)


def places_of(connection: Connection, some: Sequence[str]) -> list[OnCard]:
    """Return where messages are and were, the earliest place first."""
    return [OnCard(**row._asdict()) for row in connection.execute(_PLACES, {"some": list(some)})]


def live_places(connection: Connection, some: Sequence[str]) -> dict[str, OnCard]:
    """Return where messages are now; those on no card are left out."""
    return {place.message: place for place in places_of(connection, some) if place.live}
