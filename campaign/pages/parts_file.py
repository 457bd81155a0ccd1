"""parts.txt: what the page's script needs once somebody writes, templates/script_words.html among it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.language.locales import list_comma
from campaign.pages import paired_suggestions
from campaign.settings import Settings
from campaign.text import matching
from campaign.text.letters import script_codes

NAME = "parts.txt"  # HTML, but no page of its own


def render(campaign: Campaign, settings: Settings, edition: Edition, shown: Mapping[str, Any]) -> bytes:
    """Fill the template; `shown` is what every page of the edition reads."""
    same = paired_suggestions.read_by_the_person(campaign, edition)
    text = render_template("script_words.html", **shown, **_context(campaign, settings, edition), same=same)
    return re.sub(r"\n\s+", "\n", text).encode()


def _context(campaign: Campaign, settings: Settings, edition: Edition) -> dict[str, Any]:
    return {
        "receiver": f"{settings.receiver_url}/{campaign.slug}",
        "recipients": " ".join(settings.age_recipients) if campaign.form.details else "",
        "address": url_for("story", slug=campaign.slug, language=edition.language),  # which the thanks share
        "comma": list_comma(edition.language),
        "risky": _risky(campaign.recipient.risky_words),
        "scripts": " ".join(script_codes(campaign.recipient.languages)),
    }


def _risky(words: Sequence[str]) -> list[tuple[str, str, bool]]:
    """List each word with its start as it is compared, and whether that may stand inside a word."""
    starts = ((word, wanted) for word in words for wanted in matching.risky((word,)))
    return [(word, wanted.start, wanted.anywhere or " " in wanted.start) for word, wanted in starts]
