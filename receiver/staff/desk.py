"""Review: the oldest waiting message, what to look at in it, and the decision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from campaign import messages
from campaign.content import Campaign
from campaign.messages import Message, MessageError
from receiver.public import known_campaign
from receiver.services import services, words
from receiver.staff.login import member, required
from receiver.staff.marks import explained, pieces

blueprint = Blueprint("desk", __name__, url_prefix="/staff")
REASONS = (
    "Spam",
    "Insult or threat",
    "Would harm the recipient",
    "Personal details in the text",
    "Not a message",
)
IDENTIFIER = re.compile(r"[a-z0-9]{1,32}")
LOOK_AHEAD = 50  # messages among which to find one that nobody else looks at


@dataclass(frozen=True)
class Tally:
    """How many messages of a campaign are in which state."""

    campaign: Campaign
    waiting: int
    approved: int
    rejected: int


@dataclass(frozen=True)
class Seen:
    """What the reviewer saw when they decided; the decision is made on the writer's thread."""

    campaign: str
    identifier: str
    state: str
    fingerprint: str

    @classmethod
    def posted(cls, campaign: str, identifier: str) -> Seen:
        """Take it from the form of the request at hand.

        Raises:
            NotFound: the id is none.
        """
        if not IDENTIFIER.fullmatch(identifier):
            raise NotFound
        return cls(campaign, identifier, request.form.get("state", ""), request.form.get("seen", ""))

    def check(self, connection: Connection) -> None:
        """Refuse a decision on words, or in a state, that the reviewer did not see.

        Raises:
            MessageError: somebody else was quicker, or it is another campaign's message.
        """
        message = messages.get(connection, self.identifier)
        if message.campaign != self.campaign:
            raise MessageError(f"{self.identifier}: no message of this campaign")
        if message.state != self.state:
            by = f" by {message.reviewed_by}" if message.reviewed_by else ""
            raise MessageError(f"Somebody was quicker: it is {message.state} already{by}.")
        if message.fingerprint != self.fingerprint:
            raise MessageError("Somebody changed the words since you saw them; please look at it again.")


@blueprint.get("/")
@required
def home() -> ResponseReturnValue:
    """Show every campaign with its counts; with only one, go to its desk."""
    tallies = _tallies()
    if len(tallies) == 1:
        return redirect(url_for("desk.review", slug=tallies[0].campaign.slug), 303)
    return render_template("staff/home.html", member=member(), tallies=tallies)


@blueprint.get("/<slug>/")
@required
def review(slug: str) -> ResponseReturnValue:
    """Show the oldest message that waits, or the one that is asked for."""
    campaign = known_campaign(slug)
    chosen = request.args.get("message")
    flood = request.args.get("flood") == "1"
    with services().database.read() as connection:
        message = find(connection, slug, chosen) if chosen else _next(connection, campaign, flood=flood)
        shown = _shown(connection, campaign, message)
    return render_template("staff/desk.html", **shown, flood=flood, undo=_undoable(slug), reasons=REASONS)


@blueprint.post("/<slug>/<identifier>/approve")
@required
def approve(slug: str, identifier: str) -> ResponseReturnValue:
    """Approve the words that were seen."""
    seen, by, keys = Seen.posted(slug, identifier), member().name, services().settings.approval_keys

    def work(connection: Connection) -> Message:
        seen.check(connection)
        return messages.approve(connection, identifier, by, keys, today(), seen=seen.fingerprint)

    return _decide(slug, identifier, work, "Approved.")


@blueprint.post("/<slug>/<identifier>/reject")
@required
def reject(slug: str, identifier: str) -> ResponseReturnValue:
    """Reject the words that were seen, with a reason."""
    seen, by, why = Seen.posted(slug, identifier), member().name, request.form.get("why", "")

    def work(connection: Connection) -> Message:
        seen.check(connection)
        return messages.reject(connection, identifier, by, why, today())

    if not why.strip():
        flash("Please say why it is rejected.", "fault")
        return redirect(url_for("desk.review", slug=slug, message=identifier), 303)
    return _decide(slug, identifier, work, "Rejected.")


@blueprint.post("/<slug>/<identifier>/reopen")
@required
def reopen(slug: str, identifier: str) -> ResponseReturnValue:
    """Take a decision back and show the message again."""
    known_campaign(slug)
    seen, by = Seen.posted(slug, identifier), member().name
    try:
        services().database.write(
            lambda connection: messages.reopen(connection, seen.identifier, by, today())
        )
        flash("The message waits again.")
    except MessageError as error:
        flash(str(error), "fault")
    session.pop("decided", None)
    return redirect(url_for("desk.review", slug=slug, message=identifier), 303)


def today() -> date:
    """Return the day that decisions are dated by."""
    return datetime.now(UTC).date()


def _decide(slug: str, identifier: str, work: Any, done: str) -> ResponseReturnValue:
    known_campaign(slug)
    try:
        services().database.write(work)
    except MessageError as error:
        flash(f"Nothing was changed. {error}", "fault")
        return redirect(url_for("desk.review", slug=slug), 303)
    services().leases.release(identifier)
    session["decided"] = [slug, identifier, done]
    return redirect(url_for("desk.review", slug=slug, flood=request.form.get("flood") or None), 303)


def find(connection: Connection, slug: str, identifier: str) -> Message | None:
    """Return the campaign's message of that id, unless it was erased."""
    try:
        message = messages.get(connection, identifier if IDENTIFIER.fullmatch(identifier) else "")
    except MessageError:
        return None
    return message if message.campaign == slug and message.erased_on is None else None


def _next(connection: Connection, campaign: Campaign, *, flood: bool) -> Message | None:
    """Take what came in a flood only when it is asked for, or when nothing else waits."""
    found = messages.queue(connection, campaign.slug, limit=LOOK_AHEAD, flood=flood)
    found = found or messages.queue(connection, campaign.slug, limit=LOOK_AHEAD)
    return services().leases.choose(found, member().name)


def _shown(connection: Connection, campaign: Campaign, message: Message | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "member": member(),
        "campaign": campaign,
        "words": words(),
        "tallies": _tallies(),
        "message": message,
    }
    if message is None:
        return shown
    texts = {"message": message.text, "first_name": message.first_name}
    of_text = [flag for flag in message.flags if flag.field == "message"]
    of_name = [flag for flag in message.flags if flag.field == "first_name"]
    others = services().leases.holder(message.id)
    return shown | {
        "text_pieces": list(pieces(message.text, of_text)),
        "name_pieces": list(pieces(message.first_name, of_name)),
        "explained": explained(message.flags, texts),
        "alike": messages.alike(connection, message),
        "elsewhere": others if others != member().name else None,
    }


def _tallies() -> list[Tally]:
    found = services().contents.campaigns()
    with services().database.read() as connection:
        return [_tally(connection, campaign) for campaign in found.values()]


def _tally(connection: Connection, campaign: Campaign) -> Tally:
    states = messages.states(connection, campaign.slug)
    return Tally(campaign, *(states.get(state, 0) for state in ("waiting", "approved", "rejected")))


def _undoable(slug: str) -> tuple[str, str] | None:
    """Return the last decision of this session, as the message's id and what was done."""
    decided = session.get("decided")
    return (decided[1], decided[2]) if decided and decided[0] == slug else None
