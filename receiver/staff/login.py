"""Who is at the desk: logging in and out, and the session in between."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy import Connection
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from campaign.accounts import passwords, sessions, staff
from campaign.accounts.login_attempts import PASSWORDS
from campaign.accounts.staff import Member
from campaign.accounts.staff_log import Scribe
from campaign.language.english import counted
from campaign.storage.database import Unavailable
from receiver.http import limits
from receiver.http.costly_work import Turns
from receiver.services import services
from receiver.staff import device_cookie, login_delay
from receiver.staff.page_asked_for import note_lost, own_page, page_asked_for, tell_lost

P = ParamSpec("P")
LOST = "Your login has ended, so nothing was changed. Please log in again."
HIDDEN = (
    "Your browser hides which page a form comes from (the Referer header), so nothing was changed. "
    "Let it tell this site, and try again."
)
WITHOUT_REFERER = "The referrer header is missing."  # this and those below are Flask-WTF's words
OF_ANOTHER_LOGIN = ("The CSRF tokens do not match.", "The CSRF session token is missing.")

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
# Of guesses: each costs 32 MiB and 60 ms here too, and those of strangers hold up no known browser.
_strangers, _known = Turns(4, 8), Turns(2, 4)


class LoginForm(FlaskForm):
    """A name and a password, and the page that was asked for without a login."""

    next = HiddenField()

    name = StringField("Name", [InputRequired("Write your name."), Length(max=64)])
    password = PasswordField(
        "Password", [InputRequired("Write your password."), Length(max=passwords.LONGEST)]
    )


def login_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only members in whose session is still good; others are sent to the login page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        member = _session_member()
        if member is None:
            if "password_given" not in session:  # else the code comes next, perhaps in another window
                session.clear()
            if request.method == "POST":
                flash(LOST, "fault")
            return redirect(url_for("staff.log_in", next=page_asked_for(), lost=note_lost() or None), 303)
        g.member = member
        return view(*args, **kwargs)

    return guarded


def coordinators_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only coordinators in; others are told so."""

    @wraps(view)
    @login_required
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_member().coordinates:
            return view(*args, **kwargs)
        told = {
            "title": "This is for coordinators",
            "code": 403,
            "advice": "Ask one of them to do it for you.",
        }
        return make_response(render_template("staff/error.html", member=current_member(), **told), 403)

    return guarded


def current_member() -> Member:
    """Return who is at the desk; only inside a view that is `login_required`."""
    member: Member = g.member
    return member


def scribe(member: Member | None = None) -> Scribe:
    """Write into the log of staff what whoever is at the desk does."""
    return Scribe((member or current_member()).name, services().settings.approval_keys, now)


def now() -> datetime:
    """Return the time by which sessions end."""
    return datetime.now(UTC)


def _session_member() -> Member | None:
    """Return whose session this is, while it is good: in the signed cookie, in its row, and the member's own.

    The cookie says itself when the session began, so that no change of its row makes it longer.
    """
    name, identifier, begun = (session.get(key) for key in ("member", "session", "begun"))
    if not (isinstance(name, str) and isinstance(identifier, str) and isinstance(begun, int)):
        return None
    moment = now()
    with services().database.read() as connection:
        member = staff.get(connection, name, services().settings.approval_keys)
        seen = sessions.last_seen(connection, identifier, name, moment)
    too_long = moment.timestamp() - begun >= sessions.LONGEST.total_seconds()
    if member is None or seen is None or too_long or not member.may_enter:
        return None
    if member.session_version != session.get("version"):
        return None
    if moment - seen >= sessions.SEEN_EVERY:
        _record_use(identifier, moment)
    return member


def _record_use(identifier: str, moment: datetime) -> None:
    """Keep a session from becoming idle; while nothing can be written, it only lasts no longer."""
    try:
        services().database.write(lambda connection: sessions.record_use(connection, identifier, moment))
    except Unavailable:
        return


