"""Sending a message: a token, the form by its address, the post and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request
from flask.globals import request_ctx
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, TooManyRequests

from campaign.content.campaign import Campaign
from campaign.keys import sealing
from campaign.messages.submission import (
    Post,
    Receipt,
    Submission,
    TokenConflict,
    mark_as_flood,
    submit_together,
)
from campaign.messages.suggestion_translations import language_of_translations, suggested_translation
from campaign.storage.database import NotStored
from campaign.text import flags
from receiver.http import body, errors, limits, logs, networks, origins
from receiver.http.answer_language import answer_in, requested_catalogue, requested_language
from receiver.http.outcome import Outcome, as_json
from receiver.http.requested_campaign import public_campaign
from receiver.services import Services, services
from receiver.state.tokens import Token, TokenExpired, TokenTooYoung
from receiver.supporters import answers, fit_check
from receiver.supporters.form import CONSENT_VERSION, MessageForm, TypedForm, asked_fields, read_form

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines

blueprint = Blueprint("public", __name__)


@blueprint.get("/<slug>/token")
def token(slug: str) -> Response:
    """Give the page's script a token."""
    campaign = public_campaign(slug)
    if campaign.status != "open":
        return as_json(answers.closing(campaign))
    return jsonify(token=services().tokens.issue(campaign.slug))


@blueprint.get("/<slug>/messages")
def write(slug: str) -> Response:
    """Show the empty form, for who comes here by its address; its post leads to the review page."""
    post = _read_post(public_campaign(slug), {"language": request.args.get("language", "")})
    if post.campaign.status != "open":
        return answers.closed(post)
    title = requested_catalogue().gettext("Write to %(person)s") % post.edition.person
    outcome = Outcome(200, "empty", title)
    return answers.form_again(post, outcome, "", post.values)


@blueprint.post("/<slug>/messages")
def send(slug: str) -> Response:
    """Store a message, or show its writer what is missing; see docs/contract.md, "Sending a message"."""
    post = _read_post(public_campaign(slug), body.fields(request_ctx.request))
    if post.campaign.status != "open":
        return answers.closed(post)
    ours = services()
    form = read_form(post, ours.tokens, len(ours.settings.age_recipients))
    try:
        with fit_check.turn(form):
            found = _looked_at(ours, form)
    except TooManyRequests:
        return answers.form_again(post, answers.not_stored(), post.typed.get("token", ""), post.values)
    _mark_flood_start(ours)
    return found if isinstance(found, Response) else _store(ours, found)


@dataclass(frozen=True)
class ToStore:
    """A post that may be stored, with all that takes long done: who waits for the disk holds no turn."""

    form: MessageForm
    post: Post
    drawn: Outlines | None


def _looked_at(ours: Services, form: MessageForm) -> Response | ToStore:
    fit_check.add_fit_faults(form)
    if form.faults:
        title = requested_catalogue().gettext("Please look at this again")
        outcome = Outcome(422, "invalid", title, errors=form.faults)
        return _form_again(form, outcome, form.reusable_token, form.post.values)
    ours.flood.count_post(networks.current())
    notice = _why_review(ours, form)
    if notice is not None or form.valid_token is None:
        return _review(form, notice or "")
    return ToStore(form, _post_of(ours, form, form.valid_token), answers.drawing_for_thanks(form))


@blueprint.errorhandler(TooManyRequests)
def busy(error: TooManyRequests) -> Response | HTTPException:
    """Keep the words of a post that came too soon, and name the wait."""
    try:
        return _busy_form(limits.seconds_to_wait())
    except HTTPException:  # another route, or a post of which nothing can be kept
        return errors.explain(error)


def _busy_form(wait: int) -> Response:
    if request.endpoint != "public.send" or request.view_args is None:
        raise NotFound
    post = _read_post(public_campaign(request.view_args["slug"]), body.fields(request))
    notice = requested_catalogue().ngettext(
        "Many people are writing from your network. Your words are still here: send them in %(n)d second.",
        "Many people are writing from your network. Your words are still here: send them in %(n)d seconds.",
        wait,
    ) % {"n": wait}
    outcome = Outcome(429, "busy", requested_catalogue().gettext("One moment, please"), notice, wait=wait)
    return answers.form_again(post, outcome, post.typed.get("token", ""), post.values)


def _read_post(campaign: Campaign, typed: dict[str, str]) -> TypedForm:
    asked = asked_fields(campaign, can_seal=bool(services().settings.age_recipients))
    language = requested_language(campaign, typed)
    answer_in(language)
    post = TypedForm(campaign, language, requested_catalogue(), asked, typed)
    if post.sealed_and_plain:
        raise BadRequest("The details are there sealed, and once more for everybody to read.")
    return post


