"""Review: a message approved, rejected, put back, cut or translated, and only onto what was read.

Every function takes an open `Connection` and is meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from campaign.messages import approval, asides, print_choice, redaction, second_approval, uncut_words
from campaign.messages.message import Message, MessageError
from campaign.messages.print_choice import Prints
from campaign.messages.queries import get
from campaign.messages.second_approval import approving_translation, must_differ
from campaign.storage.tables import batches, messages, slots
from campaign.text.flag import Flag
from campaign.text.likeness import likeness
from campaign.text.normalising import has_something

UNDECIDED = {
    "state": "waiting",
    "approval": None,
    "prints": "original",
    "reviewed_by": None,
    "reviewed_on": None,
}


def approve(
    connection: Connection,
    identifier: str,
    by: str,
    keys: Sequence[str],
    today: date,
    *,
    seen: str | None = None,
    two: bool = False,
    prints: Prints = "original",
) -> Message:
    """Approve the exact text and first name for printing, and sign them with the first approval key.

    `seen` is the fingerprint of what the reviewer saw. `prints` says what a card will show; a translation is
    signed too, and somebody else made it than approves it. Where `two` are asked the first approval is kept,
    and the message waits for one by somebody else.

    Raises:
        MessageError: its state does not allow it, the words changed since they were seen, the same person
            approved it first, or the translation is missing or their own.
    """
    message = _decidable(connection, identifier, ("waiting", "rejected"), "approved")
    if seen is not None and seen != message.fingerprint:
        raise MessageError(f"{identifier}: somebody changed it since you saw it; look at it again")
    message = approving_translation(message, prints, by, two=two)
    if two:
        _approve_as_one_of_two(connection, message, by, keys, today)
    else:
        signature = approval.sign(keys, *_signed(message))
        _decide(connection, message, by, today, state="approved", approval=signature, prints=prints)
    return get(connection, identifier)


def _approve_as_one_of_two(
    connection: Connection, message: Message, by: str, keys: Sequence[str], today: date
) -> None:
    # Its row first, so that nobody else approves it at the same moment.
    _change(connection, message, **UNDECIDED | {"reason": None, "prints": message.prints})
    waiting = replace(message, state="waiting")
    first = second_approval.get_first(connection, message, keys)
    own = approval.sign_as(by, keys, *_signed(message))
    if first is None:
        asides.take_up(connection, message.id)
        second_approval.keep(connection, message.id, by, own, today)
    else:
        must_differ(message.id, by, first.by, "approved")
        both = approval.join(first.part, own)
        _decide(connection, waiting, by, today, state="approved", approval=both, prints=message.prints)


def reject(connection: Connection, identifier: str, by: str, why: str, today: date) -> Message:
    """Keep a message from being printed, for a reason that other staff can read.

    Raises:
        MessageError: its state does not allow it, it is on a card already, or no reason is given.
    """
    if not why.strip():
        raise MessageError(f"{identifier}: say why it is rejected")
    message = _decidable(connection, identifier, ("waiting", "approved"), "rejected")
    _decide(connection, message, by, today, state="rejected", reason=why.strip())
    uncut_words.drop(connection, identifier)
    return get(connection, identifier)


def reopen(connection: Connection, identifier: str, by: str, today: date) -> Message:
    """Take a decision back: the message waits for review again.

    Where two approved it and the second takes that back, the first approval stands.

    Raises:
        MessageError: its state does not allow it, or it is on a card already.
    """
    message = _decidable(connection, identifier, ("approved", "rejected"), "put back to waiting")
    signed = approval.parts(message.approval)
    stands = message.reviewed_by == by and bool(signed.pop(by, ""))
    prints = message.prints if stands else "original"
    _decide(connection, message, by, today, prints=prints)
    if stands:
        for other, part in signed.items():
            second_approval.keep(connection, identifier, other, part, message.reviewed_on or today)
    return get(connection, identifier)


def send_back(connection: Connection, identifier: str) -> None:
    """Let an approved message wait again, flagged, because its card did not show it as it was approved."""
    message = get(connection, identifier)
    if message.state == "approved":
        flags = [*message.flags, Flag("cannot-be-printed", "message")]
        kept = [flag.as_dict() for flag in dict.fromkeys(flags)]
        _change(connection, message, flags=kept, reason=None, **UNDECIDED)


def translate(connection: Connection, identifier: str, translation: str, by: str, into: str = "") -> None:
    """Keep a translation, and who made it; an empty one takes it away. Who approved it first read another.

    Raises:
        MessageError: there is no such message, it was erased, or it is approved with the translation it has.
    """
    message = _not_erased(connection, identifier, "translated")
    if message.state == "approved" and message.prints != "original":
        raise MessageError(f"{identifier}: it is approved with its translation; put it back to waiting first")
    _change(connection, message, **print_choice.translated(translation, by, into))
    second_approval.drop(connection, identifier)


def redact(
    connection: Connection,
    identifier: str,
    cuts: Sequence[Flag],
    by: str,
    keys: Sequence[str],
    today: date,
    *,
    why: str = "",
    two: bool = False,
    own_names: Collection[str] = (),
) -> Message:
    """Cut spans out of the text and the first name; an approved message is signed anew, by whoever cuts.

    Somebody's name of which a part is cut stays flagged; `own_names` are the recipient's. Where `two` are
    asked, or a translation was approved with it, it waits again, for nobody else read what is left.

    The record says who cut in which field, when and why, and never what. What stood there is kept so that the
    cut can be undone; see `uncut_words`.

    Raises:
        MessageError: its state does not allow it, it is on a card already, or nothing would be left.
        RedactionError: there is no such place.
    """
    message = _decidable(connection, identifier, ("waiting", "approved", "rejected"), "redacted")
    text, first_name = message.text, message.first_name
    spans = redaction.join_spans({"message": text, "first_name": first_name}, cuts)
    if word := redaction.repeated_word({"message": text, "first_name": first_name}, spans, why):
        raise MessageError(
            f"{identifier}: the reason says {word!r}, which is cut; leave it out of the reason"
        )
    flags = (*message.flags, *redaction.names_cut_by_half(message, spans, own_names))
    text, first_name, flags = redaction.redact(text, first_name, flags, spans)
    if not has_something(text) or not has_something(first_name):
        raise MessageError(f"{identifier}: nothing would be left; reject it instead")
    fields = dict.fromkeys(span.field for span in spans)
    entries = [{"by": by, "on": today.isoformat(), "field": one, "why": why.strip()} for one in fields]
    if message.state != "rejected":
        uncut_words.keep(connection, message, today)
    signed: dict[str, Any] = {"approval": None}
    if message.state == "approved":
        again = approval.sign(keys, message.id, message.campaign, text, first_name)
        signed = UNDECIDED if two or message.prints != "original" else {"approval": again}
    _change(
        connection,
        message,
        text=text,
        first_name=first_name,
        flags=[flag.as_dict() for flag in flags],
        likeness=likeness(text),
        **print_choice.UNTRANSLATED,  # it may hold what was cut
        redactions=[*message.redactions, *entries],
        **signed,
    )
    second_approval.drop(connection, identifier)
    return get(connection, identifier)


def restore(connection: Connection, identifier: str) -> Message:
    """Put back what was cut out; the message waits, for nobody approved these words.

    Raises:
        MessageError: its state does not allow it, it is on a card already, or the words are kept no more.
    """
    message = _decidable(connection, identifier, ("waiting", "approved"), "put back as it was")
    original = uncut_words.get_original(connection, identifier)
    if original is None:
        raise MessageError(f"{identifier}: what was cut out is not kept any more")
    _change(connection, message, **original.values, likeness=likeness(original.text), **UNDECIDED)
    uncut_words.drop(connection, identifier)
    second_approval.drop(connection, identifier)
    return get(connection, identifier)


def _signed(message: Message) -> tuple[str, ...]:
    return print_choice.signed(message.id, message.campaign, message)


def _not_erased(connection: Connection, identifier: str, what: str) -> Message:
    message = get(connection, identifier)
    if message.erased_on is not None:
        raise MessageError(f"{identifier}: it was erased; nothing is left that could be {what}")
    return message


def _decidable(connection: Connection, identifier: str, states: tuple[str, ...], what: str) -> Message:
    message = _not_erased(connection, identifier, what)
    if message.state not in states:
        raise MessageError(f"{identifier}: it is {message.state}; only {' or '.join(states)} can be {what}")
    if message.state == "approved" and (number := _live_batch(connection, identifier)):
        raise MessageError(f"{identifier}: it is on a card of batch {number}; void that card first")
    return message


def _live_batch(connection: Connection, identifier: str) -> int | None:
    """Return the number of the batch that holds a live slot of this message; a claim of it is waited for."""
    connection.execute(select(messages.c.id).where(messages.c.id == identifier).with_for_update())
    chosen = select(batches.c.number).join(slots, slots.c.batch == batches.c.id)
    return connection.scalar(chosen.where(slots.c.message == identifier, slots.c.live))


def _decide(connection: Connection, message: Message, by: str, today: date, **decided: Any) -> None:
    by_whom = {"reason": None, "reviewed_by": by, "reviewed_on": today}
    _change(connection, message, **UNDECIDED | by_whom | decided)
    asides.take_up(connection, message.id)
    second_approval.drop(connection, message.id)


def _change(connection: Connection, message: Message, **values: Any) -> None:
    """Write only onto the state and the words that were read: somebody else may have been quicker."""
    unchanged = (
        messages.c.id == message.id,
        messages.c.state == message.state,
        messages.c.text == message.text,
        messages.c.first_name == message.first_name,
        messages.c.translation.is_not_distinct_from(message.translation),
    )
    if connection.execute(update(messages).where(*unchanged).values(values)).rowcount != 1:
        raise MessageError(f"{message.id}: {_what_changed(get(connection, message.id), message)}")


def _what_changed(now: Message, read: Message) -> str:
    """Say what somebody else did to a message after it was read."""
    if now.erased_on is not None:
        return "it was erased meanwhile; nothing is left of it"
    if now.state != read.state:
        return f"somebody else was quicker: it is {now.state} now; look at it again"
    return "somebody else changed its words meanwhile; look at it again"
