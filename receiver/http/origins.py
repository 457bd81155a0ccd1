"""Which web origins may post here: the page's, its mirrors', and the receiver's own."""

from __future__ import annotations

from typing import Literal

from flask import Flask, Response, request
from flask.globals import request_ctx

from campaign.settings import Settings

Standing = Literal["right", "unknown", "foreign"]

SHARED_ENDPOINTS = frozenset({"public.send", "public.write", "public.token", "count.show"})
PREFLIGHT_AGE = "600"  # seconds


def standing(settings: Settings) -> Standing:
    """Judge the origin of the request at hand.

    A browser that is told to hide its origin (`Origin: null`, or none) may still say by Sec-Fetch-Site that
    the page is ours. "unknown" is what is left: honest old browsers, and programs that are no browser.
    """
    headers = request.headers
    origin = headers.get("Origin", "null")
    if origin in settings.site_url or origin in (settings.receiver_url, own_origin()):
        return "right"
    if origin != "null":
        return "foreign"
    fetched_from = headers.get("Sec-Fetch-Site")
    if fetched_from is None:
        return "unknown"
    return "right" if fetched_from == "same-origin" else "foreign"


def own_origin() -> str:
    """Return the origin under which the client reached us."""
    return f"{request.scheme}://{request.host}"


def install(app: Flask, settings: Settings) -> None:
    """Let the page's scripts read the answers that are meant for them, without credentials."""
    allowed = frozenset({*settings.site_url, settings.receiver_url})

    @app.after_request
    def share(response: Response) -> Response:
        asked = request_ctx.request
        if asked.endpoint in SHARED_ENDPOINTS:
            response.headers.add("Vary", "Origin")
            origin = asked.headers.get("Origin")
            if origin in allowed:
                _allow_origin(response, origin, asked.method)
        return response


def _allow_origin(response: Response, origin: str, method: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = PREFLIGHT_AGE
