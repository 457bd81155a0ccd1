"""A database with many messages in every state, as the desk would have them after months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from campaign.messages import approval
from campaign.storage import bulk_insert
from campaign.storage.database import Database
from campaign.storage.tables import asides, batches, messages, slots
from campaign.text.likeness import likeness
from tests.conftest import APPROVAL_KEY, NOW, TODAY
from tests.support.sample_messages import MESSAGES

CORPUS = [words for name, words in MESSAGES.items() if name in {"English", "Belarusian", "Ukrainian"}]
ANOTHER = "m5x7"  # a message that is on a card: approved, and posted
WAITING, APPROVED, REJECTED = range(3)
DAYS = 60  # on which they came
REVIEWERS = ("olga", "petr", "ivan")


def fill(database: Database, waiting: int) -> None:
    """Store so many messages that wait, and as many again that were decided."""
    database.write(lambda connection: _fill(connection, waiting))


def _fill(connection: Connection, waiting: int) -> None:
    bulk_insert.insert(connection, messages, list(_messages(waiting)))
    for number, (first, state) in enumerate(((5, "posted"), (9, "rendered")), 1):
        values = {
            "campaign": "mikita", "number": number, "state": state, "press": {"per_sheet": 4}, "files": [],
            "cards": waiting // 8, "planned_at": NOW, "posted_on": TODAY if state == "posted" else None,
        }  # fmt: skip
        (batch,) = connection.execute(insert(batches).values(values)).inserted_primary_key or ()
        on_cards = [
            {"batch": batch, "message": ANOTHER if n == 5 else f"m{n}x{n % 10}", "card": card}
            | {"position": 1, "live": True, "text_sha256": ""}
            for card, n in enumerate(range(first, 2 * waiting, 16), 1)
        ]
        bulk_insert.insert(connection, slots, on_cards)
    kept = [
        {"message": f"m{n}x{n % 10}", "note": "Who?", "by": "olga", "on": TODAY} for n in range(0, 100, 2)
    ]
    bulk_insert.insert(connection, asides, kept)


def _messages(waiting: int) -> Iterator[dict[str, Any]]:
    for number in range(2 * waiting):
        language, words, first_name = CORPUS[number % len(CORPUS)]
        text = f"{words} In our window burns a candle: number {number}."
        identifier = ANOTHER if number == 5 else f"m{number}x{number % 10}"
        yield _row(number, 2 * waiting, identifier, text, first_name, language)


def _row(
    number: int, rows: int, identifier: str, text: str, first_name: str, language: str
) -> dict[str, Any]:
    # Half of them wait; of those decided every fourth was rejected.
    kind = WAITING if number % 2 == 0 else REJECTED if number % 8 == 3 else APPROVED
    flags = [{"kind": "email", "field": "message", "start": 0, "end": 4}] if number % 20 == 1 else []
    signed = approval.sign([APPROVAL_KEY], identifier, "mikita", text, first_name)
    return {
        "id": identifier, "campaign": "mikita", "state": ("waiting", "approved", "rejected")[kind],
        "text": text, "first_name": first_name, "language": language, "flags": flags,
        "flood": number % 100 == 0, "wall": False, "updates": False,
        "received_on": TODAY - timedelta(days=DAYS - 1 - number * DAYS // rows),
        "consent_version": "1", "consent_language": language, "likeness": likeness(text),
        "receipt_digest": None, "approval": signed if kind == APPROVED else None,
        "reviewed_by": None if kind == WAITING else REVIEWERS[number // 8 % len(REVIEWERS)],
        "reviewed_on": None if kind == WAITING else TODAY,
        "reason": "Spam" if kind == REJECTED else None, "translation": None, "redactions": [],
        "erased_on": None,
    }  # fmt: skip
