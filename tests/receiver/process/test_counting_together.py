"""Two workers count as one: what is refused, what fails and what is guessed, whichever of them meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, text, update

from campaign.accounts import second_factor, staff
from campaign.accounts.failed_logins import CODES
from campaign.storage import database, marks
from campaign.storage.tables import guesses
from receiver.http.limits import LIMITS
from tests.receiver.process.test_workers import FORM, ROADS, Ask, body
from tests.receiver.serving import APPROVAL_KEY, Served, served

pytestmark = pytest.mark.slow
MANY = 24  # that one of two workers gets all of so many connections never happens
A_MINUTE = int(LIMITS["staff.log_in"][0].split()[0])  # logins of a network


def told(server: Served, event: str) -> list[dict]:
    """Read the lines of one kind."""
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


@contextmanager
def opened(server: Served) -> Iterator[database.Database]:
    """Open its database, as another program does."""
    found = database.connect(server.database_url)
    try:
        yield found
    finally:
        found.close()


def change(found: database.Database, *statements) -> None:
    found.write(lambda connection: [connection.execute(one) for one in statements] and None)


@ROADS
def test_the_same_refusals_are_told_by_their_sum_once(tmp_path, road):
    with served(tmp_path, workers=2, only="public") as server, road(server) as ask:
        for _ in range(MANY):
            assert ask("POST", "/mikita/messages", b"message=")[0] == 422
            assert ask("POST", "/hooks/mikita/petition", b"{}")[0] == 401
    (line,) = told(server, "refused in the last hour")
    assert {one["status"]: one["number"] for one in line["requests"]} == {422: MANY, 401: MANY}
    with opened(server) as found, found.read() as connection:
        assert marks.number(connection, "refused") == 2 * MANY


@ROADS
def test_the_same_faults_are_one_outage(tmp_path, road):
    """The first is told at once and the others by their number, though each worker met a first one."""
    with served(tmp_path, workers=2, only="public") as server, road(server) as ask, opened(server) as found:
        good, *bodies = [body(token, f"Message {n}") for n, token in enumerate(server.ripe_tokens(MANY + 1))]
        change(found, text("ALTER TABLE used_tokens RENAME TO moved_away"))
        assert {ask("POST", "/mikita/messages", one)[0] for one in bodies} == {503}
        change(found, text("ALTER TABLE moved_away RENAME TO used_tokens"))
        assert ask("POST", "/mikita/messages", good)[0] == 201
    assert [line["status"] for line in told(server, "request")] == [503]
    again = [one for line in told(server, "failed again in the last minute") for one in line["requests"]]
    assert sum(one["number"] for one in again) == MANY - 1
    assert len({one["place"] for one in again}) == 1


class Visitor:
    """Somebody at the desk's door, with cookies and the newest form, whichever worker answers."""

    def __init__(self, server: Served, ask: Ask) -> None:
        self._ask = ask
        self._headers = FORM | {"Referer": f"http://127.0.0.1:{server.port}/", "Accept": "text/html"}
        self._kept: dict[str, str] = {}

    def log_in(self, password: str, name: str = "olga") -> int:
        return self._post("/staff/login", name=name, password=password)

    def give(self, code: str) -> int:
        return self._post("/staff/code", code=code)

    def _post(self, path: str, **fields: str) -> int:
        form = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', self._asked("GET", path)[1])
        assert form, path
        return self._asked("POST", path, urlencode(fields | {"csrf_token": form[1].decode()}).encode())[0]

    def _asked(self, method: str, path: str, body: bytes = b""):
        cookies = "; ".join(f"{name}={value}" for name, value in self._kept.items())
        answer = self._ask(method, path, body, self._headers | ({"Cookie": cookies} if cookies else {}))
        for given in answer[2].get_all("Set-Cookie", ()):
            name, _, value = given.partition(";")[0].partition("=")
            self._kept[name] = value
        return answer


@ROADS
def test_the_same_guesses_of_a_password_wait_at_the_same_count(tmp_path, road):
    """Also where somebody takes them out of the database, so that the workers' memory alone knows them."""
    with served(tmp_path, workers=2) as server, road(server) as ask, opened(server) as found:
        visitor = Visitor(server, ask)
        assert visitor.log_in("a guess") == 422
        often = datetime.now(UTC) - timedelta(minutes=2)
        change(found, update(guesses).values(tried=12, last_at=often))  # the next but one waits a minute
        assert visitor.log_in("a guess") == 422
        change(found, delete(guesses))
        assert [visitor.log_in("a guess") for _ in range(12)] == [429] * 12


@ROADS
def test_the_same_guesses_of_a_code_wait_at_the_same_count(tmp_path, road):
    """Each is taken out of the database at once; an hour's wait is the same on any machine."""
    with served(tmp_path, workers=2, CANDLE_SECOND_FACTOR="on") as server, road(server) as ask:
        with opened(server) as found:
            visitor = Visitor(server, ask)
            assert visitor.log_in(_with_a_phone(found)) == 303
            answers = []
            for _ in range(CODES.free + 6):
                answers.append(visitor.give("a guess"))
                change(found, delete(guesses))
        assert answers == [422] * CODES.free + [429] * 6


def _with_a_phone(found: database.Database) -> str:
    keys, today = [APPROVAL_KEY], datetime.now(UTC).date()
    factor, _recovery = second_factor.enrol(keys, "olga", second_factor.new_secret())

    def add(connection) -> str:
        password = staff.add(connection, "olga", keys, today)
        staff.enrol(connection, "olga", keys, factor)
        return password

    return found.write(add)


@ROADS
def test_the_same_logins_of_a_network_are_refused_at_the_same_count(tmp_path, road):
    limits = {"CANDLE_RATELIMIT_ENABLED": "true"}
    with served(tmp_path, workers=2, **limits) as server, road(server) as ask:
        visitor = Visitor(server, ask)
        answers = [visitor.log_in("a guess", f"name {n}") for n in range(A_MINUTE + 6)]
    assert answers == [422] * A_MINUTE + [429] * 6
