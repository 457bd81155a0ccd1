"""Two public halves as processes on one PostgreSQL and one Redis, behind the nginx of deploy/."""

from __future__ import annotations

import base64
import json
import os
import secrets
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from tests.receiver.petition.test_webhook import counted, signed
from tests.receiver.serving import GOOD, Served, served
from tests.support import nginx
from tests.support.nginx import DESK, PAGE, POST, Nginx
from tests.support.ports import free_ports

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes, yes").decode()
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Grown:
    """What a campaign has that outgrew one machine."""

    front: Nginx
    receivers: tuple[Served, ...]

    def post(self, path: str, origin: str, **fields: str) -> int:
        body = urllib.parse.urlencode(fields)
        return self.front.ask(POST, path, "POST", body, FORM | {"Origin": f"https://{origin}"}).status

    def signature(self, body: dict, identifier: str = "") -> int:
        identifier, moment, raw = identifier or secrets.token_hex(8), datetime.now(UTC), json.dumps(body)
        headers = {
            "webhook-id": identifier,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(identifier, moment, raw),
        }
        return self.front.ask(POST, "/hooks/mikita/petition", "POST", raw, headers).status


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
        "CANDLE_STAFF_URL": f"https://{DESK}:8443",
        "CANDLE_PROXY_HOPS": "1",
        "CANDLE_RATELIMIT_ENABLED": "true",
        "CANDLE_FLOOD": "off",
        "CANDLE_WEBHOOK_SECRETS_MIKITA": SECRET,
    }
    folders = [tmp_path / name for name in ("one", "two", "nginx", "page")]
    for folder in folders:
        folder.mkdir()
    with ExitStack() as stack:
        both = tuple(
            stack.enter_context(served(folder, only="public", **variables)) for folder in folders[:2]
        )
        ports = [receiver.port for receiver in both]
        front = stack.enter_context(nginx.server(*folders[2:], *ports, desk_port=free_ports(1)[0]))
        yield Grown(front, both)


def test_two_processes_behind_nginx_are_one_receiver(grown):
    """One test, because starting them takes longer than asking them."""
    counts_a_webhook_once(grown)
    shares_limits(grown)
    goes_on_when_one_is_killed(grown)
    for receiver in grown.receivers:
        assert '"level": "error"' not in receiver.log


def counts_a_webhook_once(grown: Grown) -> None:
    assert grown.signature(counted(12_345)) == 200
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: grown.signature(signed(), "the same"), range(20))) == {200}
    told = [json.loads(receiver.get("/mikita/count.json")[1]) for receiver in grown.receivers]
    assert [count["signatures"] for count in told] == [12_346, 12_346]


def shares_limits(grown: Grown) -> None:
    """Withdraw with wrong codes until it is too much; 20 a minute are allowed."""
    answers = [grown.post("/mikita/withdraw", POST, receipt="wrong", token="") for _ in range(21)]
    assert answers == [403] * 20 + [429]


def goes_on_when_one_is_killed(grown: Grown) -> None:
    grown.receivers[0].kill()
    for token in grown.receivers[1].ripe_tokens(4):
        assert grown.post("/mikita/messages", PAGE, **GOOD | {"token": token}) == 201
    assert [grown.front.ask(POST, "/health").status for _ in range(4)] == [200] * 4
