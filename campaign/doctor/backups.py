"""Backups: whether there is a new one, who reads them, and which are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, func, select

from campaign.doctor import exposed_secrets
from campaign.keeping.backup_copies import lapsed_copies
from campaign.settings import PREFIX, Settings
from campaign.storage.tables import backups

OLDEST = 2  # days that the newest one may be old, where one is made each night


def newest(connection: Connection, today: date) -> date | None:
    """Give the day of the newest backup; one that a wrong clock dated ahead would stand for all that fail."""
    return connection.scalar(select(func.max(backups.c.made_on)).where(backups.c.made_on <= today))


def find_lists(settings: Settings) -> Iterator[str]:
    """Report that no list of erasures would lie beside the backups: no unit writes into `instance/`."""
    if settings.lists_dir and not settings.erasures_file.parent.is_dir():
        yield (
            f"{PREFIX}LISTS_DIR: {settings.lists_dir} is no folder yet; "
            "mend the name, or make it as docs/operators.md makes /var/lib/candle"
        )
    if not settings.lists_dir and settings.database_url.startswith("postgresql"):
        yield (
            f"{PREFIX}LISTS_DIR: none, so {settings.erasures_file} would be written where only a shell may; "
            "name a folder that both halves write to, such as /var/lib/candle"
        )


def find(connection: Connection, today: date, *, expected: bool) -> Iterator[str]:
    """Name what is wrong with them; where none are `expected`, as when it is tried out, none is missed."""
    made_on = newest(connection, today)
    if expected and made_on is None:
        yield "no backup was made yet; systemctl enable --now candle-backup.timer"
    elif expected and made_on and (today - made_on).days > OLDEST:
        yield (
            f"the newest backup is of {made_on}; "
            "journalctl -u candle-backup says why, systemctl start candle-backup makes one"
        )
    for copy in lapsed_copies(connection, today):
        yield f"{copy.name}: lapsed on {copy.lapses_on}, and holds what was erased; delete it"
    for name in connection.scalars(select(backups.c.name).order_by(backups.c.id)):
        yield from exposed_secrets.find_open(Path(name))
