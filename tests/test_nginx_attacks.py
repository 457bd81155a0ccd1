"""What a proxy and the program behind it may read differently is refused by deploy/nginx.conf, or is one.

Behind it stands a program that writes down the very bytes that it is sent.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
import warnings
from contextlib import ExitStack

import pytest

from receiver.process.server import allow_files
from tests.support import nginx
from tests.support.nginx import DESK, PAGE, POST

pytestmark = pytest.mark.slow

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsent"
DESKS = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\npassword"
HOST = f"Host: {POST}\r\n"
LONG = f"X-One: {'a' * 4000}\r\n"
INNER = f"GET /staff/login HTTP/1.1\r\n{HOST}\r\n"
CHUNKED = f"{HOST}Transfer-Encoding: chunked\r\n"


class Heard:
    """A program that keeps what it hears, answers each connection once, and ends with its test."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.requests: list[bytes] = []
        self.begun = 0
        self._thread = threading.Thread(target=self._answer_all)
        self._thread.start()

    def _answer_all(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            self.begun += 1
            with connection:
                if not (head := self._head(connection)):
                    return
                self.requests.append(head)
                connection.sendall(self._answer)

    def _head(self, connection: socket.socket) -> bytes:
        """Read the headers, and the body that they tell of; nothing comes from `close` alone."""
        held = b""
        while b"\r\n\r\n" not in held and (more := connection.recv(65536)):
            held += more
        head, _, body = held.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        while lengths and len(body) < int(lengths[0].split(b":")[1]) and (more := connection.recv(65536)):
            body += more
        return head + b"\r\n\r\n" + body if held else b""

    def close(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listening.close()


@pytest.fixture(scope="module")
def behind():
    public, desk = Heard(ANSWER), Heard(DESKS)
    yield public, desk
    public.close()
    desk.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def front(tmp_path_factory, behind, page):
    if nginx.missing() and not os.environ.get("CI"):
        pytest.skip(nginx.missing())
    with nginx.server(tmp_path_factory.mktemp("nginx"), page, behind[0].port, desk_port=behind[1].port) as it:
        yield it


@pytest.fixture
def heard(behind):
    """What each half was sent since the test began."""
    for half in behind:
        half.requests.clear()
    return behind


def sent_raw(front, request: str, listener: str = "443") -> bytes:
    """Send bytes, then read until nginx ends the connection; `Connection: close` makes it."""
    with front.connect(POST, listener) as connection:
        connection.sendall(request.encode("latin-1"))
        connection.settimeout(60)
        said = b""
        try:
            while more := connection.recv(65536):
                said += more
        except ConnectionResetError:
            pass
    return said


def post(headers: str, body: str = "") -> str:
    return f"POST /mikita/messages HTTP/1.1\r\n{headers}\r\n{body}"


REFUSED = {
    "a length and chunks": post(f"{CHUNKED}Content-Length: 6\r\n", f"0\r\n\r\n{INNER}"),
    "two lengths": post(f"{HOST}Content-Length: 0\r\nContent-Length: {len(INNER)}\r\n", INNER),
    "a list of lengths": post(f"{HOST}Content-Length: 0, {len(INNER)}\r\n", INNER),
    "a length with a sign": post(f"{HOST}Content-Length: +0\r\n", INNER),
    "a negative length": post(f"{HOST}Content-Length: -1\r\n", INNER),
    "chunks of another kind": post(f"{HOST}Transfer-Encoding: xchunked\r\n", f"0\r\n\r\n{INNER}"),
    "two codings": post(f"{HOST}Transfer-Encoding: chunked, identity\r\n", f"0\r\n\r\n{INNER}"),
    "chunks by HTTP/1.0": post(CHUNKED, f"0\r\n\r\n{INNER}").replace("HTTP/1.1", "HTTP/1.0", 1),
    "a chunk that is no number": post(CHUNKED, f"zz\r\n\r\n{INNER}"),
    "a space before the colon": post(f"{HOST}Content-Length : {len(INNER)}\r\n", INNER),
    "a folded line": post(f"{HOST}X-One: a\r\n b: c\r\n"),
    "NUL in a header": f"GET /mikita/token HTTP/1.1\r\n{HOST}X-One: a\0b\r\n\r\n",
    "two hosts": f"GET /mikita/token HTTP/1.1\r\n{HOST}Host: {DESK}:8443\r\n\r\n",
    "no host": "GET /mikita/token HTTP/1.1\r\nX-One: a\r\n\r\n",
    "NUL in a path": f"GET /mikita/token%00 HTTP/1.1\r\n{HOST}\r\n",
    "above the root": f"GET /../staff/login HTTP/1.1\r\n{HOST}\r\n",
    "above the root, encoded": f"GET /%2e%2e/staff/login HTTP/1.1\r\n{HOST}\r\n",
    "a path longer than a buffer": f"GET /{'a' * 9000} HTTP/1.1\r\n{HOST}\r\n",
    "a header longer than a buffer": f"GET /mikita/token HTTP/1.1\r\n{HOST}X-One: {'a' * 9000}\r\n\r\n",
    "more headers than buffers": f"GET / HTTP/1.1\r\n{HOST}{LONG * 12}\r\n",
    "the desk by an absolute address": f"GET https://{DESK}/staff/login HTTP/1.1\r\n{HOST}\r\n",
    "the desk's port by an absolute address": f"GET https://{DESK}:8443/staff/login HTTP/1.1\r\n{HOST}\r\n",
    "a tunnel": f"CONNECT {DESK}:8443 HTTP/1.1\r\n{HOST}\r\n",
    "TRACE": f"TRACE /mikita/token HTTP/1.1\r\n{HOST}\r\n",
}


@pytest.mark.parametrize("request_", REFUSED.values(), ids=REFUSED.keys())
def test_what_can_be_read_in_two_ways_reaches_nobody(front, heard, request_):
    said = sent_raw(front, request_.replace("\r\n", "\r\nConnection: close\r\n", 1))
    assert (heard[0].requests, heard[1].requests) == ([], [])
    assert not said or said.split(b" ", 2)[1][:1] in (b"4", b"5")
    assert said.count(b"HTTP/1.1 ") <= 1  # what was hidden in a body is nobody's request


def test_what_a_client_says_of_its_address_reaches_nobody(front, heard):
    claimed = "".join(
        f"{name}: 203.0.113.9\r\n"
        for name in ("X-Forwarded-For", "X_Forwarded_For", "Forwarded", "X-Forwarded_For", "x-forwarded-for")
    )
    claimed += f"X-Forwarded-Host: {DESK}\r\nX_Forwarded_Host: {DESK}\r\nX_Forwarded_Proto: http\r\n"
    claimed += "X-Forwarded-Proto: http\r\nConnection: close\r\n"
    said = sent_raw(front, f"GET /mikita/token HTTP/1.1\r\n{HOST}{claimed}\r\n")
    assert said.endswith(b"sent")
    (request,) = heard[0].requests
    assert b"203.0.113.9" not in request
    assert DESK.encode() not in request
    lines = request.lower().split(b"\r\n")
    assert [line for line in lines if b"forwarded" in line] == [
        b"x-forwarded-for: 127.0.0.1",
        b"x-forwarded-proto: https",
    ]


def test_no_other_protocol_is_spoken_through_it(front, heard):
    upgrade = (
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
    )
    with front.connect(POST) as connection:
        connection.sendall(f"GET /mikita/token HTTP/1.1\r\n{HOST}{upgrade}\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 200"
    (request,) = heard[0].requests
    assert request.startswith(b"GET /mikita/token HTTP/1.1\r\n")
    assert b"\r\nupgrade:" not in request.lower()
    assert b"\r\nconnection: close" in request.lower()


@pytest.mark.parametrize(
    "path",
    [
        *("/mikita//token", "/mikita/%2e/token", "/mikita/x/../token", "/mikita/%74oken", "/mikita/tok%65n"),
        *("/staff/login", "/static/desk/desk.css"),
    ],
)
def test_a_path_is_handed_on_as_it_was_asked_for(front, heard, path):
    """Both halves read it then, and the desk's own addresses are held by where it listens, not by a path."""
    sent_raw(front, f"GET {path} HTTP/1.1\r\nConnection: close\r\n{HOST}\r\n")
    assert [request.split(b" ")[1].decode() for request in heard[0].requests] == [path]
    assert heard[1].requests == []


@pytest.mark.parametrize(
    "path",
    [
        *("/%73taff/../mikita/token", "/staff/../mikita/token", "/staff/..%2fmikita/token"),
        *("/mikita/messages", "/hooks/mikita/petition", "/static/page/0/page.css"),
        *("/mikita/staff/login", "/x/static/desk/desk.css", "/staffroom", "/healthy", "/mikita/health"),
    ],
)
def test_the_desk_s_listener_hands_on_no_path_but_the_desk_s(front, heard, path):
    with front.connect(DESK, "127.0.0.1:8443") as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {DESK}:8443\r\nConnection: close\r\n\r\n".encode())
        said = b""
        while more := connection.recv(65536):
            said += more
    assert said.startswith(b"HTTP/1.1 404")
    assert heard[1].requests == []


@pytest.mark.parametrize("port", ["", ":80", ":8443", ":65535"])
def test_the_halves_hear_their_own_name_whatever_port_a_client_adds(front, heard, port):
    said = sent_raw(front, f"GET /mikita/token HTTP/1.1\r\nHost: {POST}{port}\r\nConnection: close\r\n\r\n")
    assert said.endswith(b"sent")
    (request,) = heard[0].requests
    assert [line for line in request.lower().split(b"\r\n") if line.startswith(b"host:")] == [
        b"host: " + POST.encode()
    ]


@pytest.mark.parametrize("name", [PAGE, POST, DESK])
def test_the_way_to_https_takes_no_port_and_no_line_along(front, name):
    asked = f"GET /%0d%0aX-Evil:%20a/x HTTP/1.1\r\nHost: {name}:8080\r\nConnection: close\r\n\r\n"
    said = sent_raw(front, asked, "80")
    assert said.startswith(b"HTTP/1.1 301")
    assert f"\r\nLocation: https://{name}/%0d%0aX-Evil:%20a/x\r\n".encode() in said
    assert b"\r\nX-Evil" not in said


def test_a_body_reaches_a_half_only_whole(front, heard):
    """What comes slowly is kept in front: a half is asked once all of it is there."""
    begun = heard[0].begun
    with front.connect(POST) as connection:
        connection.sendall(post(f"{HOST}Content-Length: 10\r\nConnection: close\r\n", "12345").encode())
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(10)
        assert heard[0].begun == begun
        connection.settimeout(60)
        connection.sendall(b"67890")
        while connection.recv(65536):
            pass
    (request,) = heard[0].requests
    assert request.endswith(b"\r\n\r\n1234567890")


# Lines of the file that no other test would miss.


@pytest.mark.parametrize("listener", ["443", "127.0.0.1:8443"])
def test_no_older_tls_is_spoken_and_no_ticket_is_given(front, listener):
    """A ticket is a name for a visitor, and what its key opens outlives the visit."""
    host = DESK if listener.endswith("8443") else POST
    older = ssl.create_default_context(cafile=front.folder / "certificate.pem")
    older.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        older.minimum_version = older.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        _shaken(front, older, host, listener)
    newer = ssl.create_default_context(cafile=front.folder / "certificate.pem")
    newer.maximum_version = ssl.TLSVersion.TLSv1_2
    assert not _shaken(front, newer, host, listener).has_ticket


def _shaken(front, context: ssl.SSLContext, host: str, listener: str) -> ssl.SSLSession:
    with (
        socket.create_connection(("127.0.0.1", front.ports[listener]), 60) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        return connection.session


def test_a_folder_leads_on_by_a_path_alone_so_that_an_onion_stays_one(front, page):
    (page / "mikita").mkdir(exist_ok=True)
    answer = front.ask("candle" * 9 + "ab.onion", "/mikita?a=1", listener="127.0.0.1:8090")
    assert (answer.status, answer.headers["Location"]) == (301, "/mikita/?a=1")


def test_a_certificate_is_asked_for_without_https(front):
    answer = front.ask(DESK, "/.well-known/acme-challenge/no-such", listener="80")
    assert answer.status == 404  # the folder is not there, and it is no way to https


def test_many_people_of_one_tor_exit_or_onion_are_not_counted(front):
    with ExitStack() as stack:
        for _ in range(260):  # more than one address may hold, each with its headers read
            slow = stack.enter_context(front.connect(POST))
            slow.sendall(post(f"{HOST}Content-Length: 10\r\n").encode())
        assert sent_raw(front, f"GET /mikita/token HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n").endswith(
            b"sent"
        )


def test_more_connections_than_nginx_has_by_itself_stop_nobody(front, page):
    """They begin to ask, and come as those of an onion: its own are 512 for each core."""
    many = min(512 * (os.cpu_count() or 1) + 200, 3000)
    allow_files(many + 500)
    (page / "still.txt").write_text("still there")
    with ExitStack() as stack:
        for _ in range(many):
            stack.enter_context(front.connect(PAGE, "127.0.0.1:8090")).sendall(b"GET / HTTP/1.1\r\nHost:")
        assert front.ask(PAGE, "/still.txt").body == b"still there"


@pytest.mark.parametrize("name", ["_headers", "_redirects", "_moved.map", "%5fmoved.map", "./_headers"])
def test_what_is_for_hosts_alone_is_shown_to_nobody(front, page, name):
    for one in ("_headers", "_redirects", "_moved.map"):
        (page / one).write_text("for hosts")
    answer = front.ask(PAGE, f"/{name}")
    assert answer.status == 404
    assert b"for hosts" not in answer.body
