"""Approved messages and a plain picture for the tests of the press."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from campaign.messages import approval
from campaign.storage.database import Database
from campaign.storage.tables import messages
from tests.conftest import APPROVAL_KEY, TODAY

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 91 134">
<rect width="91" height="134" fill="#112"/><rect x="30" y="40" width="30" height="60" fill="#fb4"/></svg>"""

_numbers = itertools.count(1)


def picture(folder: Path) -> Path:
    """Write a picture that takes no time to draw."""
    path = folder / "illustration.svg"
    path.write_text(PICTURE)
    return path


def approve(
    database: Database,
    texts: Sequence[str | tuple[str, str]],
    *,
    language: str = "en",
    campaign: str = "mikita",
    received_on: date = TODAY,
) -> list[str]:
    """Store approved messages, each a text or a text and a first name, and return their ids."""
    rows = [_row(text, language, campaign, received_on) for text in texts]
    database.write(lambda connection: connection.execute(insert(messages), rows) and None)
    return [str(row["id"]) for row in rows]


def _row(text: str | tuple[str, str], language: str, campaign: str, received_on: date) -> dict[str, object]:
    words, name = (text, "Anna") if isinstance(text, str) else text
    identifier = f"m{next(_numbers)}"
    return {
        "id": identifier,
        "campaign": campaign,
        "state": "approved",
        "text": words,
        "first_name": name,
        "language": language,
        "flags": [],
        "received_on": received_on,
        "consent_version": "1",
        "consent_language": "en",
        "likeness": identifier,
        "receipt_digest": identifier,
        "redactions": [],
        "approval": approval.sign([APPROVAL_KEY], identifier, campaign, words, name),
    }
