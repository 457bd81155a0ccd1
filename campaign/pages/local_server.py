"""A web server for the frozen page on this machine: files, and the rules of `_headers`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

STOPS_IN = 0.05  # seconds after it is told to


class PageHandler(SimpleHTTPRequestHandler):
    """Serve a frozen site as a static host would: index files, 404.html, and the rules of `_headers`."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file."""
        path = urlsplit(self.path).path
        if (file := self._file(path)).is_file():
            self._send(200, self.guess_type(str(file)), file.read_bytes())
        elif file.is_dir() or (file / "index.html").is_file():
            self._redirect(path + "/")
        else:
            self._send(404, "text/html", self._not_found())

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal belongs to the person who runs the command."""

    def _file(self, path: str) -> Path:
        file = Path(self.translate_path(path))
        return file / "index.html" if path.endswith("/") else file

    def _not_found(self) -> bytes:
        page = Path(self.directory) / "404.html"
        return page.read_bytes() if page.is_file() else b"Not found"

    def _redirect(self, location: str) -> None:
        self.send_response(301)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        text = kind.startswith("text/") and "charset" not in kind
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in header_rules(Path(self.directory), urlsplit(self.path).path):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def header_rules(folder: Path, path: str) -> list[tuple[str, str]]:
    """Return the headers that the folder's `_headers` file sets for one path."""
    file = folder / "_headers"
    return rules_for(path, file.read_text(encoding="utf-8")) if file.is_file() else []


def rules_for(path: str, rules: str) -> list[tuple[str, str]]:
    """Return the headers that the text of a `_headers` file sets for one path.

    A rule is a path pattern on a line of its own, `Name: value` lines indented below it; `*` stands for
    anything. Source: https://developers.cloudflare.com/pages/configuration/headers/
    """
    headers: dict[str, str] = {}
    applies = False
    for line in rules.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            applies = fnmatchcase(path, line.strip())
        elif applies:
            name, _, value = line.strip().partition(":")
            headers[name] = value.strip()
    return list(headers.items())


class _PageServer(ThreadingHTTPServer):
    daemon_threads = True


def hosting(folder: Path, port: int = 0) -> AbstractContextManager[str]:
    """Serve `folder` on 127.0.0.1 while the block runs and give its origin; port 0 takes a free one."""
    return serving(partial(PageHandler, directory=str(folder)), port)


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """Let `handler` answer on 127.0.0.1 while the block runs and give its origin; port 0 takes a free one."""
    server = _PageServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, args=[STOPS_IN], name="page host", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
