"""Groups of messages that wait: of the same words, or of no flag; for one decision on many.

Every function takes an open `Connection`. A `reader` is given where two people approve: what they approved
once themselves is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    select,
)

from campaign.messages.message import Message
from campaign.messages.queries import message_from_row
from campaign.storage.tables import asides, first_approvals, messages

WINDOW = 2000  # of the oldest that wait, among which those alike are looked for
MOST_GROUPS = 20


@dataclass(frozen=True)
class Group:
    """Messages of the same words, however written: what they share, their number, and the oldest one."""

    likeness: str
    number: int
    oldest: str


def alike(connection: Connection, campaign: str, reader: str | None = None) -> list[Group]:
    """Return the largest groups of the same words among the oldest messages that wait."""
    oldest = _waiting(campaign, reader).with_only_columns(messages.c.likeness, messages.c.sequence)
    window = oldest.limit(WINDOW).subquery()
    number, first = func.count(), func.min(window.c.sequence)
    largest = select(window.c.likeness, number.label("number"), first.label("first"))
    largest = largest.group_by(window.c.likeness).having(number > 1)
    shown = largest.order_by(number.desc(), first).limit(MOST_GROUPS).subquery()
    chosen = select(shown.c.likeness, shown.c.number, messages.c.text).join(
        messages, messages.c.sequence == shown.c.first
    )
    rows = connection.execute(chosen.order_by(shown.c.number.desc(), shown.c.first))
    return [Group(*row) for row in rows]


def read_group(
    connection: Connection,
    kind: str,
    campaign: str,
    of: str,
    limit: int,
    reader: str | None = None,
    after: int = 0,
) -> list[Message]:
    """Return the oldest messages of a group, those past `after`.

    They are of one likeness (`alike`), or of none of which anything was noticed when they came (`unflagged`).
    """
    asked: dict[str, Any] = {"campaign": campaign, "after": after, "limit": limit}
    asked |= {"shared": of} if kind == "alike" else {}
    asked |= {} if reader is None else {"reader": reader}
    rows = connection.execute(_statement(kind, read=reader is not None), asked).all()
    return [message_from_row(row) for row in rows]


def count_without_stored_flags(connection: Connection, campaign: str, reader: str | None = None) -> int:
    """Count those of the oldest that wait of which nothing was noticed when they came."""
    oldest = _waiting(campaign, reader).with_only_columns(messages.c.flags).limit(WINDOW).subquery()
    unflagged = select(func.count()).select_from(oldest).where(cast(oldest.c.flags, Text) == "[]")
    return connection.scalar(unflagged) or 0


def _waiting(campaign: str, reader: str | None) -> Select[Any]:
    return select(messages).where(*_conditions(campaign, reader)).order_by(messages.c.sequence)


def _conditions(
    campaign: str | BindParameter[str], reader: str | BindParameter[str] | None
) -> list[ColumnElement[bool]]:
    by_reader = exists().where(first_approvals.c.message == messages.c.id, first_approvals.c.by == reader)
    found: list[ColumnElement[bool]] = [
        messages.c.campaign == campaign,
        messages.c.state == "waiting",
        messages.c.erased_on.is_(None),
        ~exists().where(asides.c.message == messages.c.id),
    ]
    return found if reader is None else [*found, ~by_reader]


_CHOSEN: Mapping[str, ColumnElement[bool]] = {
    "alike": messages.c.likeness == bindparam("shared"),
    "unflagged": cast(messages.c.flags, Text) == "[]",
}


@cache  # one of each kind, since to write it anew costs as much as to ask it
def _statement(kind: str, *, read: bool) -> Select[Any]:
    reader: BindParameter[str] | None = bindparam("reader") if read else None
    chosen = select(messages).where(*_conditions(bindparam("campaign"), reader), _CHOSEN[kind])
    later = chosen.where(messages.c.sequence > bindparam("after")).order_by(messages.c.sequence)
    return later.limit(bindparam("limit", type_=Integer()))
