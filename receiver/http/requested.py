"""What the request at hand asks for: which campaign, and in which language it is answered."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache

from flask import g, request
from flask.globals import app_ctx
from werkzeug.exceptions import BadRequest, NotFound

from campaign.content.campaign import Campaign
from campaign.language.catalogue import Catalogue, read_catalogue, translated
from receiver.services import services

LONGEST_CHOICE = 1_000  # characters of Accept or Accept-Language; what browsers send has some 200
NUMBER = re.compile(r"[0-9]{1,18}")  # what both databases hold


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


def requested_language(campaign: Campaign, given: Mapping[str, str]) -> str:
    """Return the page's language that a form or a query names, or the campaign's main one."""
    language = given.get("language", "")
    return language if language in campaign.languages else campaign.languages[0]


def requested_number(given: Mapping[str, str], name: str, default: int | None = None) -> int:
    """Return the whole number, 0 or more, that a form or a query holds under a name.

    Raises:
        BadRequest: something else stands there, or nothing does and there is no default.
    """
    if name not in given and default is not None:
        return default
    written = given.get(name, "")
    if not NUMBER.fullmatch(written):
        raise BadRequest
    return int(written)


def answer_in(language: str) -> None:
    """Answer the request at hand in this language."""
    ours = app_ctx.g
    ours.language = language
    ours.pop("catalogue", None)


def requested_catalogue() -> Catalogue:
    """Return the catalogue of the language in which the request is answered."""
    ours = app_ctx.g
    found: Catalogue | None = ours.get("catalogue")
    if found is None:
        language = ours.get("language") or _browsers_language()
        found = ours.catalogue = _catalogue_of(language, int(time.monotonic()))
    return found


def weighable(header: str) -> bool:
    """Tell whether a header of choices is short enough to weigh: the time for it grows with its square."""
    return len(request.headers.get(header, "")) <= LONGEST_CHOICE


def _browsers_language() -> str:
    """Choose for somebody who is refused before the post told its language, and should still read why."""
    languages: Sequence[str] = g.get("languages") or ("en", *translated())
    if not weighable("Accept-Language"):
        return languages[0]
    return request.accept_languages.best_match(languages, languages[0]) or languages[0]


@lru_cache(maxsize=64)
def _catalogue_of(language: str, _second: int) -> Catalogue:
    """Look for a changed file once a second: a post would look three times."""
    return read_catalogue(language)


def page_url(campaign: Campaign, language: str, name: str = "") -> str:
    """Return the address of one of the campaign's frozen pages."""
    path = f"{campaign.slug}/{language}/" + (f"{name}/" if name else "")
    return f"{services().settings.site_url[0]}/{path}"
