"""The cookie of a browser in which a member logged in before, and what it spares them.

Behind one tunnel all come from one network, and a name is no secret. So whoever guesses must not be able to
lock a member out: what is tried elsewhere holds up no known browser. What is tried in it counts for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, after_this_request, current_app, g, request, session

from campaign.accounts import known_devices, staff
from campaign.accounts.staff import Member
from receiver.services import services

GUESSES = frozenset({"staff.log_in", "second_factor.ask", "account.change_password"})


def install(app: Flask, now: Callable[[], datetime]) -> None:
    """Look at the cookie before a password or a code is looked at, and before its network is limited."""
    app.before_request(lambda: _recognise(now()))


def typed_name(text: str) -> str:
    """Return the name that somebody meant: phones begin with a capital and end with a space."""
    return text.strip().lower()


def current() -> str | None:
    """Return the id of the browser at hand, if the member whose name is given is known to use it."""
    device: str | None = g.get("known_device")
    return device


def remember(member: Member, moment: datetime) -> None:
    """Let the browser at hand be known from now on: the member has come in with all that is asked for."""
    made = known_devices.new(services().settings.approval_keys[0], member, moment)

    @after_this_request
    def set_cookie(answer: Response) -> Response:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        age = int(known_devices.KNOWN_FOR.total_seconds())
        answer.set_cookie(_cookie(), made, age, secure=secure, httponly=True, samesite="Strict")
        return answer


def _recognise(moment: datetime) -> None:
    if request.method != "POST" or request.endpoint not in GUESSES or _cookie() not in request.cookies:
        return
    keys, name = services().settings.approval_keys, _claimed_name()
    with services().database.read() as connection:
        member = staff.get(connection, name, keys) if staff.NAME.fullmatch(name) else None
    if member:
        g.known_device = known_devices.known(keys, member, request.cookies[_cookie()], moment)


def _claimed_name() -> str:
    """Return for whom a password or a code is given."""
    if request.endpoint == "staff.log_in":
        return typed_name(request.form.get("name", ""))
    given = session.get("password_given")
    name = given[0] if isinstance(given, list) and given else session.get("member")
    return str(name or "")


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"
