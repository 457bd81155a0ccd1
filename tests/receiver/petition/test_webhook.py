"""The petition's webhooks: counted once, as docs/contract.md, "The counts", says, and never a 500."""

from __future__ import annotations

import base64
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from standardwebhooks import Webhook

from tests.support.table import table

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes, yes").decode()
OLD = "whsec_" + base64.b64encode(b"the secret before the one").decode()


@pytest.fixture
def database(any_database):
    """Webhooks on SQLite and on PostgreSQL."""
    return any_database


@pytest.fixture
def client(make_app, unlimited):
    settings = replace(unlimited, webhook_secrets={"mikita": (SECRET, OLD)})
    return make_app(settings).test_client()


def post(client, body, *, identifier=None, secret=SECRET, slug="mikita", moment=None, **headers):
    """Send as the reference library does."""
    identifier = identifier or secrets.token_hex(8)
    moment = moment or datetime.now(UTC)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = Webhook(secret).sign(identifier, moment, raw.decode("utf-8", "replace"))
    signed = {
        "webhook-id": identifier,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    return client.post(
        f"/hooks/{slug}/petition", data=raw, headers=signed | headers, content_type="application/json"
    )


def counted(signatures, at="2026-11-22T10:00:00Z"):
    return {"type": "petition.signatures", "timestamp": at, "data": {"signatures": signatures}}


def signed(at="2026-11-22T11:00:00Z"):
    return {"type": "petition.signed", "timestamp": at, "data": {}}


def signatures(client):
    return client.get("/mikita/count.json").json["signatures"]


def test_the_latest_absolute_count_and_the_later_signed_ones_are_shown(client):
    assert post(client, counted(12_345)).status_code == 200
    assert post(client, signed()).status_code == 200
    assert post(client, signed("2026-11-22T09:00:00Z")).status_code == 200
    assert signatures(client) == 12_346
    assert client.get("/mikita/count.json").json["signatures_as_of"] == "2026-11-22T11:00:00Z"


def test_an_id_counts_once_also_a_hundred_times_at_once(client, figure):
    body, app = signed(), client.application
    post(client, counted(12_345))

    def replay(_: int) -> int:
        return post(app.test_client(), body, identifier="the same").status_code

    with ThreadPoolExecutor(32) as pool:
        assert set(pool.map(replay, range(100))) == {200}
    found = signatures(client) - 12_345
    figure("100 parallel replays of one webhook", f"counted {found} time")
    assert found == 1


def test_both_secrets_are_good_during_a_rotation(client):
    assert post(client, signed(), secret=OLD).status_code == 200


@table("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_malformed_headers_are_401(client, missing):
    values = ["", "é", "v1,%%%", "\t", "1" * 500]
    told = {value: post(client, signed(), **{missing: value}).status_code for value in values}
    assert told == dict.fromkeys(values, 401)


def test_a_stranger_s_secret_is_401_and_nothing_is_counted(client):
    stranger = "whsec_" + base64.b64encode(b"the secret of a stranger").decode()
    before = signatures(client)
    assert post(client, counted(99_999), secret=stranger).status_code == 401
    assert signatures(client) == before


def test_without_a_secret_every_webhook_is_401(make_app, unlimited):
    assert post(make_app(unlimited).test_client(), signed()).status_code == 401


INVALID = {
    "no JSON": b"signatures=1",
    "empty": b"",
    "a list": b"[]",
    "a string": b'"petition.signed"',
    "no type": {"timestamp": "2026-11-22T10:00:00Z", "data": {}},
    "a type that is a list": {"type": ["petition.signed"], "timestamp": "2026-11-22T10:00:00Z"},
    "no timestamp": {"type": "petition.signed", "data": {}},
    "a timestamp without a zone": {"type": "petition.signed", "timestamp": "2026-11-22T10:00:00"},
    "a timestamp that is a number": {"type": "petition.signed", "timestamp": 1795341600},
    "a timestamp of nonsense": {"type": "petition.signed", "timestamp": "yesterday"},
    "a timestamp before time": {"type": "petition.signed", "timestamp": "0001-01-01T00:00:00+14:00"},
    "a timestamp after time": {"type": "petition.signed", "timestamp": "9999-12-31T23:59:59-14:00"},
    "data that is a list": {"type": "petition.signed", "timestamp": "2026-11-22T10:00:00Z", "data": []},
    "no count": {"type": "petition.signatures", "timestamp": "2026-11-22T10:00:00Z", "data": {}},
    "a negative count": counted(-1),
    "a count that is a text": counted("12345"),
    "a count that is true": counted(True),
    "a broken count": counted(1.5),
    "a count beyond belief": counted(10**30),
    "NaN": json.dumps(counted(float("nan"))).encode(),
    "a number too long to read": b'{"type": "petition.signed", "data": ' + b"9" * 5000 + b"}",
    "nested too deep": b"[" * 15_000,
}


def test_a_signed_but_invalid_body_is_400(client):
    told = {name: post(client, body).status_code for name, body in INVALID.items()}
    assert told == dict.fromkeys(INVALID, 400)


@table(
    "kind, ahead",
    list(
        product(
            ["petition.signatures", "petition.signed"],
            [timedelta(minutes=6), timedelta(days=1), timedelta(days=26_000)],
        )
    ),
)
def test_what_is_dated_ahead_is_400_and_pins_nothing(client, kind, ahead):
    moment = (datetime.now(UTC) + ahead).isoformat()
    body = {"type": kind, "timestamp": moment, "data": {"signatures": 99_999}}
    assert post(client, body).status_code == 400
    assert post(client, counted(12_345)).json == {"counted": True}
    assert signatures(client) == 12_345
    assert client.get("/mikita/count.json").json["signatures_as_of"] == "2026-11-22T10:00:00Z"


def test_a_sender_s_clock_may_be_some_minutes_before_ours(client):
    moment = datetime.now(UTC) + timedelta(minutes=4)
    assert post(client, counted(12_345, moment.isoformat())).json == {"counted": True}


# What is not signed by anybody whom we know.


def test_unsigned_webhooks_are_limited_by_network_and_signed_ones_never(make_app, settings):
    limited = make_app(replace(settings, webhook_secrets={"mikita": (SECRET, OLD)}))
    client, other = limited.test_client(), limited.test_client()
    other.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    assert {post(client, signed()).status_code for _ in range(100)} == {200}
    answers = [client.post("/hooks/mikita/petition") for _ in range(300)]
    assert [answer.status_code for answer in answers] == [401] * 60 + [429] * 240
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 62
    assert post(client, counted(12_345)).status_code == 200
    assert post(client, {"type": "petition.signatures"}).status_code == 400
    assert post(client, signed()).json == {"counted": True}
    assert other.post("/hooks/mikita/petition").status_code == 401


def test_bytes_that_are_no_utf8_are_400(client):
    from campaign.keys.webhook_secrets import decode_secrets
    from receiver.petition.webhook_signing import sign

    now, raw = str(int(datetime.now(UTC).timestamp())), b'{"type": "\xff"}'
    headers = {
        "webhook-id": "a",
        "webhook-timestamp": now,
        "webhook-signature": sign(*decode_secrets("mikita", [SECRET]), "a", now, raw).decode(),
    }
    assert client.post("/hooks/mikita/petition", data=raw, headers=headers).status_code == 400


def test_a_webhook_that_cannot_be_stored_is_503_and_may_come_again(client, monkeypatch):
    from campaign.storage.database import NotStored

    def refuse(*_args, **_kwargs):
        raise NotStored("the disk is full")

    monkeypatch.setattr(client.application.extensions["candle"].database, "write_together", refuse)
    assert post(client, signed(), identifier="again").status_code == 503
    monkeypatch.undo()
    assert post(client, signed(), identifier="again").json == {"counted": True}
