"""The wall of hope: the newest approved messages whose writers let the page show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from campaign.language import locales
from campaign.language.locales import Direction
from campaign.messages import approval, print_choice, queries
from campaign.messages.message import Message
from campaign.storage.tables import messages
from campaign.text import language_detection, letters
from campaign.text.likeness import likeness
from campaign.text.suspicions import find_suspicions

# On a card the family and a censor read it, on the page everybody: what tells who wrote stays on the card.
TELLING = frozenset(
    {"link", "email", "handle", "phone", "surname", "signature-surname", "first-name-words", "postal-address"}
    | {"code"}  # such as letters with a gap after each, which may say any of these
)


@dataclass(frozen=True)
class WallMessage:
    """One message as the page shows it: the words as approved, the first name, the text's language."""

    text: str
    first_name: str
    language: str

    @property
    def direction(self) -> Direction:
        """The direction in which the text is shown, as on its card."""
        return letters.direction(self.text)


def newest(connection: Connection, campaign: str, limit: int, keys: Sequence[str]) -> tuple[WallMessage, ...]:
    """Return what may stand on the wall, the newest first; `keys` are those that sign approvals.

    A message that was changed since its approval is left out, as it is not printed either.
    """
    found = _permitted(connection, campaign, keys) if limit else ()
    return tuple(
        WallMessage(message.text, message.first_name, _language(message)) for message in islice(found, limit)
    )


def _permitted(connection: Connection, campaign: str, keys: Sequence[str]) -> Iterator[Message]:
    shown = set[str]()
    chosen = queries.of_campaign(campaign, "approved").where(messages.c.wall)
    for row in connection.execute(chosen.order_by(messages.c.sequence.desc())):
        message = queries.message_from_row(row)
        alike = likeness(message.text)
        if alike in shown:  # borrowed words come often
            continue
        words = print_choice.signed(message.id, message.campaign, message)
        suspected = {kind for kind, _ in find_suspicions(message.text)}  # which no row keeps
        told = suspected.union(flag.kind for flag in message.flags)
        if not told & TELLING and approval.valid(keys, message.approval, *words):
            shown.add(alike)
            yield message


def _language(message: Message) -> str:
    """Name the text's own language; where that is not sure, it is the page's on which it was written."""
    guess, sure = language_detection.language(message.text)
    kin = guess == message.language.split("-")[0]  # zh-Hant and zh-Hans have signs of their own
    return guess if sure and not kin and locales.known(guess) else message.language
