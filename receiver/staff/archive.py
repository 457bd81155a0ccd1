"""Looking up: messages that were decided, and one message by its id."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.language import locales
from campaign.messages import queries
from receiver.http.requested import requested_campaign, requested_number
from receiver.services import services
from receiver.staff.login import login_required
from receiver.staff.review import desk_context, find_message

blueprint = Blueprint("archive", __name__, url_prefix="/staff")
PAGE = 50
STATES = ("approved", "rejected", "waiting", "withdrawn")


@blueprint.get("/<slug>/messages")
@login_required
def listing(slug: str) -> ResponseReturnValue:
    """List the messages of one state, or go to the one whose id is asked for."""
    campaign = requested_campaign(slug)
    asked = request.args.get("id", "").strip().lower()
    state = request.args.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    after = requested_number(request.args, "after", 0)
    with services().database.read() as connection:
        if asked and find_message(connection, slug, asked):
            return redirect(url_for("desk.review", slug=slug, message=asked), 303)
        listed = queries.list_messages(connection, slug, state, limit=PAGE + 1, after=after)
        shown = desk_context(connection, campaign)
    return render_template(
        "staff/archive.html",
        **shown,
        state=state,
        asked=asked,
        found=listed[:PAGE],
        day=lambda date: locales.day(date, "en"),
        further=listed[PAGE - 1].order if len(listed) > PAGE else None,
    )
