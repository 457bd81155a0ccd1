"""Sessions at the staff desk: kept here, so that logging out ends every copy of a cookie.

A row alone lets nobody in: the cookie is signed with a key that is in the settings. And who reads the rows
cannot make a cookie of them, because only the digest of its id is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from campaign.tables import sessions

LONGEST = timedelta(hours=12)  # a shift, however busy
IDLE = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)  # each note costs a write to the disk


def begin(connection: Connection, member: str, now: datetime) -> str:
    """Begin a session and return its id, for the cookie alone."""
    identifier = secrets.token_urlsafe(24)
    moment = now.astimezone(UTC)
    row = {"digest": _digest(identifier), "member": member, "begun_at": moment, "seen_at": moment}
    connection.execute(insert(sessions), row)
    return identifier


def last_seen(connection: Connection, identifier: str, member: str, now: datetime) -> datetime | None:
    """Return when a session was last used; None when it was ended, is over, or is somebody else's."""
    chosen = select(sessions).where(sessions.c.digest == _digest(identifier), sessions.c.member == member)
    row = connection.execute(chosen).one_or_none()
    if row is None or now - _utc(row.begun_at) >= LONGEST or now - _utc(row.seen_at) >= IDLE:
        return None
    return _utc(row.seen_at)


def note(connection: Connection, identifier: str, now: datetime) -> None:
    """Note that a session is in use, so that it is not idle."""
    found = sessions.c.digest == _digest(identifier)
    connection.execute(update(sessions).where(found).values(seen_at=now.astimezone(UTC)))


def end(connection: Connection, identifier: str) -> None:
    """End one session, whoever has a copy of its cookie."""
    connection.execute(delete(sessions).where(sessions.c.digest == _digest(identifier)))


def end_all(connection: Connection, member: str) -> None:
    """End every session of a member."""
    connection.execute(delete(sessions).where(sessions.c.member == member))


def forget(connection: Connection, now: datetime) -> None:
    """Drop the rows of sessions that are over."""
    moment = now.astimezone(UTC)
    over = or_(sessions.c.begun_at <= moment - LONGEST, sessions.c.seen_at <= moment - IDLE)
    connection.execute(delete(sessions).where(over))


def _digest(identifier: str) -> str:
    return hashlib.sha256(b"candle session 1 " + identifier.encode()).hexdigest()


def _utc(moment: datetime) -> datetime:
    """Give SQLite's times their zone back: it keeps none, and all that is written here is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
