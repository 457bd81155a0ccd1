"""A host for the frozen page on this machine: files, their `_headers`, and a reload while editing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LONGEST_POLL = 25.0  # seconds a browser waits for a change before it asks again
STOPS_IN = 0.05  # seconds after it is told to
RELOAD_SCRIPT = """(async () => {
  let seen = null;
  for (;;) {
    try {
      const version = await (await fetch("/.preview/version?" + (seen ?? ""))).text();
      if (seen !== null && version !== seen) location.reload();
      seen = version;
    } catch { await new Promise((again) => setTimeout(again, 500)); }
  }
})();
"""
RELOAD_TAG = b'<script src="/.preview/reload.js" defer></script>'


class Live:
    """What the browsers of a preview wait for: the number of the build, and the faults that stopped it."""

    def __init__(self) -> None:
        self.faults = ""
        self._number = 1
        self._changed = threading.Condition()

    def built(self, faults: str = "") -> None:
        """Tell every waiting browser that there is something new to see."""
        with self._changed:
            self.faults = faults
            self._number += 1
            self._changed.notify_all()

    def after(self, seen: str) -> str:
        """Return the number once it differs from `seen`, or after `LONGEST_POLL` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: str(self._number) != seen, LONGEST_POLL)
            return str(self._number)


class PageHandler(SimpleHTTPRequestHandler):
    """Serve a frozen site as a static host would: index files, 404.html, and the rules of `_headers`."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, live: Live | None, **kwargs: Any) -> None:
        self.live = live
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answer with a file, or with the preview's own script and version."""
        path = urlsplit(self.path).path
        if self.live and path == "/.preview/version":
            self._send(200, "text/plain", self.live.after(urlsplit(self.path).query).encode())
        elif self.live and path == "/.preview/reload.js":
            self._send(200, "text/javascript", RELOAD_SCRIPT.encode())
        elif self.live and self.live.faults and "." not in path.rpartition("/")[2]:
            self._send(200, "text/html", _fault_page(self.live.faults))
        elif (file := self._file(path)).is_file():
            self._send(200, self.guess_type(str(file)), self._body(file))
        elif file.is_dir() or (file / "index.html").is_file():
            self._redirect(path + "/")
        else:
            self._send(404, "text/html", self._not_found())

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal belongs to the person who runs the command."""

    def _file(self, path: str) -> Path:
        file = Path(self.translate_path(path))
        return file / "index.html" if path.endswith("/") else file

    def _body(self, file: Path) -> bytes:
        body = file.read_bytes()
        if self.live and file.suffix == ".html":
            return body.replace(b"</head>", RELOAD_TAG + b"</head>", 1)
        return body

    def _not_found(self) -> bytes:
        page = Path(self.directory) / "404.html"
        return self._body(page) if page.is_file() else b"Not found"

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


def _fault_page(faults: str) -> bytes:
    """Show an editor what to mend; the page comes back by itself once it is mended."""
    lines = "".join(f"<li><p>{escape(line)}</p></li>" for line in faults.splitlines())
    head = "<!doctype html><html lang=en><head><meta charset=utf-8><title>To mend</title>"
    return f"{head}{RELOAD_TAG.decode()}</head><body><h1>To mend</h1><ol>{lines}</ol></body></html>".encode()


def header_rules(folder: Path, path: str) -> list[tuple[str, str]]:
    """Return the headers that the folder's `_headers` file sets for one path.

    A rule is a path pattern on a line of its own, `Name: value` lines indented below it; `*` stands for
    anything. Source: https://developers.cloudflare.com/pages/configuration/headers/
    """
    file = folder / "_headers"
    headers: dict[str, str] = {}
    applies = False
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
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


def hosting(folder: Path, port: int = 0, live: Live | None = None) -> AbstractContextManager[str]:
    """Serve `folder` on 127.0.0.1 while the block runs and give its origin; port 0 takes a free one.

    With `live` each HTML page also reloads itself after a build, or shows the faults that stopped it.
    """
    return serving(partial(PageHandler, directory=str(folder), live=live), port)


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
