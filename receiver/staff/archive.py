"""Looking up: messages that were decided, and one message by its id."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign import messages
from campaign.messages import MessageError
from receiver.public import known_campaign
from receiver.services import services
from receiver.staff.login import member, required

blueprint = Blueprint("archive", __name__, url_prefix="/staff")
PAGE = 50
STATES = ("approved", "rejected", "waiting", "withdrawn")


@blueprint.get("/<slug>/messages")
@required
def listing(slug: str) -> ResponseReturnValue:
    """List the messages of one state, or go to the one whose id is asked for."""
    campaign = known_campaign(slug)
    asked = request.args.get("id", "").strip().lower()
    state = request.args.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    after = request.args.get("after", 0, type=int)
    with services().database.read() as connection:
        if asked and _is_there(connection, slug, asked):
            return redirect(url_for("desk.review", slug=slug, message=asked), 303)
        found = messages.listing(connection, slug, state, limit=PAGE + 1, after=after)
    return render_template(
        "staff/archive.html",
        member=member(),
        campaign=campaign,
        states=STATES,
        state=state,
        asked=asked,
        found=found[:PAGE],
        further=found[PAGE - 1].order if len(found) > PAGE else None,
    )


def _is_there(connection: object, slug: str, identifier: str) -> bool:
    try:
        return messages.get(connection, identifier).campaign == slug  # type: ignore[arg-type]
    except MessageError:
        return False
