"""After the password: the code of a phone, or enrolling one."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts import second_factor, staff
from campaign.accounts.login_attempts import CODES
from campaign.accounts.staff import Member, StaffError
from campaign.language.english import counted
from receiver.services import services
from receiver.staff import device_cookie, login, login_delay

blueprint = Blueprint("second_factor", __name__, url_prefix="/staff")
WHILE = 600  # seconds between the password and the code
WRONG = "That is not the code of now, or it was used already. Wait for the next one."
USED_UP = (
    "That recovery code is used up. For a new phone, ask whoever runs this for a new invitation before the"
    " others are."
)
OR = "If it is a recovery code, check each letter."


@blueprint.route("/code", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for the code of the phone, or a recovery code, and begin a session."""
    member = _password_given()
    if member is None or not member.has_factor:
        return redirect(url_for("staff.log_in", next=session.get("asked_for")), 303)
    if request.method == "GET":
        return render_template("staff/second_factor.html")
    moment, who = login.now(), f"code {device_cookie.current() or member.name}"
    wait = login_delay.current().take(who, CODES, moment)
    if wait > timedelta(0):
        return _too_many(wait)
    if not _use(member, _typed_code(), moment):
        by = login.scribe(member)
        services().database.write(lambda c: by.record(c, "gave a wrong code", "the desk"))
        return make_response(render_template("staff/second_factor.html", wrong=f"{WRONG} {OR}"), 422)
    login_delay.current().forget(who)
    lost = session.get("lost")
    answer = login.begin(member)
    if len(_typed_code()) > second_factor.DIGITS:
        flash(USED_UP)
    login.tell_lost(lost, answer.location)
    return answer


def _typed_code() -> str:
    """Read a code however it is grouped: 123-456, 123 456."""
    return "".join(filter(str.isalnum, request.form.get("code", ""))).lower()[:32]


def _too_many(wait: timedelta) -> ResponseReturnValue:
    minutes = counted(math.ceil(wait.total_seconds() / 60), "minute")
    told = f"Too many wrong codes. Try again in {minutes}, or ask whoever runs this for a new invitation."
    answer = make_response(render_template("staff/second_factor.html", wrong=told), 429)
    answer.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return answer


def _use(member: Member, code: str, moment: datetime) -> bool:
    """Use up a code; one that was used is none, even where somebody put the older row back."""
    name, keys, guesses = member.name, services().settings.approval_keys, login_delay.current()
    if guesses.was_used(name, code):
        return False
    good = services().database.write(lambda c: staff.use_code(c, name, keys, code, moment.timestamp()))
    if good:
        guesses.note_used(name, code)
    return good


@blueprint.route("/enrol", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Show the secret for a phone, and keep it once a code of it comes back; then show the recovery codes."""
    member = _password_given()
    if member is None or member.has_factor:
        return redirect(url_for("staff.log_in", next=session.get("asked_for")), 303)
    if request.method == "GET" or "secret" not in session:
        session["secret"] = session.get("secret") or second_factor.as_base32(second_factor.new_secret())
        return render_template("staff/enrol.html", **_shown(member))
    secret, keys = second_factor.from_base32(session["secret"]), services().settings.approval_keys
    code, moment = _typed_code(), login.now().timestamp()
    if second_factor.matching_step(secret, code, moment, 0) is None:
        return make_response(render_template("staff/enrol.html", wrong=WRONG, **_shown(member)), 422)
    factor, codes = second_factor.enrol(keys, member.name, secret)

    def work(connection: Connection) -> None:
        staff.enrol(connection, member.name, keys, factor)
        staff.use_code(connection, member.name, keys, code, moment)  # so that it is good once

    try:
        recorded = login.scribe(member).recording(work, "enrolled a phone", member.name)
        services().database.write(recorded)
        login_delay.current().note_used(member.name, code)
    except StaffError:  # in another window, a moment ago
        return redirect(url_for("staff.log_in", next=session.get("asked_for")), 303)
    login.begin(member)
    return render_template("staff/recovery.html", member=member, codes=codes)


def _shown(member: Member) -> dict[str, str]:
    """Give what the page needs: the secret as a picture, and in groups to be typed."""
    secret = session["secret"]
    host = (services().settings.staff_url or services().settings.receiver_url).partition("://")[2]
    uri = second_factor.uri(second_factor.from_base32(secret), member.name, f"Candle {host}")
    picture = segno.make(uri, error="m", micro=False).svg_inline(scale=5, light="#fff", omitsize=True)
    return {
        "picture": picture,
        "uri": uri,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }


def _password_given() -> Member | None:
    """Return who gave the right password in this browser a moment ago."""
    given = session.get("password_given")
    if not (isinstance(given, list) and len(given) == 3):
        return None
    name, version, since = given
    with services().database.read() as connection:
        member = staff.get(connection, str(name), services().settings.approval_keys)
    good = member and member.may_enter and member.session_version == version
    return member if good and login.now().timestamp() - since < WHILE else None
