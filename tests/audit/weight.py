"""What a first view weighs, and when it is there on a slow line."""

from __future__ import annotations

import gzip
import re
import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Response

from campaign.pages import local_server
from tests.audit.rows import Row, at_most

PACKED = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
OTHERS = {".webp": "image/webp", ".avif": "image/avif", ".jpg": "image/jpeg", ".woff2": "font/woff2"}
# What nothing waits for: the count, asked for once the page is there, and the browser's own icon of the tab.
APART = re.compile(r"/count\.json$|/icon\.\w+\.svg$")
RUNS = 5
MOST_MARKUP, MOST_SCRIPT, MOST_BYTES = 14_000, 5 * 512, 60 * 1024
MOST_REQUESTS = 4
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
SLOW = {"offline": False, "latency": 600, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
PAINTS = """() => new Promise((done) => {
  let largest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => { largest = e.startTime; }))
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done([performance.getEntriesByName("first-contentful-paint")[0].startTime, largest]), 500);
})"""


@cache  # each file is sent to many pages
def _squeezed(body: bytes) -> bytes:
    return gzip.compress(body, 9)


@contextmanager
def packed(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a frozen site as a good host does: packed, with its headers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            file = folder / path.lstrip("/") / ("index.html" if path.endswith("/") else "")
            if not file.is_file():
                return self.send_error(404)
            body, squeezed = file.read_bytes(), file.suffix in PACKED
            body = _squeezed(body) if squeezed else body
            self.send_response(200)
            self.send_header("Content-Type", (PACKED | OTHERS).get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            if squeezed:
                self.send_header("Content-Encoding", "gzip")
            for name, value in local_server.header_rules(folder, path):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            return None

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with local_server.serving(Handler, port) as origin:
        yield origin


@dataclass(frozen=True)
class FirstView:
    """What came before the first keystroke: bytes with headers, of the script without; requests."""

    markup: int
    script: int
    everything: int
    requests: int


def rows(browser: Browser, addresses: Mapping[str, str]) -> Iterator[Row]:
    """Weigh the first view in each language, by its address, and time the heaviest on a slow line."""
    views = {code: first_view(browser, address, code) for code, address in addresses.items()}
    heaviest = max(views, key=lambda code: views[code].markup)
    view = views[heaviest]
    yield at_most(f"HTML and CSS, packed, with headers ({heaviest})", view.markup, MOST_MARKUP, "bytes")
    yield at_most("script before the first keystroke, packed", view.script, MOST_SCRIPT, "bytes")
    yield at_most("first view", max(one.everything for one in views.values()), MOST_BYTES, "bytes")
    requests = max(one.requests for one in views.values())
    yield at_most("requests of a first view, beside count and icon", requests, MOST_REQUESTS, "")
    times = [paints(browser, addresses[heaviest]) for _ in range(RUNS)]
    first, largest = map(statistics.median, zip(*times, strict=True))
    yield at_most("first paint at 400 kbps and 600 ms", first, 3_000, "ms")
    yield at_most("largest paint at 400 kbps and 600 ms", largest, 4_000, "ms")


def first_view(browser: Browser, url: str, language: str) -> FirstView:
    """Load a page on a phone of somebody who speaks its language, until nothing more comes."""
    context = browser.new_context(**PHONE, locale=language)  # type: ignore[arg-type]
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url, wait_until="networkidle")
    asked = [answer.request for answer in answers if not APART.search(answer.url)]
    sizes = [(request.resource_type, request.sizes()) for request in asked]
    context.close()
    whole = {kind: 0 for kind, _ in sizes}
    for kind, size in sizes:
        whole[kind] += size["responseBodySize"] + size["responseHeadersSize"]
    script = sum(size["responseBodySize"] for kind, size in sizes if kind == "script")
    markup = whole.get("document", 0) + whole.get("stylesheet", 0)
    return FirstView(markup, script, sum(whole.values()), len(sizes))


def paints(browser: Browser, url: str) -> tuple[float, float]:
    """Return the milliseconds to the first and the largest paint at 400 kbps and 600 ms."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(1_000)
    first, largest = page.evaluate(PAINTS)
    context.close()
    return first, largest
