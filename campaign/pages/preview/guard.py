"""Who may speak to the preview: this machine's own browser, from the preview's own pages."""

from __future__ import annotations

from werkzeug.wrappers import Request

LOOPBACK = ("127.0.0.1", "localhost")
OWN = "same-origin"  # another port of this machine is another program, though "same-site"
HTTP = 80  # the port that no browser writes
READING = frozenset({"GET", "HEAD"})


def refused(request: Request, port: int) -> str:
    """Say why a request is not answered, or "" when it is.

    Another's name that leads to this machine (DNS rebinding) is told by `Host`, a post from another site by
    `Origin`, which every browser sends with it, a look from another site by `Sec-Fetch-Site`.
    """
    hosts = {name if port == HTTP else f"{name}:{port}" for name in LOOPBACK}
    host = request.headers.get("Host", "")
    if host not in hosts:
        return f"this is only answered as http://{LOOPBACK[0]}:{port}/"
    if request.method not in READING and request.headers.get("Origin") != f"http://{host}":
        return "this comes from another page than the preview's own"
    site = request.headers.get("Sec-Fetch-Site", OWN)
    if request.path.startswith("/.preview/") and site not in {OWN, "none"}:
        return "this comes from another page than the preview's own"
    return ""
