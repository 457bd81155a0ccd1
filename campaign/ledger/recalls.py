"""Recalls: cards to take out of the pile because a message on them was withdrawn after rendering.

Every function takes an open `Connection`; those that write are meant for `Database.write`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, String, bindparam, select

from campaign.ledger.batches import Batch, free_slots, get, lock
from campaign.storage.tables import batches, messages, slots


@dataclass(frozen=True)
class Recall:
    """A card that must not be posted, because a message on it was withdrawn."""

    batch: int
    card: int
    sheet: int
    position: int
    message: str

    def __str__(self) -> str:
        return f"card {self.card} (sheet {self.sheet}) of batch {self.batch}"


def withdraw(connection: Connection, message: str) -> Recall | None:
    """Give up a withdrawn message's slot while that is possible; else name the card to pull.

    Call it in the transaction that withdraws or erases the message. None: nothing is on paper, or the
    card was posted and cannot be pulled any more.
    """
    chosen = (
        select(slots.c.card, slots.c.position, batches.c.campaign, batches.c.number)
        .join(batches, batches.c.id == slots.c.batch)
        .where(slots.c.message == message, slots.c.live)
    )
    row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    batch = get(connection, row.campaign, row.number)
    state = lock(connection, batch).state
    if state == "planned":
        free_slots(connection, batch, slots.c.message == message)
    return _recall(batch, row.card, row.position, message) if state in ("rendered", "printed") else None


def open_recalls(connection: Connection, batch: Batch, posted_on: date | None = None) -> list[Recall]:
    """List the cards of a rendered or printed batch that hold a message withdrawn since.

    With `posted_on` those alone that could still be pulled: not what was withdrawn on a later day.
    """
    if batch.state not in ("rendered", "printed"):
        return []
    chosen = _not_approved(batch)
    if posted_on:
        chosen = chosen.where(messages.c.erased_on.is_(None) | (messages.c.erased_on <= posted_on))
    rows = connection.execute(chosen).all()
    return [_recall(batch, row.card, row.position, row.message) for row in rows]


def all_open_recalls(connection: Connection, campaign: str) -> list[Recall]:
    """List them for all of a campaign's batches: asked on each page of the desk, so by what was withdrawn.

    That is little, where a batch holds thousands of cards and the campaign many more messages.
    """
    rows = connection.execute(_TAKEN_BACK, {"campaign": campaign}).all()
    of = {number: get(connection, campaign, number) for number in {row.number for row in rows}}
    return [_recall(of[row.number], row.card, row.position, row.message) for row in rows]


def withdrawn_from(connection: Connection, batch: Batch) -> list[str]:
    """List the messages with a live slot that are not approved any more."""
    return [row.message for row in connection.execute(_not_approved(batch))]


def _not_approved(batch: Batch) -> Select[Any]:
    return (
        select(slots.c.card, slots.c.position, slots.c.message)
        .join(messages, messages.c.id == slots.c.message)
        .where(slots.c.batch == batch.id, slots.c.live)
        .where(messages.c.campaign == batch.campaign, messages.c.state != "approved")
        .order_by(slots.c.card, slots.c.position)
    )


# By the messages first, and their slots after them; SQLite would rather begin with the batches.
_ASKED: BindParameter[str] = bindparam("campaign", type_=String())
_WITHDRAWN = select(messages.c.id).where(messages.c.campaign == _ASKED, messages.c.state == "withdrawn")
_TAKEN_BACK = (
    select(batches.c.number, slots.c.card, slots.c.position, slots.c.message)
    .join(slots, slots.c.batch == batches.c.id)
    .where(slots.c.live, slots.c.message.in_(_WITHDRAWN))
    .where(batches.c.campaign == _ASKED, batches.c.state.in_(("rendered", "printed")))
    .order_by(batches.c.number, slots.c.card, slots.c.position)
)


def _recall(batch: Batch, card: int, position: int, message: str) -> Recall:
    return Recall(batch.number, card, -(-card // batch.per_sheet), position, message)
