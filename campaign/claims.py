"""Claiming: approved messages take their slots in a new batch, all at once and nobody twice."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select

from campaign.batches import CHUNK, Batch, Changed, chunks, get
from campaign.tables import batches, messages, slots


@dataclass(frozen=True)
class Candidate:
    """An approved message that is on no card yet. `order` grows with arrival."""

    order: int
    id: str
    campaign: str
    text: str
    first_name: str
    language: str
    approval: str | None
    received_on: date


class Place(NamedTuple):
    """A message's place in a batch to be claimed; cards and positions count from 1.

    `message` is its `order`, `approval` Python's hash of the approval it was set with.
    """

    card: int
    position: int
    message: int
    approval: int


class Places:
    """Places in the order of the cards, 22 bytes each: a batch may hold a million."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._columns = array("I"), array("H"), array("q"), array("q")
        for place in places:
            for column, value in zip(self._columns, place, strict=True):
                column.append(value)

    def __len__(self) -> int:
        return len(self._columns[0])

    def __iter__(self) -> Iterator[Place]:
        return map(Place, *self._columns)

    @property
    def cards(self) -> int:
        """How many cards they take."""
        return self._columns[0][-1] if self else 0


def text_sha256(text: str) -> str:
    """Name exactly this text, as slots and manifests do."""
    return hashlib.sha256(text.encode()).hexdigest()


def candidates(connection: Connection, campaign: str, limit: int | None = None) -> Iterator[Candidate]:
    """Yield the approved messages that hold no live slot, the oldest first, without keeping them."""
    chosen = (
        select(
            messages.c.sequence,
            messages.c.id,
            messages.c.campaign,
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
    with connection.execute(chosen.execution_options(yield_per=CHUNK)) as rows:
        for row in rows:
            yield Candidate(*row)


def claim(
    connection: Connection,
    campaign: str,
    places: Places,
    press: Mapping[str, Any],
    now: datetime,
) -> Batch:
    """Plan a batch: give every message of `places` its slot, all of them or none.

    Raises:
        Changed: a message is not approved as it was any more, or another run claimed it.
    """
    _one_at_a_time(connection, campaign)
    highest = select(func.max(batches.c.number)).where(batches.c.campaign == campaign)
    number = (connection.scalar(highest) or 0) + 1
    values: dict[str, Any] = {
        "campaign": campaign,
        "number": number,
        "state": "planned",
        "press": dict(press),
        "files": [],
        "cards": places.cards,
        "planned_at": now,
    }
    connection.execute(insert(batches).values(values))
    batch = get(connection, campaign, number)
    for some in chunks(places):
        connection.execute(insert(slots), list(_slot_rows(connection, batch, some)))
    return batch


def _has_live_slot() -> ColumnElement[bool]:
    return select(slots.c.id).where(slots.c.message == messages.c.id, slots.c.live).exists()


def _one_at_a_time(connection: Connection, campaign: str) -> None:
    """Let one claim of the campaign follow the other: SQLite's writers do so anyhow."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(f"claim {campaign}".encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def _slot_rows(connection: Connection, batch: Batch, places: list[Place]) -> Iterator[dict[str, Any]]:
    """Make the slots' rows, and refuse a message that is not as it was when it was set."""
    chosen = select(messages.c.sequence, messages.c.id, messages.c.text, messages.c.approval).where(
        messages.c.sequence.in_([place.message for place in places]),
        messages.c.state == "approved",
        ~_has_live_slot(),
    )
    found = {row.sequence: row for row in connection.execute(chosen)}
    for place in places:
        row = found.get(place.message)
        if row is None or hash(row.approval) != place.approval:
            raise Changed("a message was claimed, withdrawn or changed meanwhile; plan again")
        yield {
            "batch": batch.id,
            "message": row.id,
            "card": place.card,
            "position": place.position,
            "text_sha256": text_sha256(row.text),
            "live": True,
        }
