"""A program of the web that answers on this machine while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server


class Silent(WSGIRequestHandler):
    """Write no line a request, and none for who leaves early."""

    def log(self, type: str, message: str, *args: object) -> None:  # werkzeug's name
        """Say nothing."""


@contextmanager
def answering(app: WSGIApplication, port: int, tls: tuple[str, str] | None = None) -> Iterator[None]:
    """Let it answer at 127.0.0.1 while the block runs; `tls` is the paths of a certificate and its key."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
