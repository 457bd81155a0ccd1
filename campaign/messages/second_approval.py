"""Where two people are asked: that they differ, and the first one's approval until another has read it too.

Each is signed in its person's name over the exact words: whoever writes to the database makes none, and gives
none to another person or to other words. It goes with any change of the words and with any decision.
What takes an open `Connection` and changes something is meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Delete, delete, exists, func, select, update

from campaign.messages import approval, print_choice
from campaign.messages.message import Message, MessageError
from campaign.messages.print_choice import Prints
from campaign.storage.bulk_insert import insert_new
from campaign.storage.staff_tables import NAME
from campaign.storage.tables import asides, first_approvals, messages


@dataclass(frozen=True)
class FirstApproval:
    """Who approved first, when, and what they signed."""

    by: str
    on: date
    part: str


def get_first(connection: Connection, message: Message, keys: Sequence[str]) -> FirstApproval | None:
    """Return who approved exactly these words first; none where no key here signed it."""
    chosen = select(first_approvals).where(first_approvals.c.message == message.id)
    row = connection.execute(chosen).one_or_none()
    words = print_choice.signed(message.id, message.campaign, message)
    if row is None or not approval.valid_part(keys, row.by, row.part, *words):
        return None
    return FirstApproval(row.by, row.on, row.part)


def keep(connection: Connection, identifier: str, by: str, part: str, today: date) -> None:
    """Keep what one of two signed, in the place of what was kept before."""
    connection.execute(_of(identifier))
    insert_new(connection, first_approvals, [{"message": identifier, "by": by, "on": today, "part": part}])


def drop(connection: Connection, identifier: str) -> bool:
    """Forget a first approval, and what a card was to show by it; False when there was none."""
    if connection.execute(_of(identifier)).rowcount != 1:
        return False
    waits = (messages.c.id == identifier, messages.c.state == "waiting")
    connection.execute(update(messages).where(*waits).values(prints="original"))
    return True


def _of(identifier: str) -> Delete:
    return delete(first_approvals).where(first_approvals.c.message == identifier)


def by_whom(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    """Return who approved which of these messages first, as it is written there: to be shown in a list."""
    chosen = select(first_approvals.c.message, first_approvals.c.by)
    found = connection.execute(chosen.where(first_approvals.c.message.in_(identifiers)))
    return {row.message: row.by for row in found if NAME.fullmatch(row.by)}


def count(connection: Connection, campaign: str) -> tuple[dict[str, int], int]:
    """Count the messages that wait for a second pair of eyes, by who approved first; and those of a flood."""
    chosen = (
        select(first_approvals.c.by, messages.c.flood, func.count())
        .join(messages, messages.c.id == first_approvals.c.message)
        .where(messages.c.campaign == campaign, messages.c.state == "waiting")
        .where(~exists().where(asides.c.message == messages.c.id))
        .group_by(first_approvals.c.by, messages.c.flood)
    )
    by_whom, of_a_flood = dict[str, int](), 0
    for by, flood, number in connection.execute(chosen):
        by_whom[by] = by_whom.get(by, 0) + number
        of_a_flood += number if flood else 0
    return by_whom, of_a_flood


def must_differ(identifier: str, by: str, earlier: str | None, did: str) -> None:
    """Ask for the eyes of two different people.

    Raises:
        MessageError: it was the same person before.
    """
    if by == earlier:
        raise MessageError(
            f"{identifier}: {by} {did} it already, and two are asked; somebody else has to approve it too"
        )


def approving_translation(message: Message, prints: Prints, by: str, *, two: bool) -> Message:
    """Return a message as it would be printed, if this person may approve that.

    A translation is approved by somebody who did not make it. Of `two` who approve one is that already.

    Raises:
        MessageError: there is no translation, or it is their own.
    """
    if prints != "original":
        if not message.has_card_translation:
            raise MessageError(f"{message.id}: it has no translation for a card yet; write one first")
        if not two:
            must_differ(message.id, by, message.translated_by, "translated")
    return replace(message, prints=prints)
