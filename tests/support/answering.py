"""A program of the web that answers on this machine while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server


class Silent(WSGIRequestHandler):
    """Write no line a request, and none for who leaves early."""

    def log(self, type: str, message: str, *args: object) -> None:  # werkzeug's name
        """Say nothing."""


@contextmanager
def answering(app: WSGIApplication, port: int, tls: tuple[str, str] | None = None) -> Iterator[None]:
    """Let it answer at 127.0.0.1 while the block runs; `tls` is the paths of a certificate and its key."""
    made = partial(_made, app)
    server = make_server("127.0.0.1", port, made, threaded=True, request_handler=Silent, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _made(app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Let go of what an answer is made from before it is sent: werkzeug forgets it if a browser hangs up."""
    answered = app(environ, start)
    try:
        return [b"".join(answered)]
    finally:
        close = getattr(answered, "close", None)
        if close:
            close()
