"""Flags found when staff review, because they take time or change with what comes later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from sqlalchemy import Connection, bindparam, func, select

from campaign.messages.message import Message
from campaign.storage.chunks import chunks
from campaign.storage.tables import messages
from campaign.text.flag import Flag
from campaign.text.flags import signs_as_kin
from campaign.text.language_detection import is_read
from campaign.text.likeness import likeness
from campaign.text.other_names import find_other_names
from campaign.text.suspicions import Span, Suspicion, find_suspicions

Suspicions = Sequence[tuple[Suspicion, Span]]
ADDRESSES = {"phone", "email", "handle", "link"}


def add_review_flags(
    connection: Connection,
    found: Sequence[Message],
    languages: Sequence[str],
    own_names: Collection[str] = (),
    *,
    duplicates: bool = True,
) -> list[Message]:
    """Return the messages with six more kinds of flags, the first two on the whole text.

    `duplicate`: an earlier message says the same, perhaps written otherwise; not looked for without
    `duplicates`. `language`: it is in none of the `languages` that the recipient reads. `other-name`: perhaps
    somebody is named; `own_names` are the recipient's. `code` and `postal-address`: what a censor may take
    for more than a greeting. `hostile`: what may be no greeting at all.
    """
    shared = [likeness(message.text) for message in found] if duplicates else []
    first = _first_alike(connection, shared)
    looked = []
    for message, alike in zip_longest(found, shared):
        suspicions = tuple(find_suspicions(message.text))
        flags = (
            *message.flags,
            *_found_on_review(message, first.get((message.campaign, alike)), languages),
            *_others(message, own_names, suspicions),
            *_suspicions(message, suspicions),
        )
        looked.append(message if flags == message.flags else replace(message, flags=flags))
    return looked


_ALIKE = select(func.count()).where(
    messages.c.likeness == bindparam("likeness"),
    messages.c.campaign == bindparam("campaign"),
    messages.c.id != bindparam("message"),
    messages.c.erased_on.is_(None),
)


def count_alike(connection: Connection, message: Message) -> int:
    """Count the other messages of the campaign that say the same, however written."""
    asked = {"likeness": likeness(message.text), "campaign": message.campaign, "message": message.id}
    return connection.scalar(_ALIKE, asked) or 0


def _found_on_review(message: Message, first: int | None, languages: Sequence[str]) -> Iterator[Flag]:
    if first is not None and first < message.order:
        yield Flag("duplicate", "message")
    if not is_read(message.text, languages, message.language):
        yield Flag("language", "message")


def _others(message: Message, own_names: Collection[str], suspicions: Suspicions) -> tuple[Flag, ...]:
    """Flag names of others, but not what is flagged as the writer's own name, or as a street and no more."""
    signed = [
        (flag.start or 0, flag.end or 0)
        for flag in message.flags
        if flag.kind == "signature-surname" and flag.end
    ]
    places = [span for kind, span in suspicions if kind == "postal-address"]
    return tuple(
        Flag("other-name", "message", start, end)
        for start, end in find_other_names(message.text, own_names, message.language)
        if not signs_as_kin(" ".join(message.text[start:end].split()), message.first_name)
        and not any(first < end and start < last for first, last in signed)
        and not any(first <= start and end <= last for first, last in places)
    )


def _suspicions(message: Message, suspicions: Suspicions) -> tuple[Flag, ...]:
    """Flag what looks like code or an address, but no telephone number, link or address known as such.

    An insult is one also where it is written as an e-mail address: b@stards.
    """
    known = [flag for flag in message.flags if flag.kind in ADDRESSES and flag.start is not None]
    return tuple(
        Flag(kind, "message", start, end)
        for kind, (start, end) in suspicions
        if kind == "hostile" or not any((one.start or 0) < end and start < (one.end or 0) for one in known)
    )


_FIRST = (
    select(messages.c.campaign, messages.c.likeness, func.min(messages.c.sequence))
    .where(messages.c.likeness.in_(bindparam("some", expanding=True)), messages.c.erased_on.is_(None))
    .group_by(messages.c.campaign, messages.c.likeness)
)


def _first_alike(connection: Connection, shared: Iterable[str]) -> dict[tuple[str, str], int]:
    """Map what texts have in common, within a campaign, to the first message that has it."""
    first: dict[tuple[str, str], int] = {}
    for some in chunks(set(shared)):
        rows = connection.execute(_FIRST, {"some": some}).all()
        first |= {(row[0], row[1]): row[2] for row in rows}
    return first
