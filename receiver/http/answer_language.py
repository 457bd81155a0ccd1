"""In which language the request at hand is answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache

from flask import g, request
from flask.globals import app_ctx

from campaign.content.campaign import Campaign
from campaign.errors import ContentError
from campaign.language.catalogue import Catalogue, read_catalogue, translated

LONGEST_CHOICE = 1_000  # characters of Accept or Accept-Language; what browsers send has some 200

log = logging.getLogger("receiver")
_sound: dict[str, Catalogue] = {}  # of each language, as last read without a fault


def requested_language(campaign: Campaign, given: Mapping[str, str]) -> str:
    """Return the page's language that a form or a query names, or the campaign's main one."""
    language = given.get("language", "")
    return language if language in campaign.languages else campaign.languages[0]


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


def _browsers_language() -> str:
    """Choose for somebody who is refused before the post told its language, and should still read why."""
    languages: Sequence[str] = g.get("languages") or ("en", *translated())
    if len(request.headers.get("Accept-Language", "")) > LONGEST_CHOICE:
        return languages[0]
    return request.accept_languages.best_match(languages, languages[0]) or languages[0]


@lru_cache(maxsize=64)
def _catalogue_of(language: str, _second: int) -> Catalogue:
    """Look for a changed file once a second: a post would look three times.

    A form that worked must not vanish while somebody translates.
    """
    try:
        _sound[language] = read_catalogue(language)
    except (ContentError, OSError) as fault:
        _tell(language, str(fault))
    return _sound.get(language) or read_catalogue("en")


@lru_cache(maxsize=64)
def _tell(language: str, _fault: str) -> None:
    """Tell once of each fault."""
    told = {"facts": {"language": language}}
    log.error("a translation has a fault and was not read again; see build.py check", extra=told)
