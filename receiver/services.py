"""What the views work with: one of each, made by `create_app`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from flask import current_app, g
from flask_limiter import Limiter

from campaign.content import Campaign
from campaign.database import Database
from campaign.language import Catalogue, catalogue
from campaign.settings import Settings
from receiver.contents import Contents
from receiver.counts import Counts
from receiver.daykey import DayKey
from receiver.flood import Flood
from receiver.halves import Half
from receiver.health import Health
from receiver.outages import Outages
from receiver.presence import Presence
from receiver.readers import Readers
from receiver.tokens import Tokens
from receiver.turns import Turns


@dataclass
class Services:
    """Everything that outlives a request."""

    settings: Settings
    database: Database
    contents: Contents
    counts: Counts
    tokens: Tokens
    turns: Turns
    flood: Flood
    day_key: DayKey
    health: Health
    presence: Presence
    outages: Outages
    readers: Readers
    webhook_keys: Mapping[str, tuple[bytes, ...]]
    only: Half | None = None  # which half of the receiver this process serves; None: both
    limiter: Limiter | None = None


def services() -> Services:
    """Return the services of the app at hand."""
    return cast(Services, current_app.extensions["candle"])


def speak(language: str) -> None:
    """Answer the request at hand in this language."""
    g.language = language
    g.pop("words", None)


def words() -> Catalogue:
    """Return the words in which the request at hand is answered."""
    if "words" not in g:
        g.words = _words(g.get("language", "en"), int(time.monotonic()))
    found: Catalogue = g.words
    return found


@lru_cache(maxsize=64)
def _words(language: str, _second: int) -> Catalogue:
    """Look for a changed file once a second: a post would look three times."""
    return catalogue(language)


def page_url(campaign: Campaign, language: str, name: str = "") -> str:
    """Return the address of one of the campaign's frozen pages."""
    path = f"{campaign.slug}/{language}/" + (f"{name}/" if name else "")
    return f"{services().settings.site_url[0]}/{path}"
