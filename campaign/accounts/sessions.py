"""Sessions at the staff desk: kept here, so that logging out ends every copy of a cookie.

A row alone lets nobody in: the cookie is signed with a key that is in the settings. And who reads the rows
cannot make a cookie of them, because only the digest of its id is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from campaign.storage import marks
from campaign.storage.tables import sessions

LONGEST = timedelta(hours=12)  # a shift, however busy
IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)  # each record costs a write to the disk


# Written once, as all that every page of the desk asks: to write it takes longer than to ask it.
_ONE = select(sessions).where(
    sessions.c.digest == bindparam("digest"), sessions.c.member == bindparam("member")
)


def begin(connection: Connection, member: str, now: datetime) -> str:
    """Begin a session and return its id, for the cookie alone."""
    identifier = secrets.token_urlsafe(24)
    row = {"digest": _digest(identifier), "member": member, "begun_at": now, "seen_at": now}
    connection.execute(insert(sessions), row)
    marks.note(connection, "login", now)
    return identifier


def last_seen(connection: Connection, identifier: str, member: str, now: datetime) -> datetime | None:
    """Return when a session was last used; None when it was ended, is over, or is somebody else's."""
    asked = {"digest": _digest(identifier), "member": member}
    row = connection.execute(_ONE, asked).one_or_none()
    if row is None or now - row.seen_at >= IDLE:
        return None
    return row.seen_at


def record_use(connection: Connection, identifier: str, now: datetime) -> None:
    """Record that a session is in use, so that it is not idle."""
    this = sessions.c.digest == _digest(identifier)
    connection.execute(update(sessions).where(this).values(seen_at=now))


def end(connection: Connection, identifier: str) -> None:
    """End one session, whoever has a copy of its cookie."""
    connection.execute(delete(sessions).where(sessions.c.digest == _digest(identifier)))


def end_all(connection: Connection, member: str) -> None:
    """End every session of a member."""
    connection.execute(delete(sessions).where(sessions.c.member == member))


def delete_ended(connection: Connection, now: datetime) -> None:
    """Delete the rows of sessions that are over."""
    over = or_(sessions.c.begun_at <= now - LONGEST, sessions.c.seen_at <= now - IDLE)
    connection.execute(delete(sessions).where(over))


def _digest(identifier: str) -> str:
    return hashlib.sha256(b"candle session 1 " + identifier.encode()).hexdigest()
