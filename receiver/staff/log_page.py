"""What staff did, for coordinators to read."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from campaign.accounts import staff
from campaign.accounts.staff_log import DECISIONS
from campaign.accounts.staff_log_pages import read_page
from campaign.accounts.staff_log_rows import LogEntry
from campaign.language import locales
from receiver.http.requested_number import requested_number
from receiver.services import services
from receiver.staff.login import coordinators_only, current_member

blueprint = Blueprint("staff_log", __name__, url_prefix="/staff/log")
# What goes with what it was about into one sentence, and how where it is not one behind the other.
_PLAINLY = ("printed", "posted", "took back", "reprinted", "downloaded", "stopped", *DECISIONS)
_AT_THE_DESK = ("signed in", "signed out", "signed out everywhere", "gave a wrong code")
_OF_WHAT = ("changed the password", "enrolled a phone", "made the keepsake")
_SAID = {
    **dict.fromkeys(_PLAINLY, "{what} {about}"),
    **dict.fromkeys(_AT_THE_DESK, "{what}"),
    **dict.fromkeys(_OF_WHAT, "{what} of {about}"),
    "started": "started a run of {about}",
    "approved once": "approved {about}, as one of two",
    "cut": "cut words out of {about}",
    "put back": "put back the words of {about}",
    "made a batch": "made {about}",
}


@blueprint.get("")
@coordinators_only
def show() -> ResponseReturnValue:
    """List what was done, the newest first, by one person or by all."""
    asked = request.args.get("who", "").strip()[:64]
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
        said=_said,
    )


def _said(entry: LogEntry) -> Markup:
    """Say what was done; a decision leads to its message."""
    slug, space, identifier = entry.about.partition(" ")
    about = escape(entry.about)
    if entry.what in DECISIONS and space:
        about = escape(f"message {identifier} of {slug}")
        if services().contents.get(slug):
            address = url_for("desk.review", slug=slug, message=identifier)
            about = Markup('<a href="{}">{}</a>').format(address, about)
    return escape(_SAID.get(entry.what, "{what}: {about}")).format(what=entry.what, about=about)
