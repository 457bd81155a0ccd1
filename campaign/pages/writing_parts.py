"""What the page's script needs once somebody writes, beside the words of templates/parts.html."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campaign.content.campaign import Campaign
from campaign.settings import Settings
from campaign.text import matching
from campaign.text.letters import script_codes


def context(campaign: Campaign, settings: Settings, address: str) -> dict[str, Any]:
    """Return what the template reads; `address` is the path of the page that the thanks share."""
    return {
        "receiver": f"{settings.receiver_url}/{campaign.slug}",
        "recipients": bool(settings.age_recipients and campaign.form.details),
        "address": address,
        "risky": _risky(campaign.recipient.risky_words),
        "scripts": " ".join(script_codes(campaign.recipient.languages)),
    }


def _risky(words: Sequence[str]) -> list[tuple[str, str, bool]]:
    """List each word with its start as it is compared, and whether that may stand inside a word."""
    starts = ((word, wanted) for word in words for wanted in matching.risky((word,)))
    return [(word, wanted.start, wanted.anywhere or " " in wanted.start) for word, wanted in starts]
