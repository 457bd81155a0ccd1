"""Claiming: approved messages take their slots in a new batch, all at once and none twice."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
)
from sqlalchemy.exc import IntegrityError

from campaign.ledger.batches import Batch, ChangedMeanwhile, get, live_messages
from campaign.storage.chunks import CHUNK, chunks
from campaign.storage.lease import wait_for_like
from campaign.storage.tables import batches, messages, originals, slots

DIGEST = 32  # bytes of a SHA-256


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
    translation: str | None = None
    translated_into: str | None = None
    translated_by: str | None = None
    prints: str = "original"
    likeness: str = ""


_CANDIDATE = (messages.c.sequence, *(messages.c[field.name] for field in fields(Candidate)[1:]))


class Place(NamedTuple):
    """A message's place in a batch to be claimed; cards and positions count from 1.

    `message` is its `order`, `digest` the SHA-256 of the text that was set.
    """

    card: int
    position: int
    message: int
    digest: bytes


class Places:
    """Places in the order of the cards, 46 bytes each."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._cards, self._positions, self._messages = array("I"), array("H"), array("q")
        self._digests = bytearray()
        for card, position, message, digest in places:
            self._cards.append(card)
            self._positions.append(position)
            self._messages.append(message)
            self._digests += digest

    def __len__(self) -> int:
        return len(self._cards)

    def __iter__(self) -> Iterator[Place]:
        digests = (bytes(self._digests[i : i + DIGEST]) for i in range(0, len(self._digests), DIGEST))
        return map(Place, self._cards, self._positions, self._messages, digests)

    @property
    def cards(self) -> int:
        """How many cards they take."""
        return self._cards[-1] if self else 0


@dataclass(frozen=True)
class Ready:
    """How many approved messages are on no card yet, and the day on which the oldest came."""

    number: int
    oldest: date | None


def ready(connection: Connection, campaign: str) -> Ready:
    """Count the candidates for the next batch."""
    chosen = select(func.count(), func.min(messages.c.received_on)).where(_is_candidate(campaign))
    number, oldest = connection.execute(chosen).one()
    return Ready(number, oldest)


def candidates(connection: Connection, campaign: str) -> Generator[Candidate]:
    """Yield the approved messages that hold no live slot, the oldest first, without keeping them.

    SQLite takes them from an index as they come: to sort them it would hold all their words at once.
    """
    chosen = select(*_CANDIDATE).where(_is_candidate(campaign)).order_by(messages.c.sequence)
    with connection.execute(chosen.execution_options(yield_per=CHUNK)) as rows:
        for row in rows:
            yield Candidate(*row)


def claim(
    connection: Connection,
    campaign: str,
    places: Places,
    ticket: Mapping[str, Any],
    now: datetime,
) -> Batch:
    """Plan a batch: give every message of `places` its slot, all of them or none.

    Raises:
        Changed: a message is not approved any more, or another run claimed it.
    """
    wait_for_like(connection, f"claim {campaign}")
    highest = select(func.max(batches.c.number)).where(batches.c.campaign == campaign)
    number = (connection.scalar(highest) or 0) + 1
    values: dict[str, Any] = {
        "campaign": campaign,
        "number": number,
        "state": "planned",
        "press": dict(ticket),
        "files": [],
        "cards": places.cards,
        "planned_at": now,
    }
    connection.execute(insert(batches).values(values))
    batch = get(connection, campaign, number)
    try:
        for some in chunks(places):
            _insert_slots(connection, batch, some)
    except IntegrityError as error:
        raise ChangedMeanwhile("another run claimed some of these messages; plan again") from error
    if live_messages(connection, batch) != len(places):
        raise ChangedMeanwhile("some messages were withdrawn or rejected meanwhile; plan again")
    _drop_originals(connection, batch)
    return batch


def _drop_originals(connection: Connection, batch: Batch) -> None:
    """Erase what was cut out of its messages: from now on a cut cannot be undone."""
    on_cards = select(slots.c.message).where(slots.c.batch == batch.id)
    connection.execute(delete(originals).where(originals.c.message.in_(on_cards)))


def _insert_slots(connection: Connection, batch: Batch, places: list[Place]) -> None:
    """Make slots of those messages that are still approved; who takes one back at this moment is waited for.

    One statement run many times: while a claim lasts, SQLite lets nobody else write.
    """
    rows = [
        {
            "in_batch": batch.id,
            "on_card": place.card,
            "at": place.position,
            "order": place.message,
            "sha256": place.digest.hex(),
        }
        for place in places
    ]
    connection.execute(_INSERT_SLOTS, rows)


def _is_candidate(campaign: str) -> ColumnElement[bool]:
    has_slot = select(slots.c.id).where(slots.c.message == messages.c.id, slots.c.live).exists()
    kept = messages.c.erased_on.is_(None)
    return and_(messages.c.campaign == campaign, messages.c.state == "approved", kept, ~has_slot)


_INSERT_SLOTS = insert(slots).from_select(
    ["batch", "message", "card", "position", "text_sha256", "live"],
    select(
        bindparam("in_batch", type_=BigInteger),
        messages.c.id,
        bindparam("on_card", type_=Integer),
        bindparam("at", type_=Integer),
        bindparam("sha256", type_=String),
        true(),
    )
    .where(messages.c.sequence == bindparam("order", type_=BigInteger), messages.c.state == "approved")
    .with_for_update(read=True),
)
