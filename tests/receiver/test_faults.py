"""Faults around the receiver: a full disk, a held lock, an endless body. It refuses, and then recovers."""

from __future__ import annotations

import json
import os
import select
import socket
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.receiver.serving import GOOD, served

pytestmark = pytest.mark.slow  # each server is a process of its own
WORKERS = pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.soak), 2])
HEALTH_PAUSE = 2.2  # seconds until the health is proved anew


def fill(server) -> list[str]:
    """Send long messages until one is not stored; return the texts that were thanked for."""
    thanked = []
    for number, token in enumerate(server.ripe_tokens(3000)):
        words = f"Message {number} " + "ў" * 380
        status, answer = server.send(token, message=words, first_name="Anna")
        if status == 503:
            assert answer["state"] == "not stored"
            return thanked
        assert status == 201
        thanked.append(words)
    raise AssertionError("the disk never filled")


def page_of_a_refusal(server) -> str:
    """Post as a browser without JavaScript does, and return the page."""
    from urllib.parse import urlencode

    connection = server.connect()
    headers = {"Origin": "http://127.0.0.1:9", "Content-Type": "application/x-www-form-urlencoded"}
    (token,) = server.ripe_tokens(1)
    connection.request("POST", "/mikita/messages", urlencode(GOOD | {"token": token}), headers)
    answer = connection.getresponse()
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    page = answer.read().decode()
    connection.close()
    return page


def assert_refuses_and_keeps(server, *, proof_may_fit: bool = False) -> None:
    for _ in range(5):
        assert GOOD["message"] in page_of_a_refusal(server)
        time.sleep(HEALTH_PAUSE)
        if (health := server.get("/health")[0]) == 503:
            break
    assert health == 503 or proof_may_fit
    assert server.get("/mikita/count.json")[0] == 200, "what is stored can still be read"


def assert_recovers(server) -> float:
    """Wait until it stores again; return how many seconds that took."""
    began = time.monotonic()
    deadline = began + 20
    while server.get("/health")[0] != 200:
        assert time.monotonic() < deadline, server.log
        time.sleep(0.2)
    (token,) = server.ripe_tokens(1)
    assert server.send(token, message="After the fault")[0] == 201
    return time.monotonic() - began


@WORKERS
def test_a_full_disk(tmp_path, figure, small_disk, workers):
    where = f"sqlite:///{small_disk}/candle.sqlite"
    with served(tmp_path, workers=workers, CANDLE_DATABASE_URL=where) as server:
        ballast = small_disk / "ballast"
        room = os.statvfs(small_disk)
        ballast.write_bytes(b"\0" * (room.f_bavail * room.f_bsize - 150_000))
        thanked = fill(server)
        assert thanked
        # A proof is smaller than a message: it may fit where a checkpoint made room, each time anew.
        assert_refuses_and_keeps(server, proof_may_fit=True)
        ballast.unlink()
        seconds = assert_recovers(server)
        kept = texts(small_disk / "candle.sqlite")
        assert set(thanked) <= kept
        assert "After the fault" in kept
    figure(
        f"full disk (tmpfs), {workers} workers, after {len(thanked)} messages",
        f"503, 0 lost, stores again {seconds:.1f} s after",
    )


def test_a_limit_on_the_size_of_files(tmp_path, figure):
    # 400 blocks of 1 KiB hold the tables and some messages; the log of the process is a file too, and short.
    with served(tmp_path, before=["bash", "-c", 'ulimit -f 400; exec "$@"', "bash"]) as server:
        thanked = fill(server)
        assert GOOD["message"] in page_of_a_refusal(server)
    assert thanked
    with served(tmp_path) as server:
        assert_recovers(server)
    assert set(thanked) <= texts(tmp_path / "candle.sqlite")
    figure(f"RLIMIT_FSIZE, after {len(thanked)} messages", "503, 0 lost, stores again once it is lifted")


