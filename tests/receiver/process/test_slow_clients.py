"""Bodies that trickle, or stop: without a proxy in front, the real server still serves the others."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from receiver.http.body import PATIENCE
from tests.receiver.serving import served
from tests.receiver.staff.test_desk import FORM

HEAD = b"POST /mikita/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %b\r\n" % FORM.encode()


@pytest.fixture(scope="module", params=[2, pytest.param(1, marks=pytest.mark.soak)])
def receiver(request, tmp_path_factory):
    """Two workers, as the units start it on two cores."""
    with served(tmp_path_factory.mktemp("receiver"), workers=request.param) as running:
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
    return sum(len(list(Path(f"/proc/{worker}/fd").iterdir())) for worker in running.workers())


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
@pytest.mark.parametrize("clients", [150, pytest.param(1000, marks=pytest.mark.soak)])
def test_clients_that_trickle_stop_nobody(receiver, figure, clients):
    """More than twice as many as there are threads; each is cut off, and comes back."""
    before, waits, statuses = receiver.memory(), [], set()
    with trickling(receiver.port, clients) as trickles:
        time.sleep(1)
        deadline = time.monotonic() + 4 * PATIENCE
        for permit in receiver.ripe_tokens(10_000):
            if (all(client.cut for client in trickles) and len(waits) > 20) or time.monotonic() > deadline:
                break
            began = time.monotonic()
            statuses |= {receiver.get("/mikita/token")[0], receiver.send(permit)[0]}
            waits.append(time.monotonic() - began)
            time.sleep(0.1)
        files, grown = open_files(receiver), receiver.memory() - before
    figure(
        f"{clients} slow clients without nginx, {len(waits)} honest posts",
        f"the slowest in {max(waits):.2f} s, memory grew by {grown / 2**20:.0f} MB",
    )
    assert statuses == {200, 201}
    assert len(waits) > 20
    assert max(waits) < 10
    assert all(client.cut for client in trickles)
    assert files < clients + 150
    # A worker that has served nobody yet shares with the others what it will touch.
    assert grown < clients * 64 * 1024 + len(receiver.workers()) * 16 * 2**20


@pytest.mark.soak
def test_clients_that_trickle_keep_nobody_from_stopping(tmp_path):
    with served(tmp_path, workers=2) as running, trickling(running.port, 100):
        time.sleep(2)
        running.process.terminate()
        assert running.process.wait(timeout=PATIENCE + 5) == 0


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
