"""Which campaign the request at hand asks for, and whether supporters may meet it."""

from __future__ import annotations

from flask import g
from werkzeug.exceptions import NotFound

from campaign.content.campaign import Campaign
from receiver.http.answer_language import answer_in
from receiver.services import services


def requested_campaign(slug: str) -> Campaign:
    """Return the campaign of a URL, and answer in its main language until a better one is known.

    Raises:
        NotFound: there is none.
    """
    campaign = services().contents.get(slug)
    if campaign is None:
        raise NotFound
    answer_in(campaign.languages[0])
    return campaign


def public_campaign(slug: str) -> Campaign:
    """Return the campaign of a URL as supporters meet it today, and answer in one of its languages.

    Raises:
        NotFound: there is none, or it is a draft.
    """
    campaign = services().contents.today(slug)
    if campaign is None or campaign.draft:
        raise NotFound
    g.languages = campaign.languages
    return campaign


def page_url(campaign: Campaign, language: str, name: str = "") -> str:
    """Return the address of one of the campaign's frozen pages."""
    path = f"{campaign.slug}/{language}/" + (f"{name}/" if name else "")
    return f"{services().settings.site_url[0]}/{path}"
