"""Suggestions: words to borrow, and the same ones in a language that the person reads."""

from __future__ import annotations

from campaign.content.campaign import Campaign
from campaign.content.edition import Edition


def read_by_the_person(campaign: Campaign, edition: Edition) -> Edition | None:
    """Return the edition whose suggestions pair with these, place by place; None where none is needed."""
    read = campaign.recipient.languages
    if not edition.suggestions or edition.language in read:
        return None
    others = (campaign.editions[code] for code in read if code in campaign.editions)
    return next((one for one in others if len(one.suggestions) == len(edition.suggestions)), None)
