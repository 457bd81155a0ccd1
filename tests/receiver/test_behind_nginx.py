"""Two public halves and a desk as processes on one PostgreSQL and one Redis, behind the nginx of deploy/."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from campaign.accounts import second_factor, staff
from campaign.messages import queries
from campaign.storage.database import Database
from receiver.state.counts import KEPT
from tests.conftest import TODAY
from tests.receiver.petition.test_routes import counted, signed
from tests.receiver.serving import APPROVAL_KEY, GOOD, Served, served
from tests.support import nginx
from tests.support.nginx import DESK, PAGE, POST, Answer, Nginx

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes, yes").decode()
DESK_SHOWN = f"https://{DESK}:8443"  # as a reviewer's browser shows it
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Grown:
    """What a campaign has that outgrew one machine."""

    front: Nginx
    receivers: tuple[Served, ...]
    desk: Served
    database: Database

    def post(self, path: str, **fields: str) -> tuple[int, dict]:
        body = urllib.parse.urlencode(fields)
        where = f"https://{PAGE}" if path.endswith("/messages") else f"https://{POST}"
        answer = self.front.ask(POST, path, "POST", body, FORM | {"Origin": where})
        return answer.status, json.loads(answer.body) if answer.status != 429 else {}

    def send(self, token: str, **changes: str) -> tuple[int, dict]:
        return self.post("/mikita/messages", **GOOD | {"token": token} | changes)

    def signature(self, body: dict, identifier: str = "") -> int:
        identifier, moment, raw = identifier or secrets.token_hex(8), datetime.now(UTC), json.dumps(body)
        headers = {
            "webhook-id": identifier,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(identifier, moment, raw),
        }
        return self.front.ask(POST, "/hooks/mikita/petition", "POST", raw, headers).status

    def stored(self) -> list[str]:
        with self.database.read() as connection:
            return [message.text for message in queries.list_messages(connection, "mikita")]


@pytest.fixture
def grown(tmp_path, postgresql_database, redis_url):
    """Start them, each with limits on, so that only Redis can make them count together."""
    if nginx.missing() and not os.environ.get("CI"):
        pytest.skip(nginx.missing())
    variables = {
        "CANDLE_DATABASE_URL": postgresql_database.engine.url.render_as_string(hide_password=False),
        "CANDLE_LIMITS_URL": redis_url,
        "CANDLE_SITE_URL": f"https://{PAGE}",
        "CANDLE_RECEIVER_URL": f"https://{POST}",
        "CANDLE_STAFF_URL": DESK_SHOWN,
        "CANDLE_PROXY_HOPS": "1",
        "CANDLE_RATELIMIT_ENABLED": "true",
        "CANDLE_FLOOD": "off",
        "CANDLE_WEBHOOK_SECRETS_MIKITA": SECRET,
    }
    folders = [tmp_path / name for name in ("one", "two", "desk", "nginx", "page")]
    for folder in folders:
        folder.mkdir()
    with ExitStack() as stack:
        both = tuple(
            stack.enter_context(served(folder, only="public", **variables)) for folder in folders[:2]
        )
        desk = stack.enter_context(served(folders[2], only="desk", **variables))
        ports = [receiver.port for receiver in both]
        front = stack.enter_context(nginx.server(*folders[3:], *ports, desk_port=desk.port))
        yield Grown(front, both, desk, postgresql_database)


def test_two_processes_behind_nginx_are_one_receiver(grown, figure):
    """One test, because starting them takes longer than asking them."""
    takes_every_token_once(grown)
    counts_a_webhook_once(grown)
    takes_back_what_either_took(grown)
    figure("two receivers, PostgreSQL, Redis, nginx: withdrawals until 429", str(shares_limits(grown)))
    lets_staff_decide_what_both_took(grown)
    goes_on_when_one_is_killed(grown)
    for receiver in (*grown.receivers, grown.desk):
        assert '"level": "error"' not in receiver.log


def takes_every_token_once(grown: Grown) -> None:
    tokens = [receiver.token() for receiver in grown.receivers]
    assert [grown.send(token)[0] for token in tokens] == [403, 403]  # too young, whoever issued it
    for number, token in enumerate(grown.receivers[0].ripe_tokens(4)):
        assert grown.send(token, message=f"Through nginx {number}")[0] == 201
    (token,) = grown.receivers[1].ripe_tokens(1)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: grown.send(token, message="Pressed often"), range(30)))
    assert {(status, answer["receipt"]) for status, answer in answers} == {(201, answers[0][1]["receipt"])}
    assert grown.send(token, message="Other words")[0] == 409
    assert sorted(grown.stored()) == ["Pressed often", *(f"Through nginx {n}" for n in range(4))]


def counts_a_webhook_once(grown: Grown) -> None:
    assert grown.signature(counted(12_345)) == 200
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: grown.signature(signed(), "the same"), range(20))) == {200}
    told = [json.loads(receiver.get("/mikita/count.json")[1]) for receiver in grown.receivers]
    assert [count["signatures"] for count in told] == [12_346, 12_346]


def takes_back_what_either_took(grown: Grown) -> None:
    first, second = grown.receivers
    status, answer = first_hand(first, message="Taken back")
    assert status == 201
    page = second.get("/mikita/withdraw")[1].decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    fields = {"receipt": str(answer["receipt"]), "token": token, "language": "en"}
    status, answer = grown.post("/mikita/withdraw", **fields)
    assert (status, answer["state"]) == (200, "withdrawn")
    assert "Taken back" not in grown.stored()


def first_hand(receiver: Served, **changes: str) -> tuple[int, dict]:
    """Post to one receiver, past nginx, as from the page."""
    connection = receiver.connect()
    body = urllib.parse.urlencode(GOOD | {"token": receiver.ripe_tokens(1)[0]} | changes)
    try:
        connection.request("POST", "/mikita/messages", body, FORM | {"Origin": f"https://{PAGE}"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def shares_limits(grown: Grown) -> int:
    """Withdraw with wrong codes until it is too much; 20 a minute are allowed, one was used above."""
    answers = [grown.post("/mikita/withdraw", receipt="wrong", token="")[0] for _ in range(21)]
    assert answers == [403] * 19 + [429] * 2
    return answers.index(429)


def lets_staff_decide_what_both_took(grown: Grown) -> None:
    """By the desk's address alone; what staff approve, either receiver counts."""
    password = grown.database.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    secret = second_factor.new_secret()
    factor, _ = second_factor.enrol([APPROVAL_KEY], "olga", secret)
    grown.database.write(lambda connection: staff.enrol(connection, "olga", [APPROVAL_KEY], factor))
    answer = None
    code = second_factor.code_at(secret, int(time.time()) // second_factor.STEP)
    for path, given in (("login", {"name": "olga", "password": password}), ("code", {"code": code})):
        page = at_desk(grown, f"/staff/{path}", before=answer)
        answer = at_desk(grown, f"/staff/{path}", given | {"csrf_token": hidden(page, "csrf_token")}, page)
        assert answer.status == 303
    page = at_desk(grown, "/staff/mikita/", before=answer)
    address = re.search(rb'action="(/staff/mikita/\w+/approve)"', page.body)[1].decode()
    decision = {name: hidden(page, name) for name in ("csrf_token", "seen", "state")}
    assert at_desk(grown, address, decision, page).status == 303
    time.sleep(KEPT)
    told = [json.loads(receiver.get("/mikita/count.json")[1]) for receiver in grown.receivers]
    assert [count["messages"] for count in told] == [1, 1]
    assert [grown.front.ask(POST, address, "POST", name=POST).status for _ in range(2)] == [404, 404]


def at_desk(
    grown: Grown, path: str, fields: dict[str, str] | None = None, before: Answer | None = None
) -> Answer:
    """Ask as a reviewer's browser does, with the cookies of the answer `before`."""
    headers = FORM | {"Accept": "text/html", "Origin": DESK_SHOWN, "Referer": f"{DESK_SHOWN}/"}
    if before is not None:
        cookies = before.headers.get_all("Set-Cookie")
        headers["Cookie"] = "; ".join(cookie.partition(";")[0] for cookie in cookies)
    host, where = DESK_SHOWN.removeprefix("https://"), {"listener": "127.0.0.1:8443", "name": DESK}
    if fields is None:
        return grown.front.ask(host, path, headers=headers, **where)
    return grown.front.ask(host, path, "POST", urllib.parse.urlencode(fields), headers, **where)


def hidden(page: Answer, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.body.decode())[1]


def goes_on_when_one_is_killed(grown: Grown) -> None:
    grown.receivers[0].kill()
    for number, token in enumerate(grown.receivers[1].ripe_tokens(4)):
        assert grown.send(token, message=f"By the other {number}")[0] == 201
    assert [grown.front.ask(POST, "/health").status for _ in range(4)] == [200] * 4
