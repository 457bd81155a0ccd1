"""This machine's database, open while a command works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from campaign import settings

if TYPE_CHECKING:
    from campaign.storage.database import Database


@contextmanager
def open_database() -> Iterator[Database]:
    """Open this machine's database, migrated to the newest tables."""
    from campaign.storage import database

    opened = database.connect(settings.load().database_url)
    try:
        database.migrate(opened)
        yield opened
    finally:
        opened.close()
