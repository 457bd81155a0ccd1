"""What deploy/nginx.conf says of time, room and kinds: each of those lines would be missed here.

The file's own seconds, but twenty times as fast.
"""

from __future__ import annotations

import os
import re
import resource
import select
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support import nginx
from tests.support.nginx import DESK, PAGE, POST
from tests.test_nginx_attacks import HOST, Heard, post

FASTER = 20
SLOWEST = 20.0  # seconds; nginx's own would be a minute
LARGE = 4 * 1024 * 1024  # bytes: more than the sockets and buffers on the way hold
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % LARGE + b"a" * LARGE
KINDS = {
    "a.html": "text/html; charset=utf-8",
    "a.css": "text/css",
    "a.js": "javascript; charset=utf-8",
    "a.svg": "image/svg+xml",
    "a.png": "image/png",
    "a.jpg": "image/jpeg",
    "a.txt": "text/plain; charset=utf-8",
    "a.xml": "text/xml; charset=utf-8",
    "a.tar.gz": "application/octet-stream",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nobody():
    """A port where somebody listens who takes no more connections."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, ExitStack() as stack:
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "static").mkdir()
    for name in KINDS:
        (folder / "static" / name).write_bytes(b"a" * 1000)
    (folder / "large.txt").write_bytes(b"a" * LARGE)
    (folder / "404.html").write_text("not here")
    return folder


@pytest.fixture(scope="module")
def front(tmp_path_factory, page, nobody):
    if nginx.missing() and not os.environ.get("CI"):
        pytest.skip(nginx.missing())
    folder, public = tmp_path_factory.mktemp("nginx"), Heard(ANSWER)
    text = nginx.CONFIGURATION.read_text(encoding="utf-8")
    hurried = folder / "hurried.conf"
    hurried.write_text(
        re.sub(r"(_timeout) (\d+)s;", lambda m: f"{m[1]} {int(m[2]) * 1000 // FASTER}ms;", text)
    )
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(nginx, "CONFIGURATION", hurried)
            with (
                allowed_files(1024),
                nginx.server(folder, page, public.port, desk_port=nobody) as running,
            ):
                yield running
    finally:
        public.close()


@contextmanager
def allowed_files(number: int) -> Iterator[None]:
    """Let what is started meanwhile open as many files as systemd allows, but for who says otherwise."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def workers(front) -> list[int]:
    master = int((front.folder / "pid").read_text())
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def test_each_core_has_a_worker_with_room_for_all_its_connections(front):
    """Each may be two files: the client's, and the receiver's."""
    assert len(workers(front)) == os.cpu_count()
    limits = Path(f"/proc/{workers(front)[0]}/limits").read_text()
    assert int(re.search(r"Max open files\s+(\d+)", limits)[1]) >= 8192


def test_it_writes_no_log_of_visits(front):
    opened = Path(f"/proc/{workers(front)[0]}/fd").iterdir()
    assert "access.log" not in {file.readlink().name for file in opened}


def test_who_is_slow_is_let_go(front):
    """Headers, a body, the next request, or reading: the four wait side by side."""
    began = time.monotonic()
    with ExitStack() as stack:
        headers, body, next_one, reading = (
            stack.enter_context(front.connect(PAGE, listener))
            for listener in ("127.0.0.1:8090", "443", "127.0.0.1:8090", "127.0.0.1:8090")
        )
        headers.sendall(b"GET / HTTP/1.1\r\nHost: ")
        body.sendall(post(f"{HOST}Content-Length: 100\r\n", "a").encode())
        next_one.sendall(f"GET /static/a.css HTTP/1.1\r\nHost: {PAGE}\r\n\r\n".encode())
        reading.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reading.sendall(f"GET /large.txt HTTP/1.1\r\nHost: {PAGE}\r\n\r\n".encode())
        for one in (headers, body, next_one):
            one.settimeout(SLOWEST)
            with suppress(ConnectionResetError):
                read_to_its_end(one)
        assert time.monotonic() - began < SLOWEST
        gone = select.poll()
        gone.register(reading, select.POLLHUP)
        assert gone.poll(SLOWEST * 1000)
        with pytest.raises(ConnectionResetError):  # so that the system keeps nothing for them either
            read_to_its_end(reading)


def read_to_its_end(connection) -> bytes:
    said = b""
    while more := connection.recv(65536):
        said += more
    return said


def test_a_half_that_takes_no_connection_is_given_up_soon(front):
    began = time.monotonic()
    answer = front.ask(f"{DESK}:8443", "/staff/login", listener="127.0.0.1:8443", name=DESK)
    assert answer.status == 504
    assert time.monotonic() - began < SLOWEST


def test_no_answer_lies_in_a_file_while_somebody_reads_it_slowly(front):
    (front.folder / "proxy").rmdir()
    try:
        with front.connect(POST) as slow:
            slow.sendall(f"GET /mikita/token HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode())
            time.sleep(0.3)
            assert read_to_its_end(slow).endswith(b"a" * LARGE)
    finally:
        (front.folder / "proxy").mkdir()


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_the_page_is_sent_as_what_it_is(front, name):
    """A browser believes what it is told, and nothing else."""
    assert front.ask(PAGE, f"/static/{name}").headers["Content-Type"].endswith(KINDS[name])


def test_a_second_handshake_is_a_short_one(front):
    context = ssl.create_default_context(cafile=front.folder / "certificate.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = None
    for reused in (False, True):
        with (
            socket.create_connection(("127.0.0.1", front.ports["443"]), 60) as plain,
            context.wrap_socket(plain, server_hostname=POST, session=session) as connection,
        ):
            assert connection.session_reused is reused
            session = connection.session
