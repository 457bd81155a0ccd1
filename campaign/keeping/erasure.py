"""Erasure: a supporter's right to take everything back. Bytes go, rows stay, and the log keeps no content.

Every function takes an open `Connection`; `database.checkpoint` then takes the bytes out of SQLite's log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, delete, insert, select, update

from campaign.keeping import made_keepsakes
from campaign.keeping.backup_copies import BackupCopy, copies_holding
from campaign.ledger import recalls
from campaign.ledger.recalls import Recall
from campaign.messages import asides, presence, receipts, second_approval, uncut_words
from campaign.messages.message import Message, MessageError
from campaign.messages.queries import get
from campaign.storage.tables import batches, details, erasures, messages, slots, used_tokens


class ReceiptUnknown(MessageError):
    """No message has this receipt code, or no longer."""


@dataclass(frozen=True)
class Erased:
    """What became of a message that was taken back.

    `recall` is the card to take out of the pile before it is posted. `posted`: its card is on its way, and
    only what is kept here is gone. `sheets` names the batches whose rendered files hold the words.
    `in_keepsake`: a keepsake for the family holds them.
    """

    message: str
    campaign: str
    received_on: date
    recall: Recall | None
    posted: bool
    sheets: tuple[int, ...]
    backups: tuple[BackupCopy, ...] = ()
    in_keepsake: bool = False


def withdraw(connection: Connection, receipt: str, today: date) -> Erased:
    """Take a message and its details back, with the receipt code that was shown after sending.

    Raises:
        ReceiptUnknown: no message has this code; one that was taken back already has none.
    """
    chosen = select(messages.c.id).where(messages.c.receipt_digest == receipts.digest(receipt))
    identifier = connection.scalar(chosen.with_for_update())
    if identifier is None:
        raise ReceiptUnknown("no message has this receipt code; it may have been taken back already")
    return erase(connection, identifier, "withdrawn", today)


def erase(connection: Connection, identifier: str, why: str, today: date) -> Erased:
    """Erase a message's words and details; what was counted and where its card went stays known.

    Raises:
        MessageError: there is no such message, or it was erased before.
    """
    # Who erases or claims it at this moment is waited for.
    connection.execute(select(messages.c.id).where(messages.c.id == identifier).with_for_update())
    message = get(connection, identifier)
    if message.erased_on is not None:
        raise MessageError(f"{identifier}: it was erased on {message.erased_on}")
    recall = recalls.withdraw(connection, identifier)  # first: it holds the batch, so that its state stays
    places = _places(connection, identifier)
    posted = any(place.state == "posted" and place.live for place in places)
    _blank(connection, message, state=message.state if posted else "withdrawn", today=today)
    erase_details(connection, message, why, today)
    log_erasure(connection, message, "message", why, today)
    in_keepsake = any(place.in_book_on for place in places)
    if in_keepsake and why != made_keepsakes.RETENTION:
        made_keepsakes.take_back(connection, message.campaign)
    return Erased(
        message=identifier,
        campaign=message.campaign,
        received_on=message.received_on,
        recall=recall,
        posted=posted,
        sheets=tuple(sorted({place.number for place in places if place.state != "planned"})),
        backups=tuple(copies_holding(connection, message.received_on, today)),
        in_keepsake=in_keepsake,
    )


def erase_details(connection: Connection, message: Message, why: str, today: date) -> bool:
    """Erase a message's sealed details alone; False when it has none."""
    gone = connection.execute(delete(details).where(details.c.message == message.id)).rowcount == 1
    if gone:
        log_erasure(connection, message, "details", why, today)
    return gone


def log_erasure(connection: Connection, message: Message, what: str, why: str, today: date) -> None:
    """Log that something was erased, without anything of it."""
    entry = {"campaign": message.campaign, "message": message.id, "what": what, "why": why}
    connection.execute(insert(erasures).values(erased_on=today, **entry))


def _places(connection: Connection, identifier: str) -> list[Row[tuple[bool, date | None, int, str]]]:
    chosen = select(slots.c.live, slots.c.in_book_on, batches.c.number, batches.c.state).join(
        batches, batches.c.id == slots.c.batch
    )
    return list(connection.execute(chosen.where(slots.c.message == identifier)))


def _blank(connection: Connection, message: Message, *, state: str, today: date) -> None:
    """Overwrite every column that holds something of the words or of their writer.

    The used token stays, so that the same post cannot come back; its digest of the words goes.
    """
    connection.execute(
        update(messages)
        .where(messages.c.id == message.id)
        .values(
            state=state,
            text="",
            first_name="",
            flags=[],
            likeness="",
            receipt_digest=None,
            approval=None,
            reason=None,
            translation=None,
            translated_into=None,
            translated_by=None,
            prints="original",
            redactions=[],
            wall=False,
            updates=False,
            erased_on=today,
        )
    )
    uncut_words.drop(connection, message.id)
    asides.take_up(connection, message.id)
    second_approval.drop(connection, message.id)
    presence.release(connection, message.id)
    connection.execute(update(used_tokens).where(used_tokens.c.message == message.id).values(words_digest=""))
    connection.execute(update(slots).where(slots.c.message == message.id).values(text_sha256=""))
