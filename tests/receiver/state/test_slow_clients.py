"""Bodies that trickle, or stop: without a proxy in front, the real server still serves the others."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from werkzeug.exceptions import RequestTimeout

from receiver.state.connections import Client, cut
from receiver.state.slow_clients import HURRY, PATIENCE, SlowClients
from tests.receiver.conftest import Clock
from tests.receiver.serving import served
from tests.receiver.staff.test_desk import FORM

HEAD = b"POST /mikita/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %b\r\n" % FORM.encode()
CLIENTS = 150  # more than twice as many as there are threads
SECONDS = 8
SOMEBODY = Client("192.0.2.1", 8001)


@pytest.fixture(scope="module")
def receiver(tmp_path_factory):
    with served(tmp_path_factory.mktemp("receiver")) as running:
        yield running


class Trickler(threading.Thread):
    """A client that begins a post, sends a byte now and then, or none, and comes back when it is cut off."""

    def __init__(self, port: int, stop: threading.Event, *, silent: bool, chunked: bool) -> None:
        super().__init__(daemon=True)
        self.port, self.stop, self.silent = port, stop, silent
        self.length = b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 9000\r\n\r\n"
        self.byte = b"1\r\na\r\n" if chunked else b"a"
        self.cut = 0

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    self._trickle(connection)
            except OSError:
                self.cut += 1

    def _trickle(self, connection: socket.socket) -> None:
        connection.sendall(HEAD + self.length + self.byte)
        while not self.stop.is_set():
            try:
                connection.settimeout(0.5)
                if connection.recv(1000) == b"":
                    raise ConnectionResetError
            except TimeoutError:
                if not self.silent:
                    connection.sendall(self.byte)


def open_files(running) -> int:
    return len(list(Path(f"/proc/{running.worker()}/fd").iterdir()))


@contextmanager
def trickling(port: int, number: int) -> Iterator[list[Trickler]]:
    stop = threading.Event()
    clients = [Trickler(port, stop, silent=n % 3 == 0, chunked=n % 2 == 0) for n in range(number)]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        stop.set()
        for client in clients:
            client.join()


@pytest.mark.slow
def test_clients_that_trickle_stop_nobody(receiver):
    permits = receiver.ripe_tokens(60)
    statuses, waits = [], []
    with trickling(receiver.port, CLIENTS) as clients:
        time.sleep(1)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            began = time.monotonic()
            statuses += [receiver.get("/mikita/token")[0], receiver.send(permits.pop())[0]]
            waits.append(time.monotonic() - began)
    assert set(statuses) == {200, 201}, statuses
    assert sum(client.cut for client in clients) > CLIENTS
    assert max(waits) < 10, f"{len(statuses)} honest requests, the slowest pair took {max(waits):.1f} s"
    assert open_files(receiver) < 1000


@pytest.mark.slow
def test_connections_that_say_nothing_stop_nobody(receiver):
    """As many as some servers hold in all."""
    with ExitStack() as stack:
        for _ in range(600):
            stack.enter_context(socket.create_connection(("127.0.0.1", receiver.port)))
        (permit,) = receiver.ripe_tokens(1)
        began = time.monotonic()
        assert receiver.send(permit)[0] == 201
        assert time.monotonic() - began < 5


@pytest.mark.slow
@pytest.mark.parametrize(("size", "status"), [(20_000, 200), (60_000, 431)])
def test_headers_that_take_long_to_understand_are_refused(receiver, size, status):
    connection = receiver.connect()
    connection.request("GET", "/mikita/messages", headers={"Accept": "a/b;q=0.5," * (size // 10)})
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.slow
def test_a_few_slow_clients_are_given_their_time(receiver):
    """Two bytes a second for four seconds: longer than anybody has while many wait."""
    (permit,) = receiver.ripe_tokens(1)
    words = f"message=Slowly+typed&first_name=Anna&consent=y&language=en&token={permit}".encode()
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
        connection.sendall(HEAD + b"Accept: application/json\r\nOrigin: http://127.0.0.1:9\r\n")
        connection.sendall(b"Content-Length: %d\r\n\r\n" % len(words))
        for byte in words[:8]:
            connection.sendall(bytes([byte]))
            time.sleep(0.5)
        connection.sendall(words[8:])
        assert b" 201 " in connection.recv(4096)


def test_only_the_connection_that_waits_is_cut():
    """Neither one that was answered, nor another client's, nor a file of the process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        pairs = [(socket.create_connection(("127.0.0.1", port)), listener.accept()[0]) for _ in range(3)]
    (waiting, _), (answered, answering), (_, _) = pairs
    for client, _ in pairs[:2]:
        client.sendall(b"a request")
    time.sleep(0.3)
    answering.sendall(b"an answer")
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert cut(Client("127.0.0.2", port), 9, 0.2) == 0
    assert cut(Client("127.0.0.1", port + 1), 9, 0.2) == 0
    assert cut(Client("127.0.0.1", port), 9, 60) == 0
    assert cut(Client("::ffff:127.0.0.1", port), 1, 0.2) == 1
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert waiting.recv(10) == b""
    assert answered.recv(10) == b"an answer"
    for pair in pairs:
        for one in pair:
            one.close()


class Cuts(list):
    """What was asked to be cut."""

    def __call__(self, client: Client, number: int, waiting: float) -> int:
        self.append((client, number, waiting))
        return number


def test_one_reader_has_all_its_time_and_no_more():
    clock, cuts = Clock(), Cuts()
    watched = SlowClients(clock, cuts)
    one = watched.begin(SOMEBODY)
    clock.advance(PATIENCE - 0.1)
    assert watched.look(64) == 0
    clock.advance(0.2)
    assert watched.look(64) == 1
    assert cuts == [(SOMEBODY, 1, PATIENCE)]
    assert one.late


def test_what_was_read_in_time_is_not_cut():
    clock, cuts = Clock(), Cuts()
    watched = SlowClients(clock, cuts)
    one = watched.begin(SOMEBODY)
    watched.end()
    clock.advance(PATIENCE * 2)
    assert watched.look(64) == 0
    assert not one.late


def test_while_half_of_the_threads_read_they_have_less():
    clock, cuts = Clock(), Cuts()
    watched = SlowClients(clock, cuts)
    watched.begin(SOMEBODY)
    clock.advance(HURRY + 0.1)
    assert watched.look(threads=4) == 0
    assert watched.look(threads=2) == 1


def test_what_was_cut_is_no_whole_body(app, monkeypatch):
    """A chunked body that ends early looks like one that is whole."""
    from receiver.http import body

    def slow(size: int) -> bytes:
        (one,) = app.extensions["candle"].slow_clients._reading.values()
        one.late = True
        return b"message=only+the+first"

    monkeypatch.setattr(body, "_read_at_most", slow)
    answer = app.test_client().post("/mikita/messages", data={"message": "only the first half"})
    assert answer.status_code == RequestTimeout.code == 408
    assert not app.extensions["candle"].slow_clients._reading
