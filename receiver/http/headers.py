"""The security headers of every answer, errors included."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from receiver.roles import Half

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
STAFF_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"  # no supporter's page runs a script

ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    # strict-origin and nothing stricter: with no-referrer or same-origin Chromium sends `Origin: null`.
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",  # as the page's
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
UNCACHED = (("Cache-Control", "no-store"),)


def install(app: Flask, only: Half | None = None) -> None:
    """Set the headers on whatever is answered; an answer that may be cached says so itself."""
    app.wsgi_app = Protected(app.wsgi_app, with_desk=only != "public")  # type: ignore[method-assign]


class Protected:
    """A layer around the app: cheaper than a function after each request, and nothing gets past it."""

    def __init__(self, app: WSGIApplication, *, with_desk: bool) -> None:
        self._app = app
        self._public = [*ALWAYS.items(), ("Content-Security-Policy", POLICY)]
        # Where no desk is, its addresses are answered like any other that is not there.
        at_desk = STAFF_POLICY if with_desk else POLICY
        self._staff = [*ALWAYS.items(), ("Content-Security-Policy", at_desk)]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the app's answer and our headers."""
        ours = self._staff if for_staff(environ["PATH_INFO"]) else self._public

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            cached = any(name == "Cache-Control" for name, _ in headers)
            return start_response(status, [*headers, *ours, *(() if cached else UNCACHED)], *error)

        return self._app(environ, start)


def for_staff(path: str) -> bool:
    """Tell whether a path is the desk's; a campaign's name may begin with the same letters."""
    return path == "/staff" or path.startswith("/staff/")
