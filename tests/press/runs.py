"""Runs of the press, and what they leave in the ledger and on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from campaign.ledger import batches, recalls
from campaign.press import manifest
from campaign.press.next_batch import Run
from campaign.storage.database import Database
from campaign.storage.tables import messages, slots

Runs = Callable[..., Run]
TEXTS = [
    ("Трымайся, Мікіта!", "Алесь"),
    ("Ми з тобою, друже: їжак, ґанок, є.", "Ніна"),
    ("We are with you 🕯️", "Zoë"),
]


on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


class Stopped(BaseException):
    """As Ctrl-C: no `except Exception` may swallow it."""


def fail(*_arguments: object, **_more: object) -> None:
    raise Stopped


def states(database: Database) -> list[str]:
    with database.read() as connection:
        return [batch.state for batch in batches.list_batches(connection, "mikita")]


def live_messages(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.scalars(select(slots.c.message).where(slots.c.live)))


def withdraw(database: Database, message: str) -> None:
    change = update(messages).where(messages.c.id == message).values(state="withdrawn")
    database.write(lambda connection: connection.execute(change) and recalls.withdraw(connection, message))


def printed_messages(folder: Path) -> list[str]:
    """What the manifests of all batches list."""
    return [
        entry.message
        for path in sorted(folder.glob("batch-????/manifest.csv"))
        for entry in manifest.read(path)
    ]
