"""After the password: the code of a phone, or enrolling one."""

from __future__ import annotations

import segno
from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts import second_factor, staff
from campaign.accounts.staff import Member, StaffError
from receiver.services import services
from receiver.staff import login

blueprint = Blueprint("second_factor", __name__, url_prefix="/staff")
WHILE = 600  # seconds between the password and the code
WRONG = "That is not the code of now, or it was used already. Wait for the next one."


@blueprint.route("/code", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for the code of the phone, or a recovery code, and begin a session."""
    member = _password_given()
    if member is None or not member.has_factor:
        return redirect(url_for("staff.log_in"), 303)
    if request.method == "GET":
        return render_template("staff/code.html")
    if services().wrong_codes.too_many(member.name):
        told = "Too many wrong codes. Try again in an hour, or ask whoever runs this for a new invitation."
        return make_response(render_template("staff/code.html", wrong=told), 429)
    code, keys, moment = request.form.get("code", ""), services().settings.approval_keys, login.now()
    tidy = "".join(code.split()).lower()[:32]
    used = services().database.write(lambda c: staff.use_code(c, member.name, keys, tidy, moment.timestamp()))
    if not used:
        services().wrong_codes.add(member.name)
        return make_response(render_template("staff/code.html", wrong=WRONG), 422)
    services().wrong_codes.forget(member.name)
    return login.begin(member)


@blueprint.route("/enrol", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Show the secret for a phone, and keep it once a code of it comes back; then show the recovery codes."""
    member = _password_given()
    if member is None or member.has_factor:
        return redirect(url_for("staff.log_in"), 303)
    if request.method == "GET" or "secret" not in session:
        session["secret"] = session.get("secret") or second_factor.as_base32(second_factor.new_secret())
        return render_template("staff/enrol.html", **_shown(member))
    secret, keys = second_factor.from_base32(session["secret"]), services().settings.approval_keys
    code, moment = "".join(request.form.get("code", "").split()), login.now().timestamp()
    if second_factor.matching_step(secret, code, moment, 0) is None:
        return make_response(render_template("staff/enrol.html", wrong=WRONG, **_shown(member)), 422)
    factor, codes = second_factor.enrol(keys, member.name, secret)

    def work(connection: Connection) -> None:
        staff.enrol(connection, member.name, keys, factor)
        staff.use_code(connection, member.name, keys, code, moment)  # so that it is good once

    try:
        services().database.write(work)
    except StaffError:  # in another window, a moment ago
        return redirect(url_for("staff.log_in"), 303)
    login.begin(member)
    return render_template("staff/recovery.html", member=member, codes=codes)


def _shown(member: Member) -> dict[str, str]:
    """Give what the page needs: the secret as a picture, and in groups to be typed."""
    secret = session["secret"]
    host = (services().settings.staff_url or services().settings.receiver_url).partition("://")[2]
    uri = second_factor.uri(second_factor.from_base32(secret), member.name, f"Candle {host}")
    picture = segno.make(uri, error="m", micro=False).svg_inline(scale=5, light="#fff", omitsize=True)
    return {"picture": picture, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


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
