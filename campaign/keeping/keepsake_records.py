"""The book that the family keeps: where it is, what the latest one holds, and whether a newer one is needed.

Every function that takes an open `Connection` and writes is meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update

from campaign.storage.bulk_insert import insert_new
from campaign.storage.tables import erasures, keepsakes, messages, slots

CHUNK = 200  # slots a statement
RETENTION = "retention"  # why a message is erased that a book goes on holding, as it is meant to


def file_of(build_dir: Path, campaign: str) -> Path:
    """Say where the book is written, if nothing else is asked for."""
    return build_dir / "keepsake" / f"{campaign}.pdf"


def made(connection: Connection, campaign: str, held: Sequence[int], on: date, sha256: str) -> None:
    """Note that the book was made: from then on the days of what is in the `held` slots count.

    It takes the place of the older ones; `sha256` is its file's.
    """
    of = keepsakes.c.campaign == campaign
    connection.execute(select(keepsakes.c.made_on).where(of).with_for_update())  # who takes back now waits
    insert_new(
        connection, keepsakes, [{"campaign": campaign, "made_on": on, "taken_back": 0, "sha256": sha256}]
    )
    gone = 0
    for start in range(0, len(held), CHUNK):
        some = held[start : start + CHUNK]
        new = slots.c.id.in_(some) & slots.c.in_book_on.is_(None)
        connection.execute(update(slots).where(new).values(in_book_on=on))
        gone += _taken_back_of(connection, some)
    connection.execute(update(keepsakes).where(of).values(taken_back=0))
    today = update(keepsakes).where(of, keepsakes.c.made_on == on)
    connection.execute(today.values(taken_back=gone, sha256=sha256))


def take_back(connection: Connection, campaign: str) -> None:
    """Note that a message which the book holds was taken back: a book without it has to be made."""
    latest = update(keepsakes).where(_latest(campaign))
    connection.execute(latest.values(taken_back=keepsakes.c.taken_back + 1))


def taken_back(connection: Connection, campaign: str) -> int:
    """Count the messages that the latest book holds although they were taken back."""
    found = select(func.sum(keepsakes.c.taken_back)).where(keepsakes.c.campaign == campaign)
    return int(connection.scalar(found) or 0)


def latest_sha256(connection: Connection, campaign: str) -> str | None:
    """Return the SHA-256 of the latest book's file; None where it is not known."""
    return connection.scalar(select(keepsakes.c.sha256).where(_latest(campaign)))


def taken_back_by_people() -> Select[str]:
    """Choose the ids of the messages that were erased for another reason than their age."""
    return select(erasures.c.message).where(erasures.c.what == "message", erasures.c.why != RETENTION)


def _taken_back_of(connection: Connection, held: Sequence[int]) -> int:
    """Count those of the slots whose message was taken back while the book was made."""
    chosen = select(slots.c.message).join(messages, messages.c.id == slots.c.message)
    erased = chosen.where(slots.c.id.in_(held), messages.c.erased_on.is_not(None))
    ids = connection.scalars(erased).all()
    if not ids:
        return 0
    by_people = taken_back_by_people().where(erasures.c.message.in_(ids))
    return len(connection.scalars(by_people).all())


def _latest(campaign: str) -> ColumnElement[bool]:
    of = keepsakes.c.campaign == campaign
    return and_(of, keepsakes.c.made_on == select(func.max(keepsakes.c.made_on)).where(of).scalar_subquery())