@blueprint.route("/login", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """Ask for name and password, and begin a session when they are right."""
    form = LoginForm(next=request.args.get("next"))
    if request.method == "GET" and _session_member():  # by Back, or logged in in another tab meanwhile
        # The address may be anybody's link, and asks nobody to press: only this browser's own session does.
        page = own_page(form.next.data)
        tell_lost(session.pop("lost", "" if "lost" in request.args else None), page)
        return redirect(page, 303)
    if not form.validate_on_submit():
        return make_response(render_template("staff/login.html", form=form), 422 if form.errors else 200)
    member = verify(form.name.data or "", form.password.data or "")
    if member is None:
        wrong = "Name and password do not fit together."
        return make_response(render_template("staff/login.html", form=form, wrong=wrong), 422)
    return go_on(member, form.next.data)


def go_on(member: Member, page: str | None = None) -> ResponseReturnValue:
    """Go on from the right password: to the phone, or to the page that was asked for where none is needed."""
    kept = {"asked_for": page and own_page(page), "lost": session.get("lost")}
    if services().settings.second_factor == "off":
        session.update(kept)
        answer = begin(member)
        tell_lost(kept["lost"], answer.location)
        return answer
    session.clear()
    session.update(kept)
    session["password_given"] = [member.name, member.session_version, int(now().timestamp())]
    return redirect(url_for("second_factor.ask" if member.has_factor else "second_factor.enrol"), 303)


def begin(member: Member) -> Response:
    """Begin a new session in the place of whatever this browser had, and go to what was asked for."""
    earlier, page = session.get("session"), own_page(session.get("asked_for"))
    moment = now()

    def work(connection: Connection) -> str:
        if isinstance(earlier, str):
            sessions.end(connection, earlier)
        sessions.delete_ended(connection, moment)
        return sessions.begin(connection, member.name, moment)

    signed_in = scribe(member).recording(work, "signed in", "the desk")
    identifier = services().database.write(signed_in)
    session.clear()
    session.permanent = True
    session["member"], session["version"] = member.name, member.session_version
    session["session"], session["begun"] = identifier, int(moment.timestamp())
    device_cookie.remember(member, moment)
    return redirect(page, 303)


def verify(name: str, password: str) -> Member | None:
    """Return whose name and password these are, as one of few guesses at a time; None for anything else.

    Raises:
        TooManyRequests: too many are guessing, or for this name too much was guessed a moment ago.
    """
    typed, keys, device = (
        device_cookie.typed_name(name),
        services().settings.approval_keys,
        device_cookie.current(),
    )
    who = f"password {device or login_delay.current().bucket(typed)}"
    with (_known if device else _strangers).turn():
        wait = login_delay.current().take(who, PASSWORDS, now())
        if wait > timedelta(0):
            raise TooManyRequests(retry_after=math.ceil(wait.total_seconds()))
        with services().database.read() as connection:
            member = staff.verify(connection, typed if staff.NAME.fullmatch(typed) else "", password, keys)
    if member:
        login_delay.current().forget(who)
    return member


@blueprint.post("/logout")
@login_required
def log_out() -> ResponseReturnValue:
    """End the session, in every browser that has a copy of its cookie."""
    identifier = session["session"]
    work = scribe().recording(lambda c: sessions.end(c, identifier), "signed out", "the desk")
    services().database.write(work)
    session.clear()
    flash("You are logged out.")
    return redirect(url_for("staff.log_in"), 303)


@blueprint.post("/logout-everywhere")
@login_required
def log_out_everywhere() -> ResponseReturnValue:
    """End every session of the member, on whatever machine, and know none of their browsers any more."""
    name, keys = current_member().name, services().settings.approval_keys
    work = scribe().recording(
        lambda c: staff.log_out_everywhere(c, name, keys), "signed out everywhere", "the desk"
    )
    services().database.write(work)
    session.clear()
    flash("You are logged out everywhere.")
    return redirect(url_for("staff.log_in"), 303)


def session_ended(error: CSRFError) -> ResponseReturnValue:
    """Tell somebody whose session ended while the page was open what to do; nothing was decided.

    Who logged in again in another tab is shown the page: it keeps what was typed.
    """
    note_lost()
    if error.description in OF_ANOTHER_LOGIN and _session_member():
        page = own_page(page_asked_for())
        tell_lost(session.pop("lost", ""), page)
        return redirect(page, 303)
    form = LoginForm(formdata=None, next=page_asked_for())
    wrong = HIDDEN if error.description == WITHOUT_REFERER else LOST
    return make_response(render_template("staff/login.html", form=form, wrong=wrong), 400)


@blueprint.errorhandler(TooManyRequests)
def too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Name the wait."""

    def page(told: str) -> str:
        form = LoginForm(formdata=None, next=page_asked_for())
        return render_template("staff/login.html", form=form, wrong=told)

    return told_to_wait(error, page)


def told_to_wait(error: TooManyRequests, page: Callable[[str], str]) -> ResponseReturnValue:
    """Answer with a page that names the wait, and for whom it is."""
    guessed = error.retry_after
    wait = guessed if isinstance(guessed, int) else limits.seconds_to_wait()
    why = "Too many wrong passwords were tried." if guessed else "Too many tries from your network."
    answer = make_response(page(f"{why} Please wait {counted(wait, 'second')}."), 429)
    answer.headers["Retry-After"] = str(wait)
    return answer
