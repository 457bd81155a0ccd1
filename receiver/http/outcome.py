"""What became of a request: the same outcome as a page, or as JSON for the page's script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request, url_for
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from campaign.content.campaign import Campaign
from campaign.content.campaign_toml.palettes import CANDLE
from campaign.language.catalogue import Catalogue
from campaign.pages.theme import Theme
from receiver.http import static_files
from receiver.http.answer_language import LONGEST_CHOICE
from receiver.http.requested_campaign import page_url
from receiver.services import services

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines

RETRY_AFTER = 10  # seconds, when the disk or the database fails


@dataclass(frozen=True)
class Outcome:
    """What became of a post: the HTTP status, its word in JSON, and what the page tells the supporter."""

    status: int
    state: str
    title: str = ""
    notice: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wait: int = 0


def wants_json() -> bool:
    """Tell whether the client prefers JSON; a browser and a plain `*/*` get a page."""
    accepted = request.headers.get("Accept", "")
    return len(accepted) <= LONGEST_CHOICE and _prefers_json(accepted)


@lru_cache(maxsize=64)
def _prefers_json(accepted: str) -> bool:
    """Weigh what a browser accepts, once for all of its kind; none takes less than a page."""
    kinds = ("text/html", "application/json")
    return parse_accept_header(accepted, MIMEAccept).best_match(kinds) == "application/json"


def as_json(outcome: Outcome, receipt: str | None = None, card: Outlines | None = None) -> Response:
    """Return the JSON answer of docs/contract.md, "Addresses of the receiver"."""
    review = outcome.state == "review"
    review_url = services().settings.receiver_url + request.path if review else None
    errors = {name: list(faults) for name, faults in outcome.errors.items()}
    if outcome.notice and not errors:
        errors = {"form": [outcome.notice]}
    drawn = {"card": card._asdict()} if card else {}
    answer = jsonify(state=outcome.state, receipt=receipt, errors=errors, review_url=review_url, **drawn)
    answer.status_code = 403 if review else outcome.status
    return with_retry_after(answer, outcome.wait)


def page_context(campaign: Campaign | None, language: str, catalogue: Catalogue) -> dict[str, Any]:
    """Return what every page needs, under the names that site/templates/base.html knows."""
    return {
        "campaign": campaign,
        "language": language,
        "direction": catalogue.direction,
        "words": catalogue,
        "theme": _theme(campaign),
        "colours": static_files.colours(campaign) if campaign else "",
        "edition": campaign and campaign.editions[language],
        "_": catalogue.gettext,
        "home": page_url(campaign, language) if campaign else services().settings.site_url[0],
        "withdraw_url": url_for("withdrawal.ask", slug=campaign.slug, language=language)
        if campaign
        else None,
    }


def _theme(campaign: Campaign | None) -> Theme:
    palette = campaign.palette if campaign else CANDLE
    return Theme(static_files.shared_url("page.css"), static_files.shared_url("icon.svg"), palette.night)


def with_retry_after(response: Response, wait: int) -> Response:
    """Name in an answer the seconds after which to try again; 0 is no wait."""
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
