"""What happened last, and how much of it: for the operator, with no word of whom or what it was about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select

from campaign.storage.tables import marks

Name = Literal["purge", "alive", "login", "refused", "proxies"]
KEPT = timedelta(days=2)  # of a kind that is added up; of each the last one stays


def note(connection: Connection, name: Name, now: datetime, number: int = 1) -> None:
    """Note that it happened, and forget what is no longer asked for."""
    connection.execute(delete(marks).where(marks.c.name == name, marks.c.happened_at < now - KEPT))
    if name != "refused":
        connection.execute(delete(marks).where(marks.c.name == name))
    connection.execute(insert(marks).values(name=name, happened_at=now, number=number))


def last(connection: Connection, name: Name) -> datetime | None:
    """Tell when it happened last."""
    return connection.scalar(
        select(marks.c.happened_at).where(marks.c.name == name).order_by(marks.c.happened_at.desc()).limit(1)
    )


def number(connection: Connection, name: Name) -> int | None:
    """Tell how much it was when it happened last."""
    return connection.scalar(
        select(marks.c.number).where(marks.c.name == name).order_by(marks.c.id.desc()).limit(1)
    )


def total(connection: Connection, name: Name, since: datetime) -> int:
    """Add up what was noted since then."""
    chosen = select(func.sum(marks.c.number)).where(marks.c.name == name, marks.c.happened_at >= since)
    return connection.scalar(chosen) or 0
