"""The receiver as it runs in production: a real server in front, a real disk below."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner

from receiver.__main__ import main
from tests.receiver.process.test_workers import FORM, body
from tests.receiver.serving import served
from tests.soak import trace
from tests.support.lanes import few

pytestmark = pytest.mark.slow  # each server is a process of its own
WORKERS = pytest.mark.parametrize("workers", [1, 2])
TERM, INT = signal.SIGTERM, signal.SIGINT
STOPS = few(3, [(1, [TERM]), (2, [INT]), (2, [TERM] * 5), (1, [INT]), (1, [TERM] * 5), (2, [TERM])])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("receiver")) as running:
        yield running


@pytest.mark.parametrize(("size", "status"), [(4096, 422), (17 * 1024, 413)])
def test_a_body_in_chunks_is_read_whole_or_refused(server, size, status):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection = server.connect()
    connection.request(
        "POST", "/mikita/messages", iter([b"message=", b"a" * size]), form, encode_chunked=True
    )
    with connection.getresponse() as answer:
        assert answer.status == status
    connection.close()


def test_a_message_is_stored_once_however_often_the_button_is_pressed(server, figure):
    """By the page's script, and by its form without one."""
    (token,), words = server.ripe_tokens(1), f"Pressed often {secrets.token_hex(4)}"

    def press(number: int) -> tuple[int, str]:
        headers = FORM | {"Accept": ("application/json", "text/html")[number % 2]}
        with closing(server.connect()) as connection:
            connection.request("POST", "/mikita/messages", body(token, words), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(press, range(50)))
    assert {status for status, _ in answers} == {201}
    (receipt,) = {json.loads(said)["receipt"] for _, said in answers[::2]}
    assert all(receipt in page for _, page in answers[1::2])
    rows = server.texts().count(words)
    figure("double click, 50 at once", f"{rows} row")
    assert rows == 1


@pytest.mark.parametrize(("workers", "signals"), few(2, [(1, 1), (2, 5), (1, 5), (2, 1)]))
def test_what_was_refused_is_told_when_it_stops(tmp_path, workers, signals):
    with served(tmp_path, workers=workers) as server:
        for number in range(3):
            assert server.get(f"/nothing/{number}")[0] == 404
        for _ in range(signals):
            server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0
    told = [json.loads(line) for line in server.log.splitlines() if "refused in the last hour" in line]
    assert [entry["requests"][0]["number"] for entry in told] == [3]


@WORKERS
def test_a_polite_stop_answers_what_was_accepted(tmp_path, workers):
    with served(tmp_path, workers=workers) as server:
        tokens = server.ripe_tokens(40)
        answers: dict[str, int] = {}

        def send(number: int) -> None:
            try:
                answers[f"Message {number}"] = server.send(tokens[number], message=f"Message {number}")[0]
            except OSError:  # it came after the door was shut
                answers[f"Message {number}"] = 0

        threads = [threading.Thread(target=send, args=(number,)) for number in range(40)]
        for number, thread in enumerate(threads):
            thread.start()
            if number == 20:
                threads[0].join()  # it answers
                os.killpg(server.process.pid, signal.SIGTERM)
        for thread in threads:
            thread.join()
        assert server.process.wait(timeout=20) == 0
        thanked = {words for words, status in answers.items() if status == 201}
        assert thanked
        assert thanked <= set(server.texts())


@WORKERS
def test_a_polite_stop_cuts_nothing_that_it_had_accepted(tmp_path, figure, workers):
    """All posts are with the server and wait for the disk when it is told to stop."""
    with served(tmp_path, workers=workers) as server:
        asked = [server.connect() for _ in range(16)]
        holder = sqlite3.connect(tmp_path / "candle.sqlite", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        for number, token in enumerate(server.ripe_tokens(16)):
            asked[number].request("POST", "/mikita/messages", body(token, f"Accepted {number}"), FORM)
        while read_by_the_server(server.port) < 16:
            assert server.process.poll() is None
            time.sleep(0.05)
        os.killpg(server.process.pid, signal.SIGTERM)
        time.sleep(1)
        holder.execute("ROLLBACK")
        holder.close()
        answers = [one.getresponse().status for one in asked]
        for one in asked:
            one.close()
        figure(
            f"stopped while 16 posts wait for the disk, {workers} workers", f"{answers.count(201)} thanked"
        )
        assert answers == [201] * 16
        assert server.process.wait(timeout=20) == 0
        assert sorted(server.texts()) == sorted(f"Accepted {number}" for number in range(16))


def read_by_the_server(port: int) -> int:
    """Count the connections to a port of which all that was sent has been read."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here, established, nothing = f"0100007F:{port:04X}", "01", "00000000:00000000"
    return sum(line[1] == here and line[3:5] == [established, nothing] for line in lines)


@pytest.mark.parametrize(("workers", "signals"), STOPS)
def test_it_stops_at_once_however_often_it_is_told(tmp_path, workers, signals):
    with served(tmp_path, workers=workers) as server:
        for token in server.ripe_tokens(5):
            server.send(token)
        for number in signals:
            os.killpg(server.process.pid, number)
        assert server.process.wait(timeout=10) == 0


@WORKERS
def test_its_end_waits_for_nothing_of_the_interpreter(tmp_path, workers):
    """A thread of the server's that asked for the interpreter at its end turned a good stop into SIGABRT."""
    (tmp_path / "sitecustomize.py").write_text("import atexit, os\natexit.register(os.abort)\n")
    with served(tmp_path, workers=workers, anew=True, PYTHONPATH=str(tmp_path)) as server:
        assert server.send(server.ripe_tokens(1)[0])[0] == 201
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) == 0, server.log


