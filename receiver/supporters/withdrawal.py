"""Taking a message back: with the receipt code, without an account and without JavaScript."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from campaign.content.campaign import Campaign
from campaign.keeping import erasure, erasures_file
from campaign.keeping.erasure import Erased, ReceiptUnknown
from campaign.keeping.erasures_file import ErasuresError
from campaign.language.catalogue import Catalogue
from campaign.storage import database as databases
from campaign.storage.database import Database, NotStored
from receiver.http import body, logs, origins
from receiver.http.answer_language import answer_in, requested_catalogue, requested_language
from receiver.http.outcome import RETRY_AFTER, Outcome, as_json, page_context, wants_json, with_retry_after
from receiver.http.requested_campaign import public_campaign
from receiver.services import services
from receiver.state.tokens import TO_WITHDRAW, TokenError

log = logging.getLogger("receiver")
blueprint = Blueprint("withdrawal", __name__)


@blueprint.get("/<slug>/withdraw")
def ask(slug: str) -> Response:
    """Ask for the receipt code."""
    campaign = public_campaign(slug)
    language = requested_language(campaign, request.args)
    answer_in(language)
    return _page(campaign, language, Outcome(200, "empty"))


@blueprint.post("/<slug>/withdraw")
def take_back(slug: str) -> Response:
    """Erase the message and the details that belong to the receipt code."""
    campaign = public_campaign(slug)
    typed = body.fields(request)
    language, code = requested_language(campaign, typed), typed.get("receipt", "").strip()
    answer_in(language)
    _ = requested_catalogue().gettext
    if not code:
        fault = _("Please write the code that you were shown after sending.")
        return _page(campaign, language, Outcome(422, "invalid", errors={"receipt": [fault]}))
    if not _is_intended(campaign, typed.get("token", "")):
        notice = _("Please press the button once more.")
        return _page(campaign, language, Outcome(200, "review", notice=notice), code)
    try:
        erased = services().database.write(lambda connection: erasure.withdraw(connection, code, _today()))
    except ReceiptUnknown:
        fault = _("No message has this code. Perhaps a letter is wrong, or it was taken back already.")
        return _page(campaign, language, Outcome(422, "unknown", errors={"receipt": [fault]}), code)
    except (NotStored, SQLAlchemyError) as error:
        logs.record_fault(error)
        notice = _("That could not be done right now. Please try again in a minute.")
        outcome = Outcome(503, "not stored", notice=notice, wait=RETRY_AFTER)
        return _page(campaign, language, outcome, code)
    _append_to_erasure_log(erased)
    _checkpoint(services().database)
    return _page(
        campaign, language, Outcome(200, "withdrawn", notice=_what_became(erased, requested_catalogue()))
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _is_intended(campaign: Campaign, token: str) -> bool:
    """Tell whether the post comes from our own page; the code alone is what permits."""
    try:
        services().tokens.read(campaign.slug, token, TO_WITHDRAW, youngest=0)
    except TokenError:
        return False
    return origins.standing(services().settings) != "foreign"


def _append_to_erasure_log(erased: Erased) -> None:
    """Add it to the list that a restore applies; what fails here, the next purge writes."""
    entry = erasures_file.Erasure(_today(), "message", erased.message, erased.campaign, "withdrawn")
    try:
        erasures_file.append(services().settings.erasures_file, [entry])
    except ErasuresError:
        log.warning("the list of erasures could not be written; build.py purge brings it up to date")


def _checkpoint(database: Database) -> None:
    """Take the erased bytes out of SQLite's log too; while a reader holds it, the next purge does."""
    try:
        databases.checkpoint(database)
    except (NotStored, SQLAlchemyError):
        log.warning("the log still holds erased bytes; build.py purge takes them out")


def _what_became(erased: Erased, catalogue: Catalogue) -> str:
    _ = catalogue.gettext
    if erased.posted:
        return _("Everything that we kept is erased. The card itself is on its way already.")
    if erased.recall is not None:
        return _(
            "Everything that we kept is erased. If the card is printed already, it is taken out of the pile."
        )
    return _("Your message and all that you told us about you are erased. It will not be printed.")


def _page(campaign: Campaign, language: str, outcome: Outcome, code: str = "") -> Response:
    if wants_json():
        return as_json(outcome)
    page = render_template(
        "supporter/withdraw.html",
        **page_context(campaign, language, requested_catalogue()),
        outcome=outcome,
        code=code,
        token=services().tokens.issue(campaign.slug, "withdraw"),
    )
    return with_retry_after(make_response(page, outcome.status), outcome.wait)