def _form_again(
    form: MessageForm,
    outcome: Outcome,
    token: str,
    values: Mapping[str, Any],
    drawn: Outlines | None = None,
) -> Response:
    """Answer with the form and, where the words have no fault, with the card."""
    sound = None if {"message", "first_name"} & set(form.faults) else form
    return answers.form_again(form.post, outcome, token, values, sound=sound, drawn=drawn)


def _why_review(ours: Services, form: MessageForm) -> str | None:
    """Return what to tell a writer who must look at the card first, or None when the post may be stored."""
    _ = form.post.catalogue.gettext
    standing = origins.standing(ours.settings)
    if isinstance(form.token_error, TokenTooYoung):
        return _("That was quick: please look at your card for a moment, then press the button again.")
    if isinstance(form.token_error, TokenExpired):
        return _(
            "The page had been open for a long time. Your words are all here; please send them once more."
        )
    if form.valid_token is None or form.honeypot_filled or standing == "foreign":
        return ""
    if form.valid_token.kind == "review":
        return (
            None if form.valid_token.words_digest == form.digest else ""
        )  # changed words are shown once more
    return "" if standing == "unknown" or ours.flood.is_on() else None


def _review(form: MessageForm, notice: str) -> Response:
    outcome = Outcome(200, "review", requested_catalogue().gettext("This is your card"), notice)
    waiting = form.token_error.token if isinstance(form.token_error, TokenTooYoung) else None
    if waiting and waiting.kind == "review" and waiting.words_digest == form.digest:
        token = form.post.typed["token"]  # it goes on ageing: a new one would make a quick hand wait again
    else:
        token = services().tokens.issue(form.post.campaign.slug, "review", form.digest)
    return _form_again(form, outcome, token, form.normalised, answers.drawing_for_review(form))


def _store(ours: Services, ready: ToStore) -> Response:
    form = ready.form
    _ = form.post.catalogue.gettext
    try:
        receipt = _submit(ours, ready.post)
    except TokenConflict:
        notice = _(
            "An earlier version of your message has already arrived."
            " To send this one too, press the button again."
        )
        outcome = Outcome(409, "used", _("This is your card"), notice)
        fresh = ours.tokens.issue(form.post.campaign.slug, "review", form.digest)
        return _form_again(form, outcome, fresh, form.normalised, ready.drawn)
    except (NotStored, SQLAlchemyError) as error:
        logs.record_fault(error)
        again = answers.not_stored()
        return _form_again(form, again, form.post.typed["token"], form.post.values, ready.drawn)
    return answers.thanks(form, receipt.code, ready.drawn)


def _post_of(ours: Services, form: MessageForm, valid_token: Token) -> Post:
    settings = ours.settings
    marked = ours.flood.sets_apart(networks.current())
    submission = _submission(form, flood=marked, recipients=settings.age_recipients)
    today = datetime.now(UTC).date()
    return Post(submission, valid_token.id, valid_token.expires_at, settings.secret_keys, today)


def _submit(ours: Services, post: Post) -> Receipt:
    receipt = ours.database.write_together(submit_together, post)
    if not post.submission.flood and not receipt.again:
        ours.flood.remember_stored(receipt.message)
        _mark_flood_start(ours)
    return receipt


def _mark_flood_start(ours: Services) -> None:
    """Mark the first messages of a flood too; no post fails where that cannot be written."""
    if first := ours.flood.take_unmarked():
        with suppress(NotStored, SQLAlchemyError):
            ours.database.write(lambda connection: mark_as_flood(connection, first))


def _submission(form: MessageForm, *, flood: bool, recipients: tuple[str, ...]) -> Submission:
    """Flag and seal; what the page's script sealed is stored as it came."""
    details = form.details
    message, first_name = form.texts["message"], form.texts["first_name"]
    campaign = form.post.campaign
    flagged = flags.find(
        message, first_name, risky_words=campaign.recipient.risky_words, own_names=campaign.own_names
    )
    return Submission(
        campaign=campaign.slug,
        text=message.text,
        first_name=first_name.text,
        language=form.post.language,
        consent_version=CONSENT_VERSION,
        consent_language=form.post.language,
        flags=flagged,
        sealed=form.sealed or (sealing.seal(details, recipients) if details else None),
        wall=form.ticked("wall"),
        updates=form.ticked("updates"),
        flood=flood,
        translation=suggested_translation(form.post.campaign, message.text),
        translated_into=language_of_translations(form.post.campaign),
    )
