"""The headers of the frozen page, and the `_headers` file in which static hosts read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from campaign.settings import Settings

A_YEAR = 31_536_000  # seconds
HTML_CACHE = "public, max-age=300"
STATIC_CACHE = f"public, max-age={A_YEAR}, immutable"  # the names of static files hold their content's hash
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


def content_security_policy(settings: Settings) -> str:
    """Return the policy of the page: nothing but its own files, and the receiver for messages and counts."""
    directives = {
        "default-src": "'none'",
        "img-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "script-src": "'self'",
        "connect-src": f"'self' {settings.receiver_url}",
        # Redirects and every mirror's pages count too, so all origins are named.
        "form-action": " ".join(dict.fromkeys([*settings.site_url, settings.receiver_url])),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def page_headers(settings: Settings) -> Mapping[str, str]:
    """Return the security headers that every answer of the page's origin carries."""
    return {
        "Content-Security-Policy": content_security_policy(settings),
        # With no-referrer or same-origin Chromium would post the form with `Origin: null`.
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": f"max-age={2 * A_YEAR}",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    }


def headers_file(slugs: Iterable[str], settings: Settings) -> str:
    """Return the text of `_headers`.

    Hosts join the values of a header that two rules set, so no path gets its Cache-Control twice.
    Source: https://developers.cloudflare.com/pages/configuration/headers/
    """
    files = ("404.html", "build.json", "robots.txt", "sitemap.xml")
    short = ["/", *(f"/{name}" for name in files), *(f"/{slug}/*" for slug in slugs)]
    rules: dict[str, Mapping[str, str]] = {"/*": page_headers(settings)}
    rules |= {path: {"Cache-Control": HTML_CACHE} for path in short}
    rules["/static/*"] = {"Cache-Control": STATIC_CACHE}
    return "\n".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for path, headers in rules.items()
    )
