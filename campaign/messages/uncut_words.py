"""Originals: a message's words from before a cut, kept apart so that no list, export or card can hold them.

They go when the message is on a card, rejected or erased, and at the latest after `KEPT_DAYS`.
Every function takes an open `Connection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select

from campaign.messages.message import Message
from campaign.storage.bulk_insert import insert_new
from campaign.storage.tables import messages, originals

KEPT_DAYS = 30
KEPT = ("text", "first_name", "flags", "translation", "translated_into", "translated_by", "redactions")


@dataclass(frozen=True)
class Original:
    """What a message was before it was first cut, as columns of `messages`; `until` is its last day."""

    text: str
    first_name: str
    until: date
    values: Mapping[str, Any]


def keep(connection: Connection, message: Message, today: date) -> None:
    """Keep the words of a message that is about to be cut, unless earlier ones are kept."""
    row = {name: getattr(message, name) for name in KEPT}
    row |= {
        "message": message.id,
        "flags": [flag.as_dict() for flag in message.flags],
        "redactions": [dict(entry) for entry in message.redactions],
        "kept_on": today,
    }
    insert_new(connection, originals, [row])


def get_original(connection: Connection, identifier: str) -> Original | None:
    """Return what a message was before it was cut, if that is still kept."""
    row = connection.execute(select(originals).where(originals.c.message == identifier)).one_or_none()
    if row is None:
        return None
    values = {name: getattr(row, name) for name in KEPT}
    return Original(row.text, row.first_name, row.kept_on + timedelta(days=KEPT_DAYS), values)


def drop(connection: Connection, identifier: str) -> None:
    """Erase what a message was before it was cut."""
    connection.execute(delete(originals).where(originals.c.message == identifier))


def drop_old(connection: Connection, campaign: str, today: date) -> int:
    """Erase the campaign's originals that are past their time; returns their number."""
    of_campaign = select(messages.c.id).where(messages.c.campaign == campaign)
    due = originals.c.kept_on < today - timedelta(days=KEPT_DAYS)
    return connection.execute(delete(originals).where(due, originals.c.message.in_(of_campaign))).rowcount