@WORKERS
@pytest.mark.parametrize("seconds", [8, pytest.param(30, marks=pytest.mark.soak)])
def test_a_lock_that_somebody_holds(tmp_path, figure, seconds, workers):
    with served(tmp_path, workers=workers) as server:
        holder = sqlite3.connect(tmp_path / "candle.sqlite", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        released = time.monotonic() + seconds
        with ThreadPoolExecutor(8) as pool:
            posts = [pool.submit(server.send, token, message=f"During {n}") for n, token in
                     enumerate(server.ripe_tokens(8))]  # fmt: skip
            assert {post.result()[0] for post in posts} == {503}
        assert server.get("/mikita/count.json")[0] == 200
        time.sleep(max(0, released - time.monotonic()))
        holder.execute("ROLLBACK")
        holder.close()
        pause = assert_recovers(server)
        assert not any(text.startswith("During") for text in server.texts())
    failed = [json.loads(line) for line in server.log.splitlines() if '"status": 503' in line]
    assert [entry["event"] for entry in failed] == ["request", "failed again in the last minute"]
    assert [kind["number"] for kind in failed[1]["requests"]] == [7]
    figure(
        f"a writer lock held {seconds} s, {workers} workers",
        f"503 for 8 of 8, none stored, stores again {pause:.1f} s after",
    )


def texts(file) -> set[str]:
    connection = sqlite3.connect(file)
    try:
        return {text for (text,) in connection.execute("SELECT text FROM messages")}
    finally:
        connection.close()


# Bodies without end.


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator:
    with served(tmp_path_factory.mktemp("receiver")) as running:
        yield running


def head_of_the_answer(server, lines: list[bytes], body: Iterator[bytes], wait: float = 0) -> bytes:
    """Send a request as far as the server takes it, and return the first bytes of its answer.

    With `wait` the first part is followed by so many seconds in which the answer can be read: a reset, which
    may overtake it later, is then no excuse. What is left of the body is sent all the same.
    """
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(
            b"\r\n".join([b"POST /mikita/messages HTTP/1.1", b"Host: localhost", *lines, b"", b""])
        )
        try:
            for part in body:
                connection.sendall(part)
                if wait and not answer and select.select([connection], [], [], wait)[0]:
                    answer = connection.recv(200)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has heard enough
        try:
            return answer or connection.recv(200)
        except ConnectionResetError:
            return b""  # the answer was overtaken by what we were still sending


def said(answer: bytes) -> str:
    return answer[9:12].decode() or "cut off"


FORM = b"Content-Type: application/x-www-form-urlencoded"


@pytest.mark.parametrize("megabytes", [64, pytest.param(1024, marks=pytest.mark.soak)])
def test_a_chunked_body_without_end_takes_no_memory(server, figure, megabytes):
    part = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    stored, before = server.texts(), server.memory()
    most = before

    def body() -> Iterator[bytes]:
        nonlocal most
        for number in range(megabytes * 16):
            yield part
            if number % 64 == 0:
                most = max(most, server.memory())
        yield b"0\r\n\r\n"

    answer = head_of_the_answer(server, [b"Transfer-Encoding: chunked", FORM], body(), wait=10)
    assert answer.startswith(b"HTTP/1.1 413")
    assert server.texts() == stored
    figure(
        f"a chunked body of {megabytes} MB",
        f"{said(answer)}, memory grew by {(most - before) / 2**20:.1f} MB at most",
    )
    assert most - before < 16 * 2**20
    assert server.get("/health")[0] == 200


def test_two_hundred_thousand_fields_are_413(server, figure):
    body = b"&".join(b"f%d=" % number for number in range(200_000))
    lines = [b"Content-Length: %d" % len(body), FORM]
    stored, memory = server.texts(), server.memory()
    began = time.monotonic()
    answer = head_of_the_answer(server, lines, iter([body[:32768], body[32768:]]), wait=10)
    assert answer.startswith(b"HTTP/1.1 413")
    assert server.texts() == stored
    assert server.memory() - memory < 16 * 2**20
    assert time.monotonic() - began < 5
    figure("200,000 fields", said(answer))
    assert server.get("/health")[0] == 200
