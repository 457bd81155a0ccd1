"""Submission: a supporter's message stored once, with its sealed details and its used token, all together."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from campaign.inserting import insert, insert_new
from campaign.messages import MessageError, receipts
from campaign.tables import details, messages, used_tokens
from campaign.text.flags import Flag
from campaign.text.matching import likeness


class TokenConflict(MessageError):
    """The token was used already, for other words."""


@dataclass(frozen=True)
class Submission:
    """What a supporter sends, normalised and with its details sealed (None when none were given)."""

    campaign: str
    text: str
    first_name: str
    language: str
    consent_version: str
    consent_language: str
    flags: tuple[Flag, ...] = ()
    sealed: bytes | None = None
    wall: bool = False
    updates: bool = False
    flood: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the supporter is given: the code that takes the message back. `again`: it was stored before."""

    message: str
    code: str
    again: bool = False


def submit(
    connection: Connection,
    submission: Submission,
    *,
    token: str,
    expires_at: datetime,
    keys: Sequence[str],
    today: date,
) -> Receipt:
    """Store a message, its sealed details and its used token together, and return its receipt.

    `token` is the token's own id, valid until `expires_at`, of which only the day is kept; `keys` are the
    secret key and its fallbacks. The same token with the same text and first name stores nothing and returns
    the first receipt; details are not compared, because no digest of them is kept.

    Raises:
        TokenConflict: the token was used for other words.
    """
    words = (submission.campaign, submission.text, submission.first_name)
    identifier = _new_id()
    claimed = {
        "token": token,
        "message": identifier,
        "words_digest": receipts.words_digest(keys[0], *words),
        "expires_at": _end_of_day(expires_at),
    }
    if not insert_new(connection, used_tokens, claimed):
        return _earlier(connection, token, keys, words)
    code = receipts.code(keys[0], token)
    insert(connection, messages, _row(submission, identifier, code, today))
    if submission.sealed is not None:
        insert(connection, details, {"message": identifier, "sealed": submission.sealed})
    return Receipt(identifier, code)


def set_apart(connection: Connection, identifiers: Sequence[str]) -> None:
    """Mark messages as of a flood that was noticed after they came."""
    connection.execute(update(messages).where(messages.c.id.in_(identifiers)).values(flood=True))


def _earlier(connection: Connection, token: str, keys: Sequence[str], words: tuple[str, ...]) -> Receipt:
    row = connection.execute(select(used_tokens).where(used_tokens.c.token == token)).one()
    key = receipts.matching_key(keys, row.words_digest, *words)
    if key is None:
        raise TokenConflict(
            "this form was sent already, with other words; open it again to send another message"
        )
    return Receipt(row.message, receipts.code(key, token), again=True)


def _row(submission: Submission, identifier: str, code: str, today: date) -> dict[str, Any]:
    return {
        "id": identifier,
        "campaign": submission.campaign,
        "state": "waiting",
        "text": submission.text,
        "first_name": submission.first_name,
        "language": submission.language,
        "flags": [flag.as_dict() for flag in submission.flags],
        "flood": submission.flood,
        "wall": submission.wall,
        "updates": submission.updates,
        "received_on": today,
        "consent_version": submission.consent_version,
        "consent_language": submission.consent_language,
        "likeness": likeness(submission.text),
        "receipt_digest": receipts.digest(code),
        "redactions": [],
    }


def _end_of_day(moment: datetime) -> datetime:
    """Keep the day alone: the moment would tell when the message was written."""
    day = moment.astimezone(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
