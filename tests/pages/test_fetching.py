"""Reading a published page: by https or on this machine, within bounds, following nothing."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from campaign.pages import fetching
from campaign.pages.fetching import Published, PublishedError, Unreachable
from tests.support.table import table


@contextmanager
def answering(status: int = 200, body: bytes = b"", **headers: str) -> Iterator[str]:
    """Serve one answer, whatever is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@table(
    "url",
    [
        "http://candle.example.org",
        "ftp://candle.example.org",
        "file:///etc/passwd",
        "candle.example.org",
        "https://candle.example.org/mikita/",
        "https://anna@candle.example.org",
        "https://candle.example.org:x",
        "https://[::1",
        "http://127.0.0.1.example.org",
        "",
    ],
)
def test_an_address_that_says_nothing_for_sure_is_refused(url):
    with pytest.raises(PublishedError):
        Published(url)


@pytest.mark.parametrize(
    "url", ["https://a.example/", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"]
)
def test_https_and_this_machine_are_read(url):
    assert Published(url).origin == url.rstrip("/")


def test_nothing_more_than_was_asked_for_is_read():
    with answering(body=b"x" * 100_000) as url:
        assert len(Published(url).get("a", 10).body) == 11


def test_a_small_file_that_unpacks_to_a_large_one_is_cut():
    bomb = gzip.compress(b"\0" * 50_000_000)
    with answering(body=bomb, Content_Encoding="gzip") as url:
        assert len(Published(url).get("a", 1000).body) == 1001


def test_what_is_packed_on_the_way_is_unpacked():
    with answering(body=gzip.compress(b"words"), Content_Encoding="gzip") as url:
        assert Published(url).get("a", 1000).body == b"words"


def test_a_redirect_is_an_answer_and_not_followed():
    with answering(301, Location="file:///etc/passwd") as url:
        answer = Published(url).get("a", 1000)
    assert (answer.status, answer.body, answer.leads_to) == (301, b"", "file:///etc/passwd")


def test_what_cannot_be_unpacked_is_not_whole():
    with answering(body=b"no gzip at all", Content_Encoding="gzip") as url, pytest.raises(Unreachable):
        Published(url).get("a", 1000)


@pytest.mark.parametrize(
    "piece",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: a\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"",
    ],
)
def test_an_answer_without_end_is_given_up(monkeypatch, piece):
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    until = time.monotonic() + 30

    def dribble():
        with server.accept()[0] as connection, suppress(OSError):
            connection.sendall(piece)
            while time.monotonic() < until:
                connection.sendall(piece if b"100" in piece else b"x")
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=dribble, daemon=True).start()
        with pytest.raises(Unreachable, match="not whole after"):
            Published(f"http://127.0.0.1:{server.getsockname()[1]}").get("a", 1000)
    assert time.monotonic() < until


def test_nobody_there_is_said():
    with pytest.raises(Unreachable, match="no whole answer"):
        Published("http://127.0.0.1:1").get("a", 1000)
