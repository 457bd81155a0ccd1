"""ASGI outside, WSGI inside: a thread sees a request once all of it is here."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from receiver.http import body as bodies
from receiver.http.body import BODILESS, LIMIT, REFUSED
from receiver.process.request_threads import RequestThreads

# 16 KiB in chunks of a byte took as much CPU as 200 posts. TCP's smallest segments hold 536 bytes, and no
# browser sends a form in chunks.
MOST_PIECES = 256

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[str, str]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes | Iterable[bytes]]  # in one piece where it can be


class AsgiAdapter:
    """Serve a WSGI app by ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html), on threads.

    Whoever trickles holds a connection, and no thread. The adapters that others keep give the app a body that
    is still on its way (a2wsgi), or run one request at a time and write long bodies to the disk (asgiref).
    `many` is how many bodies may be on their way before each has less time.
    """

    def __init__(self, app: WSGIApplication, threads: RequestThreads, many: int) -> None:
        self._app = app
        self._threads = threads
        self._many = many
        self._reading = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Read a request, let the app answer it, and send the answer."""
        environ = environ_of(scope)
        if _has_body(environ):
            await self._read(environ, receive)
        status, headers, body = await self._threads.run_with_slot(self._answer, environ)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if isinstance(body, bytes):
            await send({"type": "http.response.body", "body": body})
        else:
            await self._send_pieces(body, send)

    async def _send_pieces(self, pieces: Iterable[bytes], send: Send) -> None:
        """Send a body while it is made; a thread is taken for each piece, and given back while it is sent."""
        rest = iter(pieces)
        try:
            while (piece := await self._threads.run(next, rest, None)) is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            _close(pieces)

    async def _read(self, environ: dict[str, Any], receive: Receive) -> None:
        """Put the body into the environment, or why there is none."""
        patience = bodies.HURRY if self._reading >= self._many else bodies.PATIENCE
        self._reading += 1
        try:
            async with asyncio.timeout(patience):
                body = await _body(receive)
        except TimeoutError:
            environ[REFUSED] = HTTPStatus.REQUEST_TIMEOUT
        except EOFError:
            environ[REFUSED] = HTTPStatus.BAD_REQUEST
        else:
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)  # it is here, in one piece
        finally:
            self._reading -= 1

    def _answer(self, environ: dict[str, Any]) -> Answer:
        status, headers, parts = 500, list[tuple[bytes, bytes]](), list[bytes]()

        def start(line: str, given: Headers, _error: object = None, /) -> Callable[[bytes], object]:
            nonlocal status, headers
            status = int(line[:3])
            headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given]
            return parts.append

        answered = self._app(environ, start)
        if status == HTTPStatus.OK and all(name != b"Content-Length" for name, _ in headers):
            return status, headers, answered  # nobody knows yet how long it gets
        try:
            parts.extend(answered)
        finally:
            _close(answered)
        return status, headers, b"".join(parts)


def _close(answered: Iterable[bytes]) -> None:
    """Tell parts that want to hear it that they are sent."""
    if close := getattr(answered, "close", None):
        close()


def _has_body(environ: dict[str, Any]) -> bool:
    """Tell whether a body is worth waiting for: one that says it is too long is refused unread."""
    length = environ.get("CONTENT_LENGTH", "")
    return environ["REQUEST_METHOD"] not in BODILESS and not (length.isdecimal() and int(length) > LIMIT)


async def _body(receive: Receive) -> bytes:
    """Return the body, or one byte more than may be of a longer one; its length need not be named.

    Raises:
        EOFError: it ended early, its chunks are broken, or it comes in crumbs.
    """
    body, pieces = bytearray(), 0
    while len(body) <= LIMIT:
        message, pieces = await receive(), pieces + 1
        if message["type"] == "http.disconnect" or pieces > MOST_PIECES:
            raise EOFError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body[: LIMIT + 1])


def environ_of(scope: Message) -> dict[str, Any]:
    """Write a request's head as WSGI does (https://peps.python.org/pep-3333/#environ-variables)."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"].partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope["headers"])
    return environ


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add the headers, but none with an underscore: it would pass for another with a hyphen."""
    for name, value in headers:
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
