"""Answers to supporters: the same outcome as a page, or as JSON for the page's script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, jsonify, make_response, render_template, request, url_for

from campaign.content import Campaign
from campaign.language import Catalogue, countries
from receiver.forms import MessageForm
from receiver.services import page_url, services

RETRY_AFTER = 10  # seconds, when the disk or the database is in trouble


@dataclass(frozen=True)
class Outcome:
    """What became of a post: the HTTP status, its word in JSON, and what the page tells the supporter."""

    status: int
    state: str
    title: str = ""
    notice: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    review: bool = False
    wait: int = 0


def wants_json() -> bool:
    """Tell whether the client prefers JSON; a browser and a plain `*/*` get a page."""
    if request.headers.get("Accept") == "application/json":
        return True  # what the page's script says, known without weighing
    accepted = request.accept_mimetypes
    return accepted.best_match(("text/html", "application/json")) == "application/json"


def form_again(form: MessageForm, outcome: Outcome, token: str, values: Mapping[str, Any]) -> Response:
    """Answer with the form, filled as it was, and what there is to say about it."""
    if wants_json():
        return as_json(form.campaign, outcome)
    page = render_template(
        "supporter/form.html",
        **frame(form.campaign, form.language, form.words),
        outcome=outcome,
        action=url_for("public.send", slug=form.campaign.slug),
        fields=form.asked,
        countries=countries(form.language),
        privacy_url=page_url(form.campaign, form.language, "privacy"),
        values=values,
        token=token,
        card=form.normalised if not ({"message", "first_name"} & set(form.faults)) else None,
    )
    return _with_wait(make_response(page, outcome.status), outcome.wait)


def closed(form: MessageForm, outcome: Outcome) -> Response:
    """Answer that the campaign takes no messages now, with the words so that they can be copied."""
    if wants_json():
        return as_json(form.campaign, outcome)
    page = render_template(
        "supporter/closed.html",
        **frame(form.campaign, form.language, form.words),
        outcome=outcome,
        values=form.values,
    )
    return make_response(page, outcome.status)


def thanks(form: MessageForm, receipt: str) -> Response:
    """Answer that the message is on the disk."""
    if wants_json():
        return as_json(form.campaign, Outcome(201, "waiting"), receipt=receipt)
    page = render_template(
        "supporter/thanks.html",
        **frame(form.campaign, form.language, form.words),
        receipt=receipt,
        card=form.normalised,
    )
    return make_response(page, 201)


def as_json(campaign: Campaign | None, outcome: Outcome, receipt: str | None = None) -> Response:
    """Return the contract's JSON answer."""
    review_url = None
    if outcome.review and campaign is not None:
        review_url = services().settings.receiver_url + url_for("public.send", slug=campaign.slug)
    errors = {name: list(faults) for name, faults in outcome.errors.items()}
    if outcome.notice and not errors:
        errors = {"form": [outcome.notice]}
    answer = jsonify(state=outcome.state, receipt=receipt, errors=errors, review_url=review_url)
    answer.status_code = 403 if outcome.review else outcome.status
    return _with_wait(answer, outcome.wait)


def frame(campaign: Campaign | None, language: str, words: Catalogue) -> dict[str, Any]:
    """Return what every page needs, under the names that site/templates/base.html knows."""
    return {
        "campaign": campaign,
        "language": language,
        "direction": words.direction,
        "words": words,
        "edition": campaign and campaign.editions[language],
        "_": words.gettext,
        "home": page_url(campaign, language) if campaign else services().settings.site_url[0],
        "withdraw_url": url_for("withdrawal.ask", slug=campaign.slug, language=language)
        if campaign
        else None,
    }


def _with_wait(response: Response, wait: int) -> Response:
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
