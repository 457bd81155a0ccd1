"""Undo: what was done last in a session is taken back, step by step, while that is still possible.

The steps stand in the session's cookie. One that is dead, because somebody else decided since or a card holds
its message, is passed over: what the desk offers to undo is what will be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts.staff_log import Decided, Scribe
from campaign.ledger import places
from campaign.messages import asides, queries, review, second_approval, uncut_words
from campaign.messages.message import Message, MessageError
from receiver.http.requested_campaign import requested_campaign
from receiver.services import services
from receiver.staff.login import login_required, scribe
from receiver.staff.queues import Queue, today

blueprint = Blueprint("undo", __name__, url_prefix="/staff")
REMEMBERED = 20  # steps, of at most so many messages together: a cookie holds 4 KB
MOST_MESSAGES = 60
MARK = 12  # characters of a fingerprint
APPROVED: tuple[Decided, ...] = ("approved", "approved once")


@dataclass(frozen=True)
class Undoable:
    """Something that was done to messages of a campaign; a cut has a `mark` of the words that it left."""

    campaign: str
    messages: tuple[str, ...]
    what: Decided
    mark: str = ""

    @property
    def name(self) -> str:
        """Name it in a form, so that only what was shown is undone."""
        return f"{self.what} {self.messages[0]} {len(self.messages)}"


def remember(step: Undoable) -> None:
    """Remember what was done in this session."""
    steps = [*_remembered(), step][-REMEMBERED:]
    while sum(len(one.messages) for one in steps) > MOST_MESSAGES:
        steps = steps[1:]
    _keep(steps)


def last_step(connection: Connection, slug: str) -> tuple[Undoable, Message] | None:
    """Return the last step on a campaign that can be undone, and a message that it is about."""
    for step in reversed(_remembered()):
        if step.campaign == slug and (alive := _alive(connection, step, scribe())):
            return step, alive[0]
    return None


@blueprint.post("/<slug>/undo")
@login_required
def undo(slug: str) -> ResponseReturnValue:
    """Take back the step that the form names."""
    campaign, by = requested_campaign(slug), scribe()
    named = request.form.get("step", "")
    step = next((one for one in reversed(_remembered()) if one.campaign == slug and one.name == named), None)
    if step is None:
        flash("Nothing was changed. That is undone already, or too long ago.", "fault")
        return redirect(url_for("desk.review", slug=campaign.slug), 303)

    def work(connection: Connection) -> list[str]:
        alive = _alive(connection, step, by)
        for message in alive:
            _take_back(connection, message, step.what, by.who)
        about = [f"{slug} {message.id}" for message in alive]
        by.record(connection, "put back" if step.what == "cut" else "reopened", *about)
        return [message.id for message in alive]

    try:
        done = services().database.write(work)
    except MessageError:  # somebody else decides at this very moment
        done = []
    _keep([one for one in _remembered() if one != step])
    return _told(step, done)


def _told(step: Undoable, done: Sequence[str]) -> ResponseReturnValue:
    """Say what was undone and what was not, and show the message that it was about, or the groups."""
    left = [one for one in step.messages if one not in done]
    if len(step.messages) == 1:
        words = "The words are as they came." if step.what == "cut" else "The message waits again."
        late = "Nothing was changed. Somebody else was at it since, or a card holds it; it stands below."
        flash(words if done else late, "again" if done else "fault")
        fields = Queue.requested(request.form).fields
        return redirect(url_for("desk.review", slug=step.campaign, message=step.messages[0], **fields), 303)
    flash(f"{len(done)} messages wait again.")
    if left:
        flash(f"Not undone, because others were at it since or a card holds it: {', '.join(left)}.", "fault")
    return redirect(url_for("groups.show", slug=step.campaign), 303)


def _alive(connection: Connection, step: Undoable, by: Scribe) -> list[Message]:
    """Return the messages that are as the step left them."""
    found = queries.get_some(connection, step.messages)
    on_cards = places.live_places(connection, step.messages)
    return [one for one in found if one.id not in on_cards and _is_as_left(connection, one, step, by)]


def _is_as_left(connection: Connection, message: Message, step: Undoable, by: Scribe) -> bool:
    if message.erased_on is not None:
        return False
    if step.what == "cut":
        same = message.fingerprint.startswith(step.mark) and message.state in ("waiting", "approved")
        return same and uncut_words.get_original(connection, message.id) is not None
    if step.what == "set aside":
        aside = asides.get_aside(connection, message.id)
        return message.state == "waiting" and aside is not None and aside.by == by.who
    if step.what in APPROVED and message.state == "waiting":
        return _is_first(connection, message, by)
    return message.state == step.what.removesuffix(" once") and message.reviewed_by == by.who


def _is_first(connection: Connection, message: Message, by: Scribe) -> bool:
    first = second_approval.get_first(connection, message, by.keys)
    return first is not None and first.by == by.who


def _take_back(connection: Connection, message: Message, what: Decided, by: str) -> None:
    if what == "cut":
        review.restore(connection, message.id)
    elif message.state == "waiting":
        asides.take_up(connection, message.id)
        if what in APPROVED:
            second_approval.drop(connection, message.id)
    else:
        review.reopen(connection, message.id, by, today())


def _remembered() -> list[Undoable]:
    return [
        Undoable(campaign, tuple(messages), what, mark)
        for campaign, messages, what, mark in session.get("decided", ())
    ]


def _keep(steps: Sequence[Undoable]) -> None:
    session["decided"] = [[one.campaign, list(one.messages), one.what, one.mark] for one in steps]
