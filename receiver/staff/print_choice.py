"""What a card is to show of the message that is reviewed: its words, a translation, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkzeug.exceptions import BadRequest

from campaign.cards.fitting import misfit
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign import Campaign
from campaign.language import locales
from campaign.messages import print_choice
from campaign.messages.message import Message
from campaign.messages.print_choice import CHOICES, Prints
from campaign.press import printability

NAMED: Mapping[Prints, str] = {
    "original": "as it was written",
    "translation": "its translation alone",
    "both": "its translation, and under it as it was written",
}


@dataclass(frozen=True)
class Printing:
    """How one message is to be printed, and what stands in the way.

    `asked`: the campaign has translations printed; `needed`: this message would need one. `missing`: there is
    none yet. `own`: who looks at it made it, and somebody else has to approve it. `others` are the choices
    besides the one shown.
    """

    prints: Prints
    asked: bool
    needed: bool
    missing: bool
    own: bool
    into: str
    misfit: CannotSet | None
    others: tuple[tuple[Prints, str], ...]

    @property
    def named(self) -> str:
        """Say in words what is shown."""
        return NAMED[self.prints]


def requested_prints(given: Mapping[str, str], campaign: Campaign) -> Prints:
    """Return what a form or an address says that a card shall show; the original where no other is printed.

    Raises:
        BadRequest: it says nothing, or something else.
    """
    if campaign.card.print == "original":
        return "original"
    named = given.get("prints")
    for choice in CHOICES:
        if choice == named:
            return choice
    raise BadRequest


def shown_prints(
    campaign: Campaign, message: Message, given: Mapping[str, str], *, once: bool = False
) -> Prints | None:
    """Say what a card shows as it was approved, be it `once`, or as the address asks; None without either."""
    if once or message.state == "approved" or message.prints != "original":
        return next((choice for choice in CHOICES if choice == message.prints), "original")
    return requested_prints(given, campaign) if "prints" in given else None


def choose_printing(
    campaign: Campaign, message: Message, reader: str, given: Mapping[str, str], *, once: bool = False
) -> Printing:
    """Say how a message is to be printed: as approved, as the address asks, or as the campaign does."""
    planned = printability.planned_prints(campaign, message)
    asked = campaign.card.print != "original"
    prints = shown_prints(campaign, message, given, once=once) or planned
    missing = prints != "original" and not message.has_card_translation
    two = campaign.review.second_approval
    return Printing(
        prints=prints,
        asked=asked,
        needed=planned != "original",
        missing=missing,
        own=prints != "original" and not two and message.translated_by == reader,
        into=locales.told_name(campaign.translated_into) if asked else "",
        misfit=None if missing else misfit(campaign.card.size, *print_choice.wording(message, prints)),
        others=tuple(_others(prints, planned, message)) if asked else (),
    )


def _others(prints: Prints, planned: Prints, message: Message) -> Iterator[tuple[Prints, str]]:
    """Yield what else could be printed; without a translation that is the original, where more is planned."""
    for choice, named in NAMED.items():
        if choice != prints and (message.has_card_translation or (choice == "original" != planned)):
            yield choice, named
