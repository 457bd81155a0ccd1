"""Who looks at which message now, so that two at the desk are not given the same one.

A courtesy, and unsigned: nothing that is decided depends on it, and what no member could be called or what
reaches too far ahead is passed over. What keeps a message from being decided twice is `review`.
Every function takes an open `Connection`; those that change something are meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, or_, select

from campaign.storage.bulk_insert import insert_new
from campaign.storage.staff_tables import NAME
from campaign.storage.tables import presence

LASTS = timedelta(minutes=3)  # after the last work on it
RENEWED = timedelta(minutes=1)  # not more often: each costs a write to the disk


Looks: TypeAlias = dict[str, tuple[str, datetime]]  # by message: who looks at it, and when that was noted

_LOOKS = select(presence.c.message, presence.c.by, presence.c.seen_at).where(
    presence.c.seen_at > bindparam("after"), presence.c.seen_at <= bindparam("until")
)


def looks(connection: Connection, now: datetime) -> Looks:
    """Return who looks at which messages, all of them, and when it was noted: they are few."""
    rows = connection.execute(_LOOKS, {"after": now - LASTS, "until": now + LASTS}).all()
    return {row[0]: (row[1], row[2]) for row in rows if NAME.fullmatch(row[1])}


def holders(connection: Connection, identifiers: Sequence[str], now: datetime) -> dict[str, str]:
    """Return who looks at which of these messages."""
    found = looks(connection, now)
    return {one: found[one][0] for one in identifiers if one in found}


def is_noted(look: tuple[str, datetime] | None, by: str, now: datetime) -> bool:
    """Tell whether it was just noted that they look at it."""
    return look is not None and look[0] == by and now - RENEWED < look[1] <= now


def take(connection: Connection, identifiers: Sequence[str], by: str, now: datetime) -> str | None:
    """Note that somebody looks at the first of these that nobody else looks at, and return it.

    Where others look at all of them nothing is noted, and the first is returned.
    """
    held = holders(connection, identifiers, now)
    chosen = next((one for one in identifiers if held.get(one, by) == by), None)
    if chosen is None:
        return identifiers[0] if identifiers else None
    connection.execute(delete(presence).where(or_(~_live(now), presence.c.message == chosen)))
    if insert_new(connection, presence, [{"message": chosen, "by": by, "seen_at": now}]):
        return chosen
    return take(connection, [one for one in identifiers if one != chosen], by, now) or chosen  # just taken


def take_all(connection: Connection, identifiers: Sequence[str], by: str, now: datetime) -> None:
    """Note that somebody looks at those of these that nobody else looks at."""
    own = and_(presence.c.message.in_(identifiers), presence.c.by == by)
    connection.execute(delete(presence).where(or_(~_live(now), own)))
    if identifiers:
        insert_new(connection, presence, [{"message": one, "by": by, "seen_at": now} for one in identifiers])


def release(connection: Connection, identifier: str) -> None:
    """Forget who looked at a message that is decided."""
    connection.execute(delete(presence).where(presence.c.message == identifier))


def _live(now: datetime) -> ColumnElement[bool]:
    return and_(presence.c.seen_at > now - LASTS, presence.c.seen_at <= now + LASTS)
