"""Error answers in plain words, as a page or as JSON; never a traceback."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from campaign.language.catalogue import Catalogue, read_catalogue
from campaign.storage.database import Unavailable
from receiver.http import limits, logs
from receiver.http.answer_language import requested_catalogue
from receiver.http.headers import for_staff
from receiver.http.logs import request_id
from receiver.http.outcome import RETRY_AFTER, Outcome, as_json, page_context, wants_json
from receiver.services import services

IN_JSON = ("/token", "/count.json", "/petition", "/health")  # how the addresses end that answer in JSON


def install(app: Flask) -> None:
    """Answer every error, expected or not."""
    app.register_error_handler(HTTPException, explain)
    for away in (Unavailable, SQLAlchemyError):
        app.register_error_handler(away, partial(_fault, ServiceUnavailable))
    app.register_error_handler(Exception, partial(_fault, InternalServerError))


def explain(error: HTTPException) -> Response | HTTPException:
    """Say in plain words what went wrong, and keep the headers that the error asks for."""
    code = error.code or 500
    if code < 400:
        return error  # a redirect
    here = services()
    apart = here.settings.staff_url.partition("://")[2]
    asked = request.host == apart if apart else for_staff(request.path)
    at_desk = here.only == "desk" or (here.only is None and asked)
    catalogue = read_catalogue("en") if at_desk else requested_catalogue()
    title, advice = _texts_for(code, catalogue)
    if wants_json() or request.path.endswith(IN_JSON):
        response = as_json(Outcome(code, "refused", notice=title))
    else:  # where the desk alone is served, the supporters' stylesheets are not
        busy = bool(getattr(error, "retry_after", 0))  # with work for others, whatever a network sent
        told = {"title": title, "advice": advice, "code": code, "busy": busy, "id": request_id()}
        shown = {} if at_desk else page_context(None, catalogue.language, catalogue)
        template = "staff/error.html" if at_desk else "supporter/error.html"
        response = make_response(render_template(template, **shown, **told), code)
    if code in (429, 503):
        response.headers["Retry-After"] = str(limits.seconds_to_wait() if code == 429 else RETRY_AFTER)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _fault(answer: type[HTTPException], error: Exception) -> Response | HTTPException:
    """Let the log say where it happened, and show the request's id, by which the log is searched."""
    logs.record_fault(error)
    return explain(answer())


def _texts_for(code: int, catalogue: Catalogue) -> tuple[str, str]:
    _ = catalogue.gettext
    known = {
        400: (
            _("That could not be read"),
            _("The form arrived broken. Please go back and send it again."),
        ),
        401: (_("That is not signed by who it should be"), ""),
        404: (_("This page is not here"), _("It may have moved, or its address has a mistake in it.")),
        405: (_("That does not work here"), _("Please go back to the page and use its form.")),
        413: (
            _("That is too long"),
            _("That is more than we can take. Please go back and shorten it."),
        ),
        429: (
            _("One moment, please"),
            _("Too much came from your network. Please try again in a minute."),
        ),
        503: (_("Not right now"), _("We cannot store anything at the moment. Please try again in a minute.")),
    }
    fallback = (
        _("Something went wrong here"),
        _("It is our fault, not yours. Please try again."),
    )
    return known.get(code, known[400] if code < 500 else fallback)
