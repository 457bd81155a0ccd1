"""Logs: a request's id, route and outcome, and nothing that a person wrote or came from."""

from __future__ import annotations

import json

import pytest

from campaign.database import NotStored
from tests.receiver.conftest import GOOD, JSON, OWN, SITE, log_in

MARKS = {
    "message": "Markedmessagezq",
    "first_name": "Markednamezq",
    "last_name": "Markedsurnamezq",
    "email": "markedmailzq@example.org",
}
ADDRESS = "203.0.113.77"
SECRETS = [*MARKS.values(), ADDRESS, "Markedpathzq", "Markedpasswordzq", "Markedreceiptzq", "Markedagentzq"]


@pytest.fixture
def marked(app, supporter):
    supporter.client.environ_base["REMOTE_ADDR"] = ADDRESS
    supporter.client.environ_base["HTTP_USER_AGENT"] = "Markedagentzq"
    return supporter


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.strip()]


def test_a_request_is_one_line_of_json(app, capsys):
    answer = app.test_client().get("/staff/login")
    (entry,) = lines(capsys)
    assert entry["event"] == "request"
    assert (entry["method"], entry["route"], entry["status"]) == ("GET", "/staff/login", 200)
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert entry["time"].endswith("+00:00")
    assert entry["ms"] > 0


def test_no_line_tells_when_a_message_was_written(supporter, capsys):
    supporter.send()
    supporter.send("")
    supporter.send(message="")
    supporter.client.get("/mikita/withdraw")
    assert lines(capsys) == []


def test_what_goes_wrong_leaves_a_line(supporter, capsys):
    supporter.client.get("/nothing")
    supporter.send("", message="a" * 20_000)
    assert [(entry["status"], entry["level"]) for entry in lines(capsys)] == [(404, "info"), (413, "info")]


def test_no_mark_of_a_person_is_logged_whatever_fails(app, marked, reviewer, capfd, monkeypatch):
    capfd.readouterr()
    token = marked.token()
    marked.send(token, **MARKS)
    marked.send(token, **MARKS | {"message": "Markedmessagezq once more"})
    marked.send("", **MARKS)
    marked.send("Markedmessagezq", **MARKS)
    marked.send(**MARKS | {"email": "markedmailzq"})
    marked.send(**MARKS, headers=JSON | {"Origin": "https://Markedpathzq.example"})
    marked.send(**MARKS | {"message": "Markedmessagezq" * 2000})
    client = marked.client
    client.post("/mikita/messages", data=b"message=Markedmessagezq%ff", content_type="text/Markedpathzq")
    client.get("/Markedpathzq/Markedmessagezq?receipt=Markedreceiptzq")
    client.open("/mikita/messages", method="MARKEDPATHZQ")
    client.post("/mikita/withdraw", data={"receipt": "Markedreceiptzq", "token": "Markedpathzq"})
    client.post("/hooks/mikita/petition", data=json.dumps(MARKS), headers={"webhook-id": "Markedpathzq"})
    log_in(client, "markednamezq", "Markedpasswordzq")
    reviewer.get("/staff/mikita/messages?id=Markedpathzq", base_url=OWN)
    database = app.extensions["candle"].database
    failures = [NotStored("Markedmessagezq"), ValueError("Markedmessagezq"), broken_statement()]
    for failure in failures:
        monkeypatch.setattr(database, "write", fails_with(failure))
        monkeypatch.setattr(database, "read", fails_with(failure))
        marked.send(**MARKS)
        client.get("/mikita/count.json")
        client.get("/health")
    logged = capfd.readouterr()
    everything = (logged.out + logged.err).lower()
    assert everything.count("\n") >= 14
    for secret in SECRETS:
        assert secret.lower() not in everything


def fails_with(failure):
    def fail(*_args, **_kwargs):
        raise failure

    return fail


def broken_statement() -> Exception:
    from sqlalchemy.exc import OperationalError

    return OperationalError("INSERT", {"text": MARKS["message"]}, Exception(MARKS["message"]))


def test_an_unexpected_error_names_its_place_and_its_request(app, monkeypatch, capsys):
    monkeypatch.setattr(app.extensions["candle"].tokens, "issue", fails_with(KeyError("Markedmessagezq")))
    answer = app.test_client().get("/mikita/token")
    assert answer.status_code == 500
    entry = next(line for line in lines(capsys) if line["level"] == "error")
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert entry["error"]["type"] == "builtins.KeyError"
    assert any("public.py" in place for place in entry["error"]["places"])


def test_a_library_s_record_shows_its_logger_only(capsys):
    import logging

    from receiver.logs import JSONFormatter

    record = logging.LogRecord("sqlalchemy.pool", logging.ERROR, "x.py", 1, "Markednamezq %s", ("a",), None)
    entry = json.loads(JSONFormatter().format(record))
    assert entry["event"] == "a record of sqlalchemy.pool"


def test_limits_are_counted_under_a_name_that_is_no_address(make_app, settings, capfd):
    client = make_app(settings).test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    for _ in range(25):
        client.post("/mikita/withdraw", data=GOOD, headers={"Origin": SITE})
    assert ADDRESS not in capfd.readouterr().err
