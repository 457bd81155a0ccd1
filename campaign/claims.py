"""Claiming: approved messages take their slots in a new batch, all at once and nobody twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from campaign.batches import CHUNK, Batch, Changed, chunks, get
from campaign.tables import batches, messages, slots


@dataclass(frozen=True)
class Candidate:
    """An approved message that is on no card yet. `order` grows with arrival."""

    order: int
    id: str
    text: str
    first_name: str
    language: str
    approval: str | None
    received_on: date


@dataclass(frozen=True)
class Place:
    """A message's place in a batch to be claimed; cards and positions count from 1."""

    card: int
    position: int
    message: str
    approval: str
    text_sha256: str


def text_sha256(text: str) -> str:
    """Name exactly this text, as slots and manifests do."""
    return hashlib.sha256(text.encode()).hexdigest()


def candidates(connection: Connection, campaign: str, limit: int | None = None) -> Iterator[Candidate]:
    """Yield the approved messages that hold no live slot, the oldest first, without keeping them."""
    chosen = (
        select(
            messages.c.sequence,
            messages.c.id,
            messages.c.text,
            messages.c.first_name,
            messages.c.language,
            messages.c.approval,
            messages.c.received_on,
        )
        .where(messages.c.campaign == campaign, messages.c.state == "approved", ~_has_live_slot())
        .order_by(messages.c.sequence)
        .limit(limit)
    )
    for row in connection.execute(chosen.execution_options(yield_per=CHUNK)):
        yield Candidate(*row)


def claim(
    connection: Connection,
    campaign: str,
    places: Sequence[Place],
    press: Mapping[str, Any],
    now: datetime,
) -> Batch:
    """Plan a batch: give every message of `places` its slot, all of them or none.

    Raises:
        Changed: a message is not approved as it was any more, or another run claimed it.
    """
    _one_at_a_time(connection, campaign)
    for some in chunks(places):
        _check_unchanged(connection, {place.message: place.approval for place in some})
    highest = select(func.max(batches.c.number)).where(batches.c.campaign == campaign)
    number = (connection.scalar(highest) or 0) + 1
    values: dict[str, Any] = {
        "campaign": campaign,
        "number": number,
        "state": "planned",
        "press": dict(press),
        "files": [],
        "cards": max(place.card for place in places),
        "planned_at": now,
    }
    connection.execute(insert(batches).values(values))
    batch = get(connection, campaign, number)
    for some in chunks(places):
        connection.execute(insert(slots), [_slot_row(batch.id, place) for place in some])
    return batch


def _has_live_slot() -> ColumnElement[bool]:
    return select(slots.c.id).where(slots.c.message == messages.c.id, slots.c.live).exists()


def _one_at_a_time(connection: Connection, campaign: str) -> None:
    """Let one claim of the campaign follow the other: SQLite's writers do so anyhow."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(f"claim {campaign}".encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def _check_unchanged(connection: Connection, approvals: Mapping[str, str]) -> None:
    chosen = select(messages.c.id, messages.c.approval).where(
        messages.c.id.in_(approvals), messages.c.state == "approved", ~_has_live_slot()
    )
    found = {row.id: row.approval for row in connection.execute(chosen)}
    if found != approvals:
        raise Changed("some messages were claimed, withdrawn or changed meanwhile; plan again")


def _slot_row(batch: int, place: Place) -> dict[str, Any]:
    return {
        "batch": batch,
        "message": place.message,
        "card": place.card,
        "position": place.position,
        "text_sha256": place.text_sha256,
        "live": True,
    }
