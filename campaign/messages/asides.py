"""Messages set aside: they wait, but not in the queue, with a note on what they wait for.

Every function takes an open `Connection`; those that change something are meant for `Database.write`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, delete, select, update

from campaign.messages.message import MessageError
from campaign.messages.queries import get
from campaign.storage.bulk_insert import insert_new
from campaign.storage.tables import asides, messages

LONGEST = 500  # characters of a note


@dataclass(frozen=True)
class Aside:
    """Who set a message aside, when, and what they noted for the others."""

    note: str
    by: str
    on: date


def put(connection: Connection, identifier: str, note: str, by: str, today: date) -> None:
    """Set a waiting message aside; a later note takes the earlier one's place.

    Raises:
        MessageError: it does not wait, or nothing is noted.
    """
    if not note.strip():
        raise MessageError(f"{identifier}: note what it waits for, so that others know too")
    get(connection, identifier)  # it is there
    held = select(messages.c.state).where(messages.c.id == identifier).with_for_update()
    if (state := connection.scalar(held)) != "waiting":  # and nobody decides it meanwhile
        raise MessageError(f"{identifier}: it is {state}; only what waits can be set aside")
    values = {"note": note.strip()[:LONGEST], "by": by, "on": today}
    if not insert_new(connection, asides, [{"message": identifier} | values]):
        connection.execute(update(asides).where(asides.c.message == identifier).values(values))


_ONE = select(asides).where(asides.c.message == bindparam("message"))


def get_aside(connection: Connection, identifier: str) -> Aside | None:
    """Return the note on a message that is set aside."""
    row = connection.execute(_ONE, {"message": identifier}).one_or_none()
    return Aside(row.note, row.by, row.on) if row else None


def take_up(connection: Connection, identifier: str) -> bool:
    """Let a message wait in the queue again, without the note; False when it was not set aside."""
    return connection.execute(delete(asides).where(asides.c.message == identifier)).rowcount == 1
