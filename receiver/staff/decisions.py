"""Decisions: approve, reject, cut out, put back, take back; each on exactly what the reviewer saw."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts.staff_log import Decided
from campaign.errors import CandleError
from campaign.messages import asides, queries, review, translations
from campaign.messages.message import MessageError
from campaign.messages.redaction import RedactionError
from campaign.messages.translations import TranslationError
from campaign.press import printability
from receiver.http.requested import requested_campaign
from receiver.services import services
from receiver.staff.login import current_member, login_required, scribe
from receiver.staff.seen import IDENTIFIER, Queue, Seen, today
from receiver.staff.word_choice import ticked_spans

blueprint = Blueprint("decisions", __name__, url_prefix="/staff")
Work = Callable[[Connection], object]
REMEMBERED = 20  # decisions that can be undone one after the other; they stand in the session's cookie


@blueprint.post("/<slug>/<identifier>/approve")
@login_required
def approve(slug: str, identifier: str) -> ResponseReturnValue:
    """Approve the words that were seen, if a card can carry them."""
    seen, by, keys = Seen.posted(slug, identifier), current_member().name, services().settings.approval_keys
    if refusal := _misfit(seen):
        flash(f"Nothing was changed. {_without_id(refusal)}", "fault")
        return _back_to(seen)

    def work(connection: Connection) -> None:
        seen.check(connection)
        review.approve(connection, identifier, by, keys, today(), seen=seen.fingerprint)

    return _decide(seen, work, "approved", "Approved.")


@blueprint.post("/<slug>/<identifier>/reject")
@login_required
def reject(slug: str, identifier: str) -> ResponseReturnValue:
    """Reject the words that were seen, with a reason."""
    seen, by, why = Seen.posted(slug, identifier), current_member().name, request.form.get("why", "")
    if not why.strip():
        flash("Please say why it is rejected.", "fault")
        return _back_to(seen)

    def work(connection: Connection) -> None:
        seen.check(connection)
        review.reject(connection, identifier, by, why[:200], today())

    return _decide(seen, work, "rejected", "Rejected.")


@blueprint.post("/<slug>/<identifier>/aside")
@login_required
def set_aside(slug: str, identifier: str) -> ResponseReturnValue:
    """Keep a message out of the queue, with a note on what it waits for."""
    seen, by, note = Seen.posted(slug, identifier), current_member().name, request.form.get("note", "")
    if not note.strip():
        flash("Please note what it waits for, so that others know too.", "fault")
        return _back_to(seen)

    def work(connection: Connection) -> None:
        seen.check(connection)
        asides.put(connection, identifier, note, by, today())

    return _decide(seen, work, "set aside", "Set aside.")


@blueprint.post("/<slug>/<identifier>/reopen")
@login_required
def reopen(slug: str, identifier: str) -> ResponseReturnValue:
    """Take a decision back, or take up what was set aside, and show the message again."""
    seen, by = Seen.posted(slug, identifier), current_member().name

    def work(connection: Connection) -> None:
        message = queries.get(connection, identifier)
        if message.campaign != seen.campaign:
            raise MessageError(f"{identifier}: no message of this campaign")
        if message.state != "waiting" or not asides.take_up(connection, identifier):
            review.reopen(connection, identifier, by, today())

    if _write(seen, work, "reopened"):
        session["decided"] = [one for one in _remembered() if one[1] != identifier]
        flash("The message waits again.")
    return _back_to(seen)


@blueprint.post("/<slug>/<identifier>/cut")
@login_required
def cut(slug: str, identifier: str) -> ResponseReturnValue:
    """Cut the ticked words out of those that were seen."""
    seen, by, keys = Seen.posted(slug, identifier), current_member().name, services().settings.approval_keys
    spans, why = ticked_spans(request.form), request.form.get("why", "")
    if not spans or not why.strip():
        flash("Nothing was cut. Please tick the words, and say why.", "fault")
        return _back_to(seen)

    def work(connection: Connection) -> None:
        seen.check(connection)
        review.redact(connection, identifier, spans, by, keys, today(), why=why[:200])

    return _change(seen, work, "cut", "Cut out. The original stands below and can be put back.")


@blueprint.post("/<slug>/<identifier>/restore")
@login_required
def restore(slug: str, identifier: str) -> ResponseReturnValue:
    """Put back what was cut out of the words that were seen."""
    seen = Seen.posted(slug, identifier)

    def work(connection: Connection) -> None:
        seen.check(connection)
        review.restore(connection, identifier)

    return _change(seen, work, "put back", "The words are as they came, and wait for a decision.")


@blueprint.post("/<slug>/<identifier>/translate")
@login_required
def translate(slug: str, identifier: str) -> ResponseReturnValue:
    """Keep a translation of the words that were seen; an empty one takes it away."""
    seen = Seen.posted(slug, identifier)
    try:
        words = translations.normalise_translation(request.form.get("translation", ""))
    except TranslationError as error:
        flash(f"Nothing was changed. The translation is {error}.", "fault")
        return _back_to(seen)

    def work(connection: Connection) -> None:
        seen.check(connection)
        review.translate(connection, identifier, words)

    return _change(
        seen, work, "translated", "The translation is kept." if words else "The translation is taken away."
    )


def decided_here(slug: str) -> list[tuple[str, str]]:
    """Return what was decided in this session on a campaign, the latest last: the id, and what was done."""
    return [(identifier, done) for campaign, identifier, done in _remembered() if campaign == slug]


def _remembered() -> list[list[str]]:
    return [one for one in session.get("decided", ()) if isinstance(one, list)]


def _misfit(seen: Seen) -> MessageError | None:
    """Set the words before the writer's thread is asked: all other writes would wait for it."""
    campaign = requested_campaign(seen.campaign)
    with services().database.read() as connection:
        try:
            seen.check(connection)
            printability.must_fit(campaign.card, queries.get(connection, seen.identifier))
        except MessageError as refusal:
            return refusal
    return None


def _decide(seen: Seen, work: Work, what: Decided, done: str) -> ResponseReturnValue:
    """Write a decision, remember it so that it can be undone, and go on to the next message."""
    if _write(seen, work, what):
        services().presence.release(seen.identifier)
        session["decided"] = [*_remembered(), [seen.campaign, seen.identifier, done]][-REMEMBERED:]
    queue = Queue.requested(request.form)
    return redirect(url_for("desk.review", slug=seen.campaign, **queue.fields), 303)


def _change(seen: Seen, work: Work, what: Decided, done: str) -> ResponseReturnValue:
    """Write a change and show the same message again."""
    if _write(seen, work, what):
        flash(done)
    return _back_to(seen)


def _write(seen: Seen, work: Work, what: Decided) -> bool:
    """Write a decision and its entry in the log, or say why not."""
    recorded = scribe().recording(work, what, f"{seen.campaign} {seen.identifier}")
    try:
        services().database.write(recorded)
    except (MessageError, RedactionError) as error:
        flash(f"Nothing was changed. {_without_id(error)}", "fault")
        return False
    return True


def _without_id(error: CandleError) -> str:
    """Leave out the id that the commands' messages begin with: the desk shows the message itself."""
    words = str(error)
    head, colon, rest = words.partition(": ")
    told = rest if colon and IDENTIFIER.fullmatch(head) else words
    return told[:1].upper() + told[1:]


def _back_to(seen: Seen) -> ResponseReturnValue:
    return redirect(url_for("desk.review", slug=seen.campaign, message=seen.identifier), 303)
