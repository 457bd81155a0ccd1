"""Batches for tests that need no press: messages on cards, as the ledger keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, insert, select

from campaign.messages.message import text_sha256
from campaign.storage.database import Database
from campaign.storage.tables import batches, messages, slots
from tests.conftest import NOW, TODAY


def put_in_batch(
    database: Database,
    ids: Sequence[str],
    number: int = 1,
    on: date = TODAY,
    state: str = "posted",
    *,
    first: int = 1,
) -> None:
    """Put messages into a new batch, one a card from card `first` on; a posted one went `on` that day."""
    batch = {"campaign": "mikita", "number": number, "state": state, "press": {"per_sheet": 4}, "files": []}
    batch |= {
        "cards": first - 1 + len(ids),
        "planned_at": NOW,
        "posted_on": on if state == "posted" else None,
    }

    def work(connection: Connection) -> None:
        (key,) = connection.execute(insert(batches).values(batch)).inserted_primary_key or ()
        words = {row.id: row.text for row in connection.execute(select(messages.c.id, messages.c.text))}
        rows = [
            {"batch": key, "message": one, "card": card, "position": 1, "live": True}
            | {"text_sha256": text_sha256(words[one])}
            for card, one in enumerate(ids, first)
        ]
        connection.execute(insert(slots), rows)

    database.write(work)
