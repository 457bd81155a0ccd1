"""Requests that other sites lead to: with none of them browsers send the cookie of the desk, which is Strict.

Each would look like one without a login, and its empty session would take the place of the member's.
"""

from __future__ import annotations

from flask import Flask, render_template, request
from werkzeug.urls import iri_to_uri

from receiver.http.headers import for_staff


def install(app: Flask) -> None:
    """Have a page of the desk asked for once more by the desk itself: then the cookie comes with it."""
    app.before_request(_ask_again)


def is_cross_site() -> bool:
    """Tell whether the browser says that another site's page made this request."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def _ask_again() -> str | None:
    if request.method != "GET" or not for_staff(request.path) or not is_cross_site():
        return None
    page = iri_to_uri(request.full_path.rstrip("?"))
    clicked = request.headers.get("Sec-Fetch-User") == "?1"  # else a page could lead here by itself
    return render_template("staff/cross_site.html", page=page, clicked=clicked)
