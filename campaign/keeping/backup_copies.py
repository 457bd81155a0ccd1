"""Which backups were made and still hold what they held, so that an erasure can name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from campaign.storage.tables import backups


@dataclass(frozen=True)
class BackupCopy:
    """A backup as the database remembers it, so that an erasure can name the copies that still hold it."""

    name: str
    made_on: date
    lapses_on: date


def note_copy(connection: Connection, copy: BackupCopy) -> int:
    adding = insert(backups).values(vars(copy)).returning(backups.c.id)
    return connection.execute(adding).scalar_one()


def copies_holding(connection: Connection, received_on: date, today: date) -> list[BackupCopy]:
    """List the backups that hold what was received on that day and erased only now, until they lapse."""
    chosen = (
        select(backups.c.name, backups.c.made_on, backups.c.lapses_on)
        .where(backups.c.made_on >= received_on, backups.c.lapses_on >= today)
        .order_by(backups.c.made_on, backups.c.id)
    )
    return [BackupCopy(*row) for row in connection.execute(chosen)]


def lapsed_copies(connection: Connection, today: date) -> list[BackupCopy]:
    """List the backups that should be deleted, wherever they were taken."""
    chosen = select(backups.c.name, backups.c.made_on, backups.c.lapses_on).where(backups.c.lapses_on < today)
    return [
        BackupCopy(*row) for row in connection.execute(chosen.order_by(backups.c.lapses_on, backups.c.id))
    ]
