"""The security headers of every answer, errors included."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
STAFF_POLICY = POLICY | {"script-src": "'self'"}

ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    # strict-origin and nothing stricter: with no-referrer or same-origin Chromium sends `Origin: null`.
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


def install(app: Flask) -> None:
    """Set the headers after every request; an answer that may be cached says so itself."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(ALWAYS)
        response.headers["Content-Security-Policy"] = policy(staff=request.path.startswith("/staff"))
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def policy(*, staff: bool = False) -> str:
    """Return the Content-Security-Policy; no supporter's page runs a script, the staff desk runs its own."""
    directives = STAFF_POLICY if staff else POLICY
    return "; ".join(f"{name} {value}" for name, value in directives.items())
