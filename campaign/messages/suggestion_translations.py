"""Translations of suggestions: for what a supporter borrowed unchanged, the editors made one."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, exists, update

from campaign.content.campaign import Campaign
from campaign.messages import print_choice
from campaign.messages.message import Message
from campaign.storage.tables import first_approvals, messages
from campaign.text.matching import likeness
from campaign.text.normalising import normalise


def suggested_translations(campaign: Campaign) -> Mapping[str, str]:
    """Map each suggestion, as a message would hold it, to the one at its place in the recipient's language.

    That is the first of their languages that the campaign has a page in; what is in it already needs none.
    """
    into = language_of_translations(campaign)
    own = campaign.editions[into].suggestions if into in campaign.editions else ()
    pairs = (
        pair
        for code, edition in campaign.editions.items()
        if code != into and code not in campaign.recipient.languages and len(edition.suggestions) == len(own)
        for pair in zip(edition.suggestions, own, strict=True)
    )
    return {normalise(theirs).text: normalise(ours).text for theirs, ours in pairs}


def suggested_translation(campaign: Campaign, text: str) -> str:
    """Return the editors' own translation of a text that is one of their suggestions, else nothing.

    Only where translations are printed: nobody waits for it elsewhere.
    """
    return "" if campaign.card.print == "original" else suggested_translations(campaign).get(text, "")


def is_unpaired(campaign: Campaign, message: Message) -> bool:
    """Tell whether a message lacks the editors' translation: it waited before any was printed."""
    waits = message.state == "waiting" and not message.translation
    return waits and bool(suggested_translation(campaign, message.text))


def pair_waiting(connection: Connection, campaign: Campaign) -> None:
    """Give the editors' own translations to all that wait and are suggestions; what has one keeps it.

    So does what somebody approved already as it stands.
    """
    into = language_of_translations(campaign)
    pairs = {} if campaign.card.print == "original" else suggested_translations(campaign)
    for theirs, ours in pairs.items():
        same = (messages.c.likeness == likeness(theirs), messages.c.text == theirs)
        untouched = (messages.c.state == "waiting", messages.c.translation.is_(None))
        connection.execute(
            update(messages)
            .where(messages.c.campaign == campaign.slug, *same, *untouched)
            .where(~exists().where(first_approvals.c.message == messages.c.id))
            .values(**print_choice.translated(ours, print_choice.EDITORS, into))
        )


def language_of_translations(campaign: Campaign) -> str:
    """Name the language of the suggestions that stand for others: one that the recipient reads, else none."""
    return next((code for code in campaign.recipient.languages if code in campaign.editions), "")
