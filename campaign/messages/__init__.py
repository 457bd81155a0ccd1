"""Messages: from the queue to the approval that lets them be printed.

Every function takes an open `Connection`; those that write are meant for `Database.write`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from campaign.errors import CandleError
from campaign.messages import approval, redaction
from campaign.tables import batches, details, messages, slots
from campaign.text import has_something
from campaign.text.flags import Flag
from campaign.text.matching import likeness


class MessageError(CandleError):
    """A message that is not there, or a step that its state does not allow."""


@dataclass(frozen=True)
class Message:
    """A message as staff see it. `order` grows with arrival; an erased message has no words left."""

    id: str
    campaign: str
    state: str
    first_name: str
    text: str
    language: str
    flags: tuple[Flag, ...]
    order: int
    flood: bool
    wall: bool
    updates: bool
    received_on: date
    approval: str | None = None
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    reason: str | None = None
    translation: str | None = None
    redactions: tuple[Mapping[str, Any], ...] = field(default=())
    erased_on: date | None = None

    @property
    def fingerprint(self) -> str:
        """Name exactly these words, so that nobody approves others than they saw."""
        return hashlib.sha256(f"{len(self.text)} {self.text}{self.first_name}".encode()).hexdigest()[:32]

    def as_dict(self) -> dict[str, Any]:
        """Return the form that `build.py messages list --json` prints."""
        names = ("id", "campaign", "state", "first_name", "text", "language")
        return {name: getattr(self, name) for name in names} | {"flags": [f.as_dict() for f in self.flags]}


@dataclass(frozen=True)
class Counts:
    """What the page tells: messages approved, and messages whose card was posted."""

    messages: int
    posted: int


def get(connection: Connection, identifier: str) -> Message:
    """Return one message.

    Raises:
        MessageError: there is none with this id.
    """
    chosen = select(messages).where(messages.c.id == identifier)
    row = connection.execute(chosen).one_or_none() if identifier.isalnum() else None
    if row is None:
        raise MessageError(
            f"{identifier}: no message with this id; `build.py messages CAMPAIGN list` shows them"
        )
    return _message(row)


def queue(
    connection: Connection, campaign: str, *, limit: int = 50, after: int = 0, flood: bool | None = None
) -> list[Message]:
    """Return the oldest messages that wait for review, those past `order` number `after`.

    `flood` sets apart those that came while flood mode was on; None returns both.
    """
    return listing(connection, campaign, "waiting", limit=limit, after=after, flood=flood)


def listing(
    connection: Connection,
    campaign: str,
    state: str | None = None,
    *,
    limit: int | None = None,
    after: int = 0,
    flood: bool | None = None,
) -> list[Message]:
    """Return the campaign's messages, the oldest first, without those that were erased."""
    chosen = (
        _of(campaign, state).where(messages.c.sequence > after).order_by(messages.c.sequence).limit(limit)
    )
    if flood is not None:
        chosen = chosen.where(messages.c.flood == flood)
    return [_message(row) for row in connection.execute(chosen)]


def approve(
    connection: Connection,
    identifier: str,
    by: str,
    keys: Sequence[str],
    today: date,
    *,
    seen: str | None = None,
) -> Message:
    """Approve the exact text and first name for printing, and sign them with the first approval key.

    `seen` is the fingerprint of what the reviewer saw.

    Raises:
        MessageError: its state does not allow it, or the words changed since they were seen.
    """
    message = _decidable(connection, identifier, ("waiting", "rejected"), "approved")
    if seen is not None and seen != message.fingerprint:
        raise MessageError(f"{identifier}: somebody changed it since you saw it; look at it again")
    signature = approval.sign(keys, message.id, message.campaign, message.text, message.first_name)
    _decide(connection, message, state="approved", approval=signature, by=by, today=today)
    return get(connection, identifier)


def reject(connection: Connection, identifier: str, by: str, why: str, today: date) -> Message:
    """Keep a message from being printed, for a reason that other staff can read.

    Raises:
        MessageError: its state does not allow it, it is on a card already, or no reason is given.
    """
    if not why.strip():
        raise MessageError(f"{identifier}: say why it is rejected")
    message = _decidable(connection, identifier, ("waiting", "approved"), "rejected")
    _decide(connection, message, state="rejected", reason=why.strip(), by=by, today=today)
    return get(connection, identifier)


def reopen(connection: Connection, identifier: str, by: str, today: date) -> Message:
    """Take a decision back: the message waits for review again.

    Raises:
        MessageError: its state does not allow it, or it is on a card already.
    """
    message = _decidable(connection, identifier, ("approved", "rejected"), "put back to waiting")
    _decide(connection, message, state="waiting", by=by, today=today)
    return get(connection, identifier)


def translate(connection: Connection, identifier: str, translation: str) -> None:
    """Keep a translation for the staff; it is never printed.

    Raises:
        MessageError: there is no such message, or it was erased.
    """
    _change(connection, get(connection, identifier), translation=translation.strip() or None)


