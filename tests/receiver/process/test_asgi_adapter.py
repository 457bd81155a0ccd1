"""The bridge from ASGI to the app: whole requests only, and threads for nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from receiver.http import body
from receiver.http.body import LIMIT, REFUSED
from receiver.process.asgi_adapter import MOST_PIECES, AsgiAdapter
from receiver.process.request_threads import RequestThreads
from receiver.state.request_slots import RequestSlots

SHORT = 0.05  # seconds of patience, in place of 15


class Echo:
    """A WSGI app that answers with the body, keeps each environment, and hears when an answer is sent."""

    def __init__(self) -> None:
        self.environs: list[dict] = []
        self.closed = 0

    def __call__(self, environ: dict, start_response) -> Iterable[bytes]:
        self.environs.append(environ)
        body = environ["wsgi.input"].read()
        start_response("200 OK", [("X-Name", "é"), ("Content-Length", str(len(body) + 1))])
        return Parts(self, [body, b"."])

    @property
    def environ(self) -> dict:
        return self.environs[-1]


class Parts(list):
    """Parts of an answer."""

    def __init__(self, app: Echo, parts: list[bytes]) -> None:
        super().__init__(parts)
        self._app = app

    def close(self) -> None:
        self._app.closed += 1


class Client:
    """A client that sends so many parts of a body, then waits for ever, is done, or is gone."""

    def __init__(self, *parts: bytes, then: str = "done", method: str = "POST", **scope) -> None:
        self.parts = list(parts)
        self.then = then
        self.scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "raw_path": b"/a%20b/\xd0%B1",
            "query_string": b"x=1",
            "headers": [(b"host", b"example.org"), (b"transfer-encoding", b"chunked")],
            "server": ("127.0.0.1", 8001),
            "client": ("192.0.2.1", 4711),
        } | scope
        self.sent: list[dict] = []
        self.asked = 0

    async def receive(self) -> dict:
        self.asked += 1
        if self.parts:
            more = len(self.parts) > 1 or self.then != "done"
            return {"type": "http.request", "body": self.parts.pop(0), "more_body": more}
        if self.then == "gone":
            return {"type": "http.disconnect"}
        await asyncio.sleep(3600)
        raise AssertionError("nobody waits so long")

    async def send(self, message: dict) -> None:
        self.sent.append(message)

    @property
    def answer(self) -> bytes:
        return self.sent[1]["body"]


@pytest.fixture
def echo():
    return Echo()


def ask(app: Echo, *clients: Client, threads: int = 4, many: int = 1000) -> None:
    async def all_at_once() -> None:
        pool = RequestThreads(threads, RequestSlots())
        adapter = AsgiAdapter(app, pool, many)
        try:
            await asyncio.gather(*(adapter(one.scope, one.receive, one.send) for one in clients))
        finally:
            pool.close()

    with ThreadPoolExecutor(1) as thread:  # in the tests' own a browser may keep its loop
        thread.submit(asyncio.run, all_at_once()).result()


def test_the_app_sees_a_whole_body_of_a_known_length(echo):
    client = Client(b"message=", b"in", b" parts")
    ask(echo, client)
    assert client.answer == b"message=in parts."
    assert echo.environ["CONTENT_LENGTH"] == "16"
    assert "HTTP_TRANSFER_ENCODING" not in echo.environ
    assert client.sent[0]["headers"] == [(b"X-Name", b"\xe9"), (b"Content-Length", b"17")]
    assert echo.closed == 1


def test_of_a_body_without_end_one_byte_more_is_read_than_may_be(echo):
    client = Client(*[b"a" * 4096] * 1000)
    ask(echo, client)
    assert echo.environ["CONTENT_LENGTH"] == str(LIMIT + 1)
    assert client.asked == LIMIT // 4096 + 1


@pytest.mark.parametrize(("pieces", "refused"), [(MOST_PIECES, None), (MOST_PIECES + 1, 400), (LIMIT, 400)])
def test_a_body_in_crumbs_is_refused_before_it_costs_much(echo, pieces, refused):
    """Sixteen thousand chunks of a byte each took as long as two hundred posts."""
    client = Client(*[b"a"] * pieces)
    ask(echo, client)
    assert echo.environ.get(REFUSED) == refused
    assert client.asked == min(pieces, MOST_PIECES + 1)


@pytest.mark.parametrize(("method", "length"), [("POST", LIMIT + 1), ("GET", 3), ("HEAD", 3), ("OPTIONS", 3)])
def test_what_nobody_wants_is_not_waited_for(echo, method, length):
    client = Client(then="silence", method=method, headers=[(b"content-length", b"%d" % length)])
    ask(echo, client)
    assert client.asked == 0
    assert client.answer == b"."


@pytest.mark.parametrize(("then", "status"), [("silence", 408), ("gone", 400)])
def test_half_a_body_is_not_given_to_the_app(echo, monkeypatch, then, status):
    monkeypatch.setattr(body, "PATIENCE", SHORT)
    client = Client(b"message=only the first", then=then)
    ask(echo, client)
    assert echo.environ[REFUSED] == status
    assert client.answer == b"."


def test_who_trickles_holds_no_thread(echo, monkeypatch):
    monkeypatch.setattr(body, "PATIENCE", SHORT)
    ask(echo, *(Client(b"a", then="silence") for _ in range(20)), Client(b"whole"), threads=1)
    assert [environ.get("CONTENT_LENGTH") for environ in echo.environs] == ["5"] + [None] * 20


def test_while_very_many_trickle_each_has_less_time(echo, monkeypatch):
    monkeypatch.setattr(body, "HURRY", SHORT)
    monkeypatch.setattr(body, "PATIENCE", SHORT * 4)
    first, second, late = (Client(str(n).encode(), then="silence", query_string=b"%d" % n) for n in range(3))
    ask(echo, first, second, late, many=2)
    assert [environ["QUERY_STRING"] for environ in echo.environs] == ["2", "0", "1"]


def test_a_request_is_told_as_wsgi_tells_it(echo):
    ask(echo, Client(b""))
    told = {key: value for key, value in echo.environ.items() if key.isupper()}
    assert told == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/\u00d0\u00b1",  # bytes, each as the character of its number
        "QUERY_STRING": "x=1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8001",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": "example.org",
        "CONTENT_LENGTH": "0",
    }


def test_no_header_passes_for_another(echo):
    """With an underscore it would, and nginx drops such headers too."""
    headers = [(b"x_forwarded_for", b"198.51.100.1"), (b"accept", b"a"), (b"accept", b"b")]
    ask(echo, Client(b"", headers=[*headers, (b"content-type", b"text/plain")]))
    assert "HTTP_X_FORWARDED_FOR" not in echo.environ
    assert echo.environ["HTTP_ACCEPT"] == "a,b"
    assert echo.environ["CONTENT_TYPE"] == "text/plain"


class Endless(Echo):
    """An app whose answer has no length that anybody knows, and is made piece by piece."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.made, self._pieces = 0, pieces

    def __call__(self, environ: dict, start_response) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/zip")])
        return self

    def __iter__(self):
        for _ in range(self._pieces):
            self.made += 1
            yield b"piece"

    def close(self) -> None:
        self.closed += 1


def test_an_answer_of_unknown_length_is_sent_while_it_is_made():
    app, made = Endless(3), []

    class Counting(Client):
        async def send(self, message: dict) -> None:
            made.append(app.made)
            await super().send(message)

    client = Counting(method="GET")
    ask(app, client)
    assert made == [0, 1, 2, 3, 3]
    bodies = [(message["body"], message.get("more_body", False)) for message in client.sent[1:]]
    assert bodies == [(b"piece", True)] * 3 + [(b"", False)]
    assert app.closed == 1


def test_who_leaves_before_the_end_of_an_answer_lets_go_of_it():
    app = Endless(10)

    class Leaving(Client):
        async def send(self, message: dict) -> None:
            await super().send(message)
            if len(self.sent) == 3:
                raise ConnectionError

    with pytest.raises(ConnectionError):
        ask(app, Leaving(method="GET"))
    assert (app.made, app.closed) == (2, 1)
