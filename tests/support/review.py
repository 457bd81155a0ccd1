"""Messages reviewed for tests: what a member of staff does to one, and the card that holds it."""

from __future__ import annotations

from sqlalchemy import insert

from campaign import messages
from campaign.database import Database
from campaign.messages import Message, review
from campaign.tables import batches, slots
from campaign.text.flags import Flag
from tests.conftest import APPROVAL_KEY, NOW, TODAY

KEYS = (APPROVAL_KEY,)


def get(database: Database, identifier: str) -> Message:
    """Read one message."""
    with database.read() as connection:
        return messages.get(connection, identifier)


def approve(database: Database, identifier: str, **options: str) -> Message:
    return database.write(lambda c: review.approve(c, identifier, "olga", KEYS, TODAY, **options))


def reject(database: Database, identifier: str, why: str = "Spam") -> Message:
    return database.write(lambda c: review.reject(c, identifier, "olga", why, TODAY))


def reopen(database: Database, identifier: str) -> Message:
    return database.write(lambda c: review.reopen(c, identifier, "olga", TODAY))


def redact(database: Database, identifier: str, cut: Flag) -> Message:
    return database.write(lambda c: review.redact(c, identifier, cut, "olga", KEYS, TODAY))


def put_on_card(database: Database, identifier: str, state: str, number: int = 1) -> None:
    """Put a message on a card of a batch, as the ledger does."""
    batch = {
        "campaign": "mikita",
        "number": number,
        "state": state,
        "press": {"per_sheet": 4},
        "files": [],
        "cards": 1,
        "planned_at": NOW,
    }
    slot = {"message": identifier, "card": 1, "position": 1, "text_sha256": "0" * 64, "live": True}

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        (key,) = connection.execute(insert(batches).values(batch)).inserted_primary_key
        connection.execute(insert(slots).values(batch=key, **slot))

    database.write(work)