def redact(
    connection: Connection, identifier: str, cut: Flag, by: str, keys: Sequence[str], today: date
) -> Message:
    """Cut a span out of the text or the first name; an approved message is signed anew.

    The record says who cut how many letters and when, and never what.

    Raises:
        MessageError: its state does not allow it, it is on a card already, or nothing would be left.
    """
    message = _decidable(connection, identifier, ("waiting", "approved", "rejected"), "redacted")
    text, first_name, flags = redaction.cut(message.text, message.first_name, message.flags, cut)
    if not has_something(text) or not has_something(first_name):
        raise MessageError(f"{identifier}: nothing would be left; reject it instead")
    entry = {"by": by, "on": today.isoformat(), "field": cut.field}
    signature = None
    if message.state == "approved":
        signature = approval.sign(keys, message.id, message.campaign, text, first_name)
    _change(
        connection,
        message,
        text=text,
        first_name=first_name,
        flags=[flag.as_dict() for flag in flags],
        likeness=likeness(text),
        translation=None,  # it may hold what was cut
        redactions=[*message.redactions, entry],
        approval=signature,
    )
    return get(connection, identifier)


def counts(connection: Connection, campaign: str) -> Counts:
    """Count the approved messages and those whose card was posted."""
    approved = select(func.count()).where(messages.c.campaign == campaign, messages.c.state == "approved")
    posted = (
        select(func.count())
        .select_from(slots.join(batches, slots.c.batch == batches.c.id))
        .where(batches.c.campaign == campaign, batches.c.state == "posted", slots.c.live)
    )
    return Counts(connection.scalar(approved) or 0, connection.scalar(posted) or 0)


def states(connection: Connection, campaign: str) -> dict[str, int]:
    """Count the campaign's messages by state, without those that were erased; a state of none is left out."""
    counted = (
        select(messages.c.state, func.count().label("number"))
        .where(messages.c.campaign == campaign, messages.c.erased_on.is_(None))
        .group_by(messages.c.state)
    )
    return {row.state: row.number for row in connection.execute(counted)}


def campaigns(connection: Connection) -> list[str]:
    """Return the slugs of the campaigns that have messages which were not erased."""
    chosen = select(messages.c.campaign).where(messages.c.erased_on.is_(None)).distinct()
    return sorted(connection.scalars(chosen))


def alike(connection: Connection, message: Message) -> int:
    """Count the other messages of the campaign that say the same in other dress."""
    chosen = select(func.count()).where(
        messages.c.likeness == likeness(message.text),
        messages.c.campaign == message.campaign,
        messages.c.id != message.id,
        messages.c.erased_on.is_(None),
    )
    return connection.scalar(chosen) or 0


def sealed_details(connection: Connection, campaign: str) -> list[tuple[str, bytes]]:
    """Return the sealed details of a campaign as (message id, ciphertext), the oldest first."""
    chosen = (
        select(details.c.message, details.c.sealed)
        .join(messages, messages.c.id == details.c.message)
        .where(messages.c.campaign == campaign)
        .order_by(messages.c.sequence)
    )
    return [(row.message, row.sealed) for row in connection.execute(chosen)]


def _of(campaign: str, state: str | None) -> Select[Any]:
    chosen = select(messages).where(messages.c.campaign == campaign, messages.c.erased_on.is_(None))
    return chosen if state is None else chosen.where(messages.c.state == state)


def _message(row: Row[Any]) -> Message:
    values = row._asdict()
    kept = {name: values[name] for name in Message.__dataclass_fields__ if name in values}
    kept["flags"] = tuple(Flag(**flag) for flag in values["flags"])
    kept["redactions"] = tuple(values["redactions"])
    return Message(order=values["sequence"], **kept)


def _decidable(connection: Connection, identifier: str, states: tuple[str, ...], what: str) -> Message:
    message = get(connection, identifier)
    if message.erased_on is not None:
        raise MessageError(f"{identifier}: it was erased; nothing is left that could be {what}")
    if message.state not in states:
        raise MessageError(f"{identifier}: it is {message.state}; only {' or '.join(states)} can be {what}")
    if message.state == "approved" and (number := live_batch(connection, identifier)):
        raise MessageError(f"{identifier}: it is on a card of batch {number}; void that card first")
    return message


def live_batch(connection: Connection, identifier: str) -> int | None:
    """Return the number of the batch that holds a live slot of this message."""
    chosen = select(batches.c.number).join(slots, slots.c.batch == batches.c.id)
    return connection.scalar(chosen.where(slots.c.message == identifier, slots.c.live))


def _decide(
    connection: Connection,
    message: Message,
    *,
    state: str,
    by: str,
    today: date,
    approval: str | None = None,
    reason: str | None = None,
) -> None:
    _change(
        connection,
        message,
        state=state,
        approval=approval,
        reason=reason,
        reviewed_by=by,
        reviewed_on=today,
    )


def _change(connection: Connection, message: Message, **values: Any) -> None:
    """Write only onto the state and the words that were read: another reviewer may have been quicker."""
    unchanged = (
        messages.c.id == message.id,
        messages.c.state == message.state,
        messages.c.text == message.text,
        messages.c.first_name == message.first_name,
        messages.c.erased_on.is_(None),
    )
    if connection.execute(update(messages).where(*unchanged).values(values)).rowcount != 1:
        raise MessageError(f"{message.id}: somebody else was quicker; look at it again")
