"""Submission: a supporter's message stored once, with its sealed details and its used token, all together."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from campaign.messages import print_choice, receipts
from campaign.messages.message import MessageError
from campaign.storage.bulk_insert import insert, insert_new
from campaign.storage.tables import details, messages, used_tokens
from campaign.text.flag import Flag
from campaign.text.likeness import likeness

ID_BYTES = 16  # 128 bits: nobody finds a message by trying


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
    translation: str = ""  # the editors' own, where the words are one of their suggestions
    translated_into: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the supporter is given: the code that takes the message back. `again`: it was stored before."""

    message: str
    code: str
    again: bool = False


@dataclass(frozen=True)
class Post:
    """A submission and what lets it in: the id of its token, valid until `expires_at`.

    `keys` are the secret key and its fallbacks, `today` is the day that is kept of the time of receipt.
    """

    submission: Submission
    token: str
    expires_at: datetime
    keys: Sequence[str]
    today: date

    @property
    def words(self) -> tuple[str, ...]:
        """What makes a second post the same as the first."""
        return self.submission.campaign, self.submission.text, self.submission.first_name


def submit_together(connection: Connection, posts: Sequence[Post]) -> list[Receipt]:
    """Store messages, each with its sealed details and its used token, and return their receipts.

    The same token with the same text and first name stores nothing and returns the first receipt; details are
    not compared, because no digest of them is kept. Of a token only the day is kept on which it expires.

    Raises:
        TokenConflict: a token was used for other words; or among several posts one was used at all, and each
            must be submitted alone.
    """
    identifiers = [_new_id() for _ in posts]
    claims = [_claim(post, identifier) for post, identifier in zip(posts, identifiers, strict=True)]
    if not insert_new(connection, used_tokens, claims):
        if len(posts) > 1:
            raise TokenConflict("one of these forms was sent already; submit each of them alone")
        return [_first_receipt(connection, posts[0])]
    receipts_of = [
        Receipt(i, receipts.code(p.keys[0], p.token)) for p, i in zip(posts, identifiers, strict=True)
    ]
    insert(connection, messages, [_row(*one) for one in zip(posts, receipts_of, strict=True)])
    sealed = [
        {"message": identifier, "sealed": post.submission.sealed}
        for post, identifier in zip(posts, identifiers, strict=True)
        if post.submission.sealed is not None
    ]
    insert(connection, details, sealed)
    return receipts_of


def mark_as_flood(connection: Connection, identifiers: Sequence[str]) -> None:
    """Mark messages as part of a flood that was noticed after they came."""
    connection.execute(update(messages).where(messages.c.id.in_(identifiers)).values(flood=True))


def _claim(post: Post, identifier: str) -> dict[str, Any]:
    return {
        "token": post.token,
        "message": identifier,
        "words_digest": receipts.words_digest(post.keys[0], *post.words),
        "expires_at": _end_of_day(post.expires_at),
    }


def _first_receipt(connection: Connection, post: Post) -> Receipt:
    row = connection.execute(select(used_tokens).where(used_tokens.c.token == post.token)).one()
    key = receipts.matching_key(post.keys, row.words_digest, *post.words)
    if key is None:
        raise TokenConflict(
            "this form was sent already, with other words; open it again to send another message"
        )
    return Receipt(row.message, receipts.code(key, post.token), again=True)


def _row(post: Post, receipt: Receipt) -> dict[str, Any]:
    submission = post.submission
    return {
        "id": receipt.message,
        "campaign": submission.campaign,
        "state": "waiting",
        "text": submission.text,
        "first_name": submission.first_name,
        "language": submission.language,
        "flags": [flag.as_dict() for flag in submission.flags],
        "flood": submission.flood,
        "wall": submission.wall,
        "updates": submission.updates,
        "received_on": post.today,
        "consent_version": submission.consent_version,
        "consent_language": submission.consent_language,
        "likeness": likeness(submission.text),
        "receipt_digest": receipts.digest(receipt.code),
        "redactions": [],
        **print_choice.translated(submission.translation, print_choice.EDITORS, submission.translated_into),
    }


def _end_of_day(moment: datetime) -> datetime:
    """Keep the day alone: the moment would tell when the message was written."""
    day = moment.astimezone(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(ID_BYTES)).decode().rstrip("=").lower()
