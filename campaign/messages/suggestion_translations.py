"""Translations of suggestions: for what a supporter borrowed unchanged, the editors made one."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.content.campaign import Campaign
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


def language_of_translations(campaign: Campaign) -> str:
    """Name the language of the suggestions that stand for others: one that the recipient reads, else none."""
    return next((code for code in campaign.recipient.languages if code in campaign.editions), "")
