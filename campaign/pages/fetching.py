"""A published page as a visitor gets it: each file by its address, read within bounds."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from email.message import Message
from ipaddress import ip_address
from typing import IO, Any
from urllib.parse import quote, urlsplit

from campaign.errors import CandleError

QUIET = 20.0  # seconds without a byte
PATIENCE = 120.0  # seconds for one file
PIECE = 1 << 16
GZIP = 31  # zlib's number for gzip's frame
# As a browser asks: a host that means to cheat shall not know who looks by this.
ASKED = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
}


class PublishedError(CandleError):
    """A page that cannot be looked at."""


@dataclass(frozen=True)
class Answer:
    """What a host answered; the body is cut off behind what was asked for, and a refusal's is not read."""

    status: int
    headers: Message = field(repr=False)
    body: bytes = b""

    @property
    def kind(self) -> str:
        """Its media type."""
        return self.headers.get_content_type()

    @property
    def policy(self) -> str:
        """Every Content-Security-Policy."""
        return ", ".join(self.headers.get_all("Content-Security-Policy", ()))

    @property
    def leads_to(self) -> str:
        """Where a header sends a visitor, or which style sheet one adds to a page of the right bytes."""
        if self.status >= 300:
            return str(self.headers.get("Location", ""))
        styles = [link for link in self.headers.get_all("Link", ()) if "stylesheet" in link.lower()]
        return ", ".join([*self.headers.get_all("Refresh", ()), *styles])


class Unreachable(PublishedError):
    """A file for which no whole answer came; `reason` is what stopped it, as an SSLError."""

    def __init__(self, path: str, reason: object) -> None:
        super().__init__(f"{path}: no whole answer came: {reason}")
        self.reason = reason


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow nothing: a visitor who is sent elsewhere does not see this page."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Leave the redirect as the answer that it is."""


class Published:
    """One origin; a path is that of a file of the build. `plain` ones without https are asked too."""

    def __init__(self, url: str, *, plain: bool = False) -> None:
        self.origin = _origin(url, plain=plain)
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if self.origin.startswith("http:"):
            handlers.append(urllib.request.ProxyHandler({}))  # no proxy reaches this machine's own addresses
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str, most: int, *, packed: bool = True) -> Answer:
        """Fetch one file and read at most `most` bytes and one more of it; `packed` lets gzip carry it.

        Raises:
            Unreachable: no whole answer came.
        """
        place = path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path
        encoding = {"Accept-Encoding": "gzip" if packed else "identity"}
        asked = urllib.request.Request(  # noqa: S310 # an address with https, or on this machine
            f"{self.origin}/{quote(place)}", headers=ASKED | encoding
        )
        try:
            return _in_time(lambda: self._answer(asked, most))
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            raise Unreachable(path, getattr(error, "reason", error)) from None

    def _answer(self, asked: urllib.request.Request, most: int) -> Answer:
        try:
            with self._opener.open(asked, timeout=QUIET) as answer:
                return _read(answer, answer.status, most)
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers)


def _in_time(ask: Callable[[], Answer]) -> Answer:
    """Leave a host alone whose answer, headers and all, does not end: each byte alone could come in time."""
    given: Future[Answer] = Future()

    def work() -> None:
        try:
            given.set_result(ask())
        except Exception as fault:
            given.set_exception(fault)

    threading.Thread(target=work, daemon=True).start()
    if not wait([given], PATIENCE).done:
        raise TimeoutError(f"not whole after {PATIENCE:.0f} s")
    return given.result()


def _read(answer: Any, status: int, most: int) -> Answer:
    unpacking = zlib.decompressobj(GZIP) if answer.headers.get("Content-Encoding") == "gzip" else None
    body = b""
    while len(body) <= most and (piece := answer.read1(PIECE)):
        body += unpacking.decompress(piece, most + 1) if unpacking else piece
    return Answer(status, answer.headers, body[: most + 1])


def _origin(url: str, *, plain: bool) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise PublishedError(f"{url!r} is no address of a page") from None
    if not host or parts.username or parts.query or parts.fragment or parts.path.strip("/"):
        raise PublishedError(f"{url!r}: write the page's origin alone, such as https://candle.example.org")
    if parts.scheme != "https" and not (parts.scheme == "http" and (plain or _is_here(host))):
        raise PublishedError(
            f"{url!r}: by https only, or http on this machine: anybody on the way could answer in its place"
        )
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
