"""Whether a message can be printed, and how it will look: what staff see before they approve it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.fitting import UNREADABLE, misfit, plainly_fits
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign_toml.card import CardFacts
from campaign.content.campaign_toml.facts import Facts
from campaign.messages import print_choice, review_flags
from campaign.messages.message import Message, MessageError
from campaign.messages.print_choice import Prints
from campaign.text.flag import Flag
from campaign.text.language_detection import is_read

if TYPE_CHECKING:
    from campaign.cards.card_picture import Preview


def planned_prints(campaign: Facts, message: Message) -> Prints:
    """Say what a card is to show: of what the recipient does not read, what the campaign asks."""
    asked = campaign.card.print
    return "original" if asked == "original" or is_read(message.text, campaign.recipient.languages) else asked


def picture(card: CardFacts, message: Message, prints: Prints = "original") -> Preview:
    """Set a message as on a card of its own where the campaign prints one a card, else as among others.

    Raises:
        CannotSet: naming the characters that no font draws, or by how many lines it is too long.
    """
    from campaign.cards.card_picture import preview_wording  # late: it loads MuPDF, and flags need none

    alone = card.messages_per_card == 1
    return preview_wording(print_choice.wording(message, prints), CARD_SIZES[card.size], alone=alone)


def add_all_flags(
    connection: Connection, some: Sequence[Message], campaign: Facts, *, duplicates: bool = True
) -> list[Message]:
    """Return the messages with all flags that staff see; `does-not-fit` is one of them.

    Where their number is told instead, `duplicates` are not looked for.
    """
    languages, own_names = campaign.recipient.languages, campaign.own_names
    looked = review_flags.add_review_flags(connection, some, languages, own_names, duplicates=duplicates)
    fits = ((message, fit_flags(campaign.card, message)) for message in looked)
    return [replace(message, flags=message.flags + more) if more else message for message, more in fits]


def fit_flags(card: CardFacts, message: Message) -> tuple[Flag, ...]:
    """Flag each row of characters that no font draws, or the whole of a text that is too long."""
    words = (message.text, message.first_name, message.language)
    fault = None if plainly_fits(card.size, *words) else misfit(card.size, *words)
    if fault is None:
        return ()
    fields = {"message": message.text, "first_name": message.first_name}
    flags = tuple(
        Flag("does-not-fit", field, *span)
        for field, text in fields.items()
        for span in _spans(text, fault.characters)
    )
    return flags or (Flag("does-not-fit", "message"),)


def must_fit(card: CardFacts, message: Message, prints: Prints = "original") -> None:
    """Refuse a message that cannot be printed before it is approved, or it would wait for ever unseen.

    It takes a moment, so ask before a write begins; the approval is bound to the same words by `seen`.

    Raises:
        MessageError: naming the message, in the words of the press.
    """
    if fault := misfit(card.size, *print_choice.wording(message, prints)) or _unreadable(
        card, message, prints
    ):
        raise MessageError(f"{message.id}: {fault}")


def _unreadable(card: CardFacts, message: Message, prints: Prints) -> CannotSet | None:
    """Look at the card as the proof of its batch will, which would hold the whole batch up."""
    readable = picture(card, message, prints).reads(print_choice.wording(message, prints))
    return None if readable else CannotSet(UNREADABLE)


def _spans(text: str, characters: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find the rows of characters, longest first so that no sequence is taken for a part of it."""
    if not characters:
        return
    each = "|".join(re.escape(one) for one in sorted(set(characters), key=len, reverse=True))
    for row in re.finditer(rf"(?:{each})(?:\s*(?:{each}))*", text):
        yield row.span()