@WORKERS
@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.soak)])
def test_whatever_was_thanked_is_there_once_after_a_kill(tmp_path, figure, workers, rounds):
    thanked: list[str] = []
    for number in range(rounds):
        with served(tmp_path, workers=workers) as server:
            tokens = server.ripe_tokens(100)

            def send(place: int, number: int = number, server=server, tokens=tokens) -> None:
                words = f"Message {number}-{place}"
                try:
                    if server.send(tokens[place], message=words)[0] == 201:
                        thanked.append(words)
                except (OSError, ValueError, http.client.HTTPException):
                    pass  # killed before it answered, or in the middle of it

            with ThreadPoolExecutor(16) as pool:
                running = [pool.submit(send, place) for place in range(100)]
                while sum(future.done() for future in running) < 20 + number % 50:
                    time.sleep(0.001)
                server.kill()
    stored = Counter(server.texts())
    assert 20 * rounds <= len(thanked) < 100 * rounds, "the kills came too late to prove anything"
    lost = [words for words in thanked if stored[words] == 0]
    doubled = [words for words, times in stored.items() if times > 1]
    figure(f"kill -9 of the group, {workers} workers, {rounds} times, {len(thanked)} acknowledged",
           f"{len(lost)} lost, {len(doubled)} doubled")  # fmt: skip
    assert (lost, doubled) == ([], [])


@pytest.mark.parametrize(
    ("program", "synced"), [("receiver", True), ("tests.soak.careless", False)], ids=["receiver", "control"]
)
def test_an_fsync_stands_between_the_write_and_its_answer(tmp_path, figure, program, synced):
    if shutil.which("strace") is None:
        assert not os.environ.get("CI"), "strace is missing: make tools"
        pytest.skip("strace is missing: make tools")
    with served(tmp_path, program=program, before=trace.command(tmp_path / "trace")) as server:
        for token in server.ripe_tokens(10):
            assert server.send(token, message=f"Traced words {token[-4:]}")[0] == 201
    events = trace.read(tmp_path / "trace", tmp_path / "candle.sqlite")
    log = [event for event in events if event.path.endswith("-wal")]
    thanks = [event for event in events if event.what == "thanks"]
    between = [fsync_between(log, answer.begun) for answer in thanks]
    assert between == [synced] * 10
    figure(f"an fsync between write and answer, {program}", f"{sum(between)} of 10 answers")


def fsync_between(log, answered: int) -> bool:
    """Tell whether the last write before an answer was synced before it."""
    written = max(event.done for event in log if event.what == "write" and event.done < answered)
    return any(event.what == "sync" and written < event.begun and event.done < answered for event in log)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"CANDLE_SECRET_KEY": ""}, "CANDLE_SECRET_KEY"),
        ({"CANDLE_APPROVAL_KEY": "short"}, "CANDLE_APPROVAL_KEY"),
        ({"CANDLE_SECRT_KEY": "x"}, "CANDLE_SECRT_KEY"),
        ({"CANDLE_WEBHOOK_SECRETS_MIKITA": "whsec_%%%"}, "CANDLE_WEBHOOK_SECRETS"),
        ({"CANDLE_CONTENT_DIR": "/nowhere"}, "/nowhere"),
        ({"CANDLE_DATABASE_URL": "nonsense"}, "CANDLE_DATABASE_URL"),
        ({"CANDLE_FLOOD": "maybe"}, "CANDLE_FLOOD"),
        ({"CANDLE_LIMITS_URL": "memcached://127.0.0.1:11211"}, "CANDLE_LIMITS_URL"),
        ({"CANDLE_LIMITS_URL": "memory://redis:6379"}, "CANDLE_LIMITS_URL"),
        ({"CANDLE_LIMITS_URL": "Redis://127.0.0.1"}, "CANDLE_LIMITS_URL"),
    ],
)
def test_it_says_at_once_what_is_missing(tmp_path, variables, words):
    environ = {
        "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite",
        "CANDLE_SECRET_KEY": secrets.token_urlsafe(48),
        "CANDLE_APPROVAL_KEY": secrets.token_urlsafe(48),
    }
    done = CliRunner().invoke(main, ["--port", "1"], env=environ | variables)
    assert done.exit_code == 1
    assert words in done.stderr
    assert "Traceback" not in done.output


def test_a_file_that_it_may_not_read_is_named_without_a_traceback(monkeypatch):
    refused = PermissionError(13, "Permission denied", "content/mikita/en")
    monkeypatch.setattr("receiver.__main__.serve", Mock(side_effect=refused))
    done = CliRunner().invoke(main, [], env={"CANDLE_SECRET_KEY": secrets.token_urlsafe(48)})
    told = "receiver: content/mikita/en: Permission denied; give this user the right to it\n"
    assert (done.exit_code, done.output.endswith(told)) == (1, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.0.2.1", "nowhere.invalid"])
def test_it_says_where_it_cannot_listen(tmp_path, host):
    """Another receiver on the same port would get every second message."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server(("::1" if ":" in host else "127.0.0.1", 0), family=family) as taken:
        port = str(taken.getsockname()[1])
        environ = {
            "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite",
            "CANDLE_SECRET_KEY": secrets.token_urlsafe(48),
            "CANDLE_APPROVAL_KEY": secrets.token_urlsafe(48),
        }
        done = CliRunner().invoke(main, ["--host", host, "--port", port], env=environ)
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith(f"receiver: --host {host} --port {port}: ")
