"""Two different people: where one person's word is not enough to have something printed."""

from __future__ import annotations

from dataclasses import replace

from campaign.messages.message import Message, MessageError
from campaign.messages.print_choice import Prints


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
