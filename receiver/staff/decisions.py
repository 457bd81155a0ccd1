"""Decisions: approve, reject, cut out, put back, take back; each on exactly what the reviewer saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts.staff_log import Decided
from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.messages import asides, presence, queries, review, second_approval, translations
from campaign.messages.message import MessageError
from campaign.messages.print_choice import Prints
from campaign.messages.redaction import RedactionError
from campaign.messages.translations import TranslationError
from campaign.press import printability
from receiver.http.requested_campaign import requested_campaign
from receiver.services import services
from receiver.staff import undo
from receiver.staff.login import login_required, scribe
from receiver.staff.print_choice import requested_prints
from receiver.staff.queues import IDENTIFIER, Queue, today
from receiver.staff.stale_decision import Seen
from receiver.staff.undo import Undoable
from receiver.staff.word_choice import ticked_spans

blueprint = Blueprint("decisions", __name__, url_prefix="/staff")
Work = Callable[[Connection], Any]


@blueprint.post("/<slug>/<identifier>/approve")
@login_required
def approve(slug: str, identifier: str) -> ResponseReturnValue:
    """Approve the words that were seen, if a card can carry them."""
    seen, keys = Seen.posted(slug, identifier), services().settings.approval_keys
    campaign = requested_campaign(slug)
    two, prints = campaign.review.second_approval, requested_prints(request.form, campaign)
    if refusal := _misfit(campaign, seen, prints):
        return _refused(seen, f"Nothing was changed. {without_id(refusal)}")

    def work(connection: Connection) -> Decided:
        message = review.approve(
            connection, identifier, seen.reader, keys, today(), seen=seen.fingerprint, two=two, prints=prints
        )
        return "approved" if message.state == "approved" else "approved once"

    return _decide(seen, work)


@blueprint.post("/<slug>/<identifier>/reject")
@login_required
def reject(slug: str, identifier: str) -> ResponseReturnValue:
    """Reject the words that were seen, with a reason."""
    seen, why = Seen.posted(slug, identifier), request.form.get("why", "")
    if not why.strip():
        return _refused(seen, "Please say why it is rejected.")
    return _decide(seen, lambda c: review.reject(c, identifier, seen.reader, why[:200], today()), "rejected")


@blueprint.post("/<slug>/<identifier>/aside")
@login_required
def set_aside(slug: str, identifier: str) -> ResponseReturnValue:
    """Keep a message out of the queue, with a note on what it waits for."""
    seen, note = Seen.posted(slug, identifier), request.form.get("note", "")
    if not note.strip():
        return _refused(seen, "Please note what it waits for, so that others know too.")
    return _decide(seen, lambda c: asides.put(c, identifier, note, seen.reader, today()), "set aside")


@blueprint.post("/<slug>/<identifier>/reopen")
@login_required
def reopen(slug: str, identifier: str) -> ResponseReturnValue:
    """Take a decision back, or take up what was set aside or approved once, and show the message again."""
    seen = Seen.posted(slug, identifier)

    def work(connection: Connection) -> None:
        if not (asides.take_up(connection, identifier) or second_approval.drop(connection, identifier)):
            review.reopen(connection, identifier, seen.reader, today())

    if _write(seen, work, "reopened"):
        flash("The message waits again.", "again")
    return _back_to(seen)


@blueprint.post("/<slug>/<identifier>/cut")
@login_required
def cut(slug: str, identifier: str) -> ResponseReturnValue:
    """Cut the ticked words out of those that were seen."""
    seen, campaign = Seen.posted(slug, identifier), requested_campaign(slug)
    keys, names, two = services().settings.approval_keys, campaign.own_names, campaign.review.second_approval
    spans, why = ticked_spans(request.form), request.form.get("why", "")
    if not spans or not why.strip():
        return _refused(seen, "Nothing was cut. Please tick the words, and say why.")
    marks = list[str]()

    def work(connection: Connection) -> None:
        left = review.redact(
            connection, identifier, spans, seen.reader, keys, today(), why=why[:200], two=two, own_names=names
        )
        marks[:] = [left.fingerprint[: undo.MARK]]

    if _write(seen, work, "cut"):
        undo.remember(Undoable(slug, (identifier,), "cut", *marks))
    return _back_to(seen)


@blueprint.post("/<slug>/<identifier>/restore")
@login_required
def restore(slug: str, identifier: str) -> ResponseReturnValue:
    """Put back what was cut out of the words that were seen."""
    seen = Seen.posted(slug, identifier)
    if _write(seen, lambda c: review.restore(c, identifier), "put back"):
        flash("The words are as they came, and wait for a decision.")
    return _back_to(seen)


@blueprint.post("/<slug>/<identifier>/translate")
@login_required
def translate(slug: str, identifier: str) -> ResponseReturnValue:
    """Keep a translation of the words that were seen; an empty one takes it away."""
    seen, into = Seen.posted(slug, identifier), requested_campaign(slug).translated_into
    try:
        words = translations.normalise_translation(request.form.get("translation", ""))
    except TranslationError as error:
        return _refused(seen, f"Nothing was changed. The translation is {error}.")
    if _write(seen, lambda c: review.translate(c, identifier, words, seen.reader, into), "translated"):
        flash("The translation is kept." if words else "The translation is taken away.")
    return _back_to(seen)


def _misfit(campaign: Campaign, seen: Seen, prints: Prints) -> MessageError | None:
    """Set the words before the writer's thread is asked: all other writes would wait for it."""
    with services().database.read() as connection:
        try:
            seen.check(connection)
            printability.must_fit(campaign.card, queries.get(connection, seen.identifier), prints)
        except MessageError as refusal:
            return refusal
    return None


def _decide(seen: Seen, work: Work, what: Decided | None = None) -> ResponseReturnValue:
    """Write a decision, remember it so that it can be undone, and go on to the next message.

    One that was refused shows its message again: who would reject what another approved can act on it.
    """
    done = _write(seen, work, what)
    if done is None:
        return _back_to(seen)
    undo.remember(Undoable(seen.campaign, (seen.identifier,), done))
    return redirect(url_for("desk.review", slug=seen.campaign, **Queue.requested(request.form).fields), 303)


def _write(seen: Seen, work: Work, what: Decided | None) -> Decided | None:
    """Write a decision on what was seen and its entry in the log, or say why not; returns what was done.

    Without `what` the work itself tells it.
    """
    by = scribe()

    def recorded(connection: Connection) -> Decided:
        seen.check(connection)
        told = work(connection)
        done: Decided = what or told
        presence.release(connection, seen.identifier)
        by.record(connection, done, f"{seen.campaign} {seen.identifier}")
        return done

    try:
        return services().database.write(recorded)
    except (MessageError, RedactionError) as error:
        flash(f"Nothing was changed. {without_id(error)}", "fault")
        return None


def _refused(seen: Seen, told: str) -> ResponseReturnValue:
    """Say why not, and show the message again."""
    flash(told, "fault")
    return _back_to(seen)


def without_id(error: CandleError) -> str:
    """Leave out the id that the commands' messages begin with: the desk shows the message itself."""
    words = str(error)
    head, colon, rest = words.partition(": ")
    told = rest if colon and IDENTIFIER.fullmatch(head) else words
    return told[:1].upper() + told[1:]


def _back_to(seen: Seen) -> ResponseReturnValue:
    """Show the message again, in the queue in which it was seen."""
    fields = Queue.requested(request.form).fields
    return redirect(url_for("desk.review", slug=seen.campaign, message=seen.identifier, **fields), 303)
