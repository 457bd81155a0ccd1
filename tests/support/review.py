"""Messages reviewed for tests: what a member of staff does to one."""

from __future__ import annotations

from campaign.messages import queries, review
from campaign.messages.message import Message
from campaign.storage.database import Database
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY

KEYS = (APPROVAL_KEY,)


def get(database: Database, identifier: str) -> Message:
    """Read one message."""
    with database.read() as connection:
        return queries.get(connection, identifier)


def approve(database: Database, identifier: str, **options: str) -> Message:
    return database.write(lambda c: review.approve(c, identifier, "olga", KEYS, TODAY, **options))


def reject(database: Database, identifier: str, why: str = "Spam") -> Message:
    return database.write(lambda c: review.reject(c, identifier, "olga", why, TODAY))


def reopen(database: Database, identifier: str) -> Message:
    return database.write(lambda c: review.reopen(c, identifier, "olga", TODAY))


def redact(database: Database, identifier: str, cut: Flag) -> Message:
    return database.write(lambda c: review.redact(c, identifier, [cut], "olga", KEYS, TODAY))
