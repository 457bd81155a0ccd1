"""Messages read from the database: one, the queue, a list.

Every function takes an open `Connection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Exists, Integer, Row, Select, bindparam, exists, select

from campaign.messages.message import Message, MessageError, read_redactions
from campaign.storage.chunks import CHUNK
from campaign.storage.tables import asides, first_approvals, messages
from campaign.text.flag import Flag

_KEPT = [name for name in Message.__dataclass_fields__ if name in messages.c]
_ONE = select(messages).where(messages.c.id == bindparam("id"))


def get(connection: Connection, identifier: str) -> Message:
    """Return one message.

    Raises:
        MessageError: there is none with this id.
    """
    row = connection.execute(_ONE, {"id": identifier}).one_or_none() if identifier.isalnum() else None
    if row is None:
        raise MessageError(
            f"{identifier}: no message with this id; `build.py messages CAMPAIGN list` shows them"
        )
    return message_from_row(row)


def get_some(connection: Connection, identifiers: Sequence[str]) -> list[Message]:
    """Return those of these messages that are there, in this order."""
    rows = connection.execute(select(messages).where(messages.c.id.in_(identifiers)))
    found = {row.id: message_from_row(row) for row in rows}
    return [found[one] for one in identifiers if one in found]


def queue(
    connection: Connection,
    campaign: str,
    *,
    limit: int = 50,
    after: int = 0,
    flood: bool | None = None,
    aside: bool = False,
    once: bool = False,
    reader: str | None = None,
) -> list[str]:
    """Return the ids of the oldest messages that wait for review, those past `order` number `after`.

    `flood` sets apart those that came while flood mode was on; None returns both. With `aside` they are those
    that were set aside, else all others. A `reader` is given where two people approve: with `once` those that
    somebody else approved already, without it those that nobody did.
    """
    asked: dict[str, Any] = {"campaign": campaign, "after": after, "limit": limit}
    if aside:  # few: named, so that nobody looks for them among all that wait
        its = select(messages.c.campaign).where(messages.c.id == asides.c.message).scalar_subquery()
        named = select(asides.c.message).where(its == campaign).limit(CHUNK)
        asked["set_aside"] = connection.scalars(named).all()
    shown = None if reader is None or aside else once
    asked |= {"reader": reader} if shown else {}
    asked |= {} if flood is None else {"flood": flood}
    return list(connection.scalars(_queue(by_flood=flood is not None, aside=aside, once=shown), asked))


@cache  # one of each kind, since every page of the desk asks for one
def _queue(*, by_flood: bool, aside: bool, once: bool | None) -> Select[Any]:
    """Write what chooses a queue."""
    wanted = (
        select(messages.c.id)
        .where(messages.c.campaign == bindparam("campaign"), messages.c.erased_on.is_(None))
        .where(messages.c.state == "waiting", messages.c.sequence > bindparam("after"))
        .order_by(messages.c.sequence)
        .limit(bindparam("limit", type_=Integer()))
    )
    if aside:
        wanted = wanted.where(messages.c.id.in_(bindparam("set_aside", expanding=True)))
    else:
        wanted = wanted.where(~exists().where(asides.c.message == messages.c.id))
    if once is not None:
        wanted = wanted.where(_approved_once(by_somebody_else=True) if once else ~_approved_once())
    return wanted.where(messages.c.flood == bindparam("flood")) if by_flood else wanted


def list_messages(connection: Connection, campaign: str, state: str | None = None) -> list[Message]:
    """Return the campaign's messages, the oldest first, without those that were erased."""
    return [
        message_from_row(row)
        for row in connection.execute(of_campaign(campaign, state).order_by(messages.c.sequence))
    ]


def campaigns(connection: Connection) -> list[str]:
    """Return the slugs of the campaigns that have messages which were not erased."""
    chosen = select(messages.c.campaign).where(messages.c.erased_on.is_(None)).distinct()
    return sorted(connection.scalars(chosen))


def _approved_once(*, by_somebody_else: bool = False) -> Exists:
    """Ask whether a message is approved once, by anybody or by somebody else than the reader."""
    found = exists().where(first_approvals.c.message == messages.c.id)
    return found.where(first_approvals.c.by != bindparam("reader")) if by_somebody_else else found


def of_campaign(campaign: str, state: str | None) -> Select[Any]:
    """Choose a campaign's messages, without those that were erased."""
    chosen = select(messages).where(messages.c.campaign == campaign, messages.c.erased_on.is_(None))
    return chosen if state is None else chosen.where(messages.c.state == state)


def message_from_row(row: Row[Any]) -> Message:
    """Make a message of a row of `messages`."""
    values = row._asdict()
    kept = {name: values[name] for name in _KEPT}
    kept["flags"] = tuple(Flag.read(values["flags"])) if values["flags"] else ()
    kept["redactions"] = read_redactions(values["redactions"]) if values["redactions"] else ()
    return Message(order=values["sequence"], **kept)
