"""Arrivals: how many messages came on each day, in which language; each is counted once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, Connection, func, select

from campaign.storage.bulk_insert import insert_new
from campaign.storage.lease import wait_for_like
from campaign.storage.tables import arrivals, messages

SETTLED = timedelta(days=1)  # after its day has ended nobody is still writing a message of an earlier number
Arrived = Counter[tuple[date, str]]  # day, language of the page


def count_arrivals(connection: Connection, campaign: str) -> Arrived:
    """Count what came, whatever became of it since."""
    chosen = select(arrivals.c.day, arrivals.c.language, arrivals.c.messages)
    kept = connection.execute(chosen.where(arrivals.c.campaign == campaign))
    grouped = _group(connection, messages.c.sequence > _kept_up_to(connection))
    since = (row for slug, *row in grouped if slug == campaign)
    counted: Arrived = Counter()
    for day, language, number in chain(kept, since):
        counted[day, language] += number
    return counted


def keep_arrivals(connection: Connection, today: date) -> None:
    """Count the messages up to the last one of the day before yesterday, of all campaigns, and keep that."""
    wait_for_like(connection, "arrivals")
    since = messages.c.sequence > _kept_up_to(connection)
    settled = since & (messages.c.received_on < today - SETTLED)
    up_to = connection.scalar(select(func.max(messages.c.sequence)).where(settled))
    if up_to is None:
        return
    names = ("campaign", "day", "language", "messages")
    grouped = _group(connection, since & (messages.c.sequence <= up_to))
    insert_new(
        connection, arrivals, [{"up_to": up_to} | dict(zip(names, row, strict=True)) for row in grouped]
    )


def _kept_up_to(connection: Connection) -> int:
    return connection.scalar(select(func.max(arrivals.c.up_to))) or 0


def _group(connection: Connection, which: ColumnElement[bool]) -> list[tuple[str, date, str, int]]:
    """Count by campaign, day and language; of all campaigns, so that it goes along the rows' own numbers."""
    # A column by itself would have SQLite go along all of an index that begins with it.
    slug = messages.c.campaign.concat("")
    by = (slug, messages.c.received_on, messages.c.language)
    chosen = select(*by, func.count()).where(which).group_by(*by)
    return list(connection.execute(chosen))
