"""What staff did, for coordinators to read."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts import staff
from campaign.accounts.staff_log import DECISIONS
from campaign.accounts.staff_log_pages import read_page
from campaign.accounts.staff_log_rows import LogEntry
from campaign.language import locales
from receiver.http.requested import requested_number
from receiver.services import services
from receiver.staff.login import coordinators_only, current_member

blueprint = Blueprint("staff_log", __name__, url_prefix="/staff/log")


@blueprint.get("")
@coordinators_only
def show() -> ResponseReturnValue:
    """List what was done, the newest first, by one person or by all."""
    asked = request.args.get("who", "").strip().lower()[:64]
    who = asked if asked.isprintable() else ""
    with services().database.read() as connection:
        page = read_page(connection, requested_number(request.args, "page", 1), who)
        members = staff.list_members(connection, services().settings.approval_keys)
    return render_template(
        "staff/log.html",
        member=current_member(),
        page=page,
        who=who,
        members=[member.name for member in members],
        day=lambda date: locales.day(date, "en"),
        message_of=_message_of,
    )


def _message_of(entry: LogEntry) -> str:
    """Give the address of the message that a decision was about; "" where it was about something else."""
    slug, space, identifier = entry.about.partition(" ")
    known = entry.what in DECISIONS and space and services().contents.get(slug)
    return url_for("desk.review", slug=slug, message=identifier) if known else ""
