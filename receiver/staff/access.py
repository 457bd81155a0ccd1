"""How the desk is reached: its own origin, its session, its protection against forged requests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import NotFound

from campaign.accounts import sessions
from campaign.keys import signing
from campaign.settings import Settings
from receiver.http import body, static_files
from receiver.http.headers import for_staff
from receiver.staff import (
    account,
    batches,
    card,
    cross_site,
    decisions,
    device_cookie,
    downloads,
    find,
    groups,
    how_it_goes,
    invitation,
    log_page,
    login,
    login_delay,
    review,
    second_factor,
    undo,
)

PARTS = (
    *(login, invitation, account, second_factor, review, card, decisions, undo),
    *(groups, find, how_it_goes, batches, downloads, log_page),
)
SESSIONS = b"candle desk sessions 1"
MOST_FIELDS = 600  # a field a word that is to be cut out; the length of a post bounds them too


class DeskSessions(SecureCookieSessionInterface):
    """Sessions for the desk only; supporters have none, whatever cookie they bring."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request to the desk."""
        if not for_staff(request.path):
            return SecureCookieSession()
        return super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Leave a member's cookie alone where another site's page made the request: it did not come along."""
        return super().should_set_cookie(app, session) and not cross_site.is_cross_site()


def install(app: Flask, settings: Settings, without_session: Sequence[Blueprint]) -> None:
    """Add the desk, its session and its CSRF protection; supporters get neither cookie nor session."""
    origin = settings.staff_url or settings.receiver_url
    https = origin.startswith("https://")
    app.config |= {
        # Under the approval key: the public half knows the other one, and writes to the table of sessions.
        "SECRET_KEY": signing.subkey(settings.approval_key, SESSIONS),
        "SECRET_KEY_FALLBACKS": [signing.subkey(key, SESSIONS) for key in settings.approval_key_fallbacks],
        "SESSION_COOKIE_NAME": "__Host-candle" if https else "candle",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "PERMANENT_SESSION_LIFETIME": sessions.LONGEST,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": int(sessions.LONGEST.total_seconds()),
    }
    app.before_request(_refuse_broken_forms)
    app.session_interface = DeskSessions()
    protection = CSRFProtect(app)
    login_delay.install(app)
    device_cookie.install(app, lambda: login.now())
    for blueprint in without_session:
        protection.exempt(blueprint)  # there is none that could be ridden
    app.register_error_handler(CSRFError, login.session_ended)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.extensions["candle"].beginnings.append(partial(batches.continue_interrupted, settings))
    app.register_blueprint(static_files.desk_blueprint)
    if settings.staff_url:
        _keep_apart(app, settings.staff_url)
    cross_site.install(app)


def _refuse_broken_forms() -> None:
    """Hold the desk's posts to the same rules as the supporters'."""
    if request.method == "POST" and for_staff(request.path):
        body.fields(request, MOST_FIELDS)


def _keep_apart(app: Flask, staff_url: str) -> None:
    """Serve the desk on its own origin only, and nothing else but files and health there."""
    host = staff_url.partition("://")[2]

    @app.before_request
    def refuse() -> None:
        for_both = request.path.startswith("/static/") or request.path == "/health"
        if not for_both and for_staff(request.path) != (request.host == host):
            raise NotFound
