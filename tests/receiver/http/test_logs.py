"""Logs: a request's id, route and outcome, and nothing that a person wrote or came from."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from flask import request, request_finished, url_for

from campaign.messages import queries
from campaign.storage.database import NotStored
from receiver.http import logs
from receiver.state.refusals import Refusals
from tests.receiver.conftest import GOOD, JSON, OWN, SITE, browser, csrf_in, log_in, token_in
from tests.receiver.desk import Desk

MARKS = {
    "message": "Markedmessagezq",
    "first_name": "Markednamezq",
    "last_name": "Markedsurnamezq",
    "email": "markedmailzq@example.org",
}
ADDRESS = "203.0.113.77"
SECRETS = [*MARKS.values(), ADDRESS, "Markedpathzq", "Markedpasswordzq", "Markedreceiptzq", "Markedagentzq"]
SECRETS += ["Markedwordszq"]


@pytest.fixture
def marked(app, supporter):
    supporter.client.environ_base["REMOTE_ADDR"] = ADDRESS
    supporter.client.environ_base["HTTP_USER_AGENT"] = "Markedagentzq"
    return supporter


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.strip()]


def test_a_request_is_one_line_of_json(app, capsys):
    client = browser(app)
    answer = log_in(client, "olga", "Markedpasswordzq")
    (entry,) = lines(capsys)
    assert entry["event"] == "request"
    assert (entry["method"], entry["route"], entry["status"]) == ("POST", "/staff/login", 422)
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert entry["time"].endswith("+00:00")
    assert "." not in entry["time"]
    assert 0 < entry["ms"] < 60_000


@pytest.fixture
def hour(app):
    """Count by a clock that stands at ten past eight, and keep what is to be done at the end of the hour."""
    return counting_from_ten_past_eight(app)


def counting_from_ten_past_eight(app):
    planned = []
    app.extensions["candle"].refused = Refusals(
        lambda _number: None, lambda: 8 * 3600 + 600.0, lambda seconds, work: planned.append((seconds, work))
    )
    return planned


def test_no_line_tells_when_a_message_was_written(supporter, reviewer, capsys, hour):
    capsys.readouterr()
    supporter.send("", headers=JSON)
    supporter.send(headers=JSON)
    supporter.send("")
    supporter.send(message="")
    supporter.send("", message="a" * 20_000)
    supporter.client.get("/mikita/withdraw")
    supporter.client.get("/nothing")
    desk = Desk(reviewer)
    desk.press(desk.get(), "approve")
    desk.get("/staff/mikita/messages")
    assert lines(capsys) == []


def test_what_is_refused_is_told_once_an_hour(supporter, capsys, hour):
    for _ in range(3):
        supporter.client.get("/nothing")
    supporter.send("", message="a" * 20_000)
    ((seconds, write),) = hour
    assert seconds == 3000  # at the end of the hour of the clock: an hour later would tell the moment
    supporter.client.post("/mikita/messages", data=b"message=%ff")
    write()
    (entry,) = lines(capsys)
    assert entry["requests"] == [
        {"method": None, "route": None, "status": 404, "number": 3},
        {"method": "POST", "route": "/<slug>/messages", "status": 413, "number": 1},
        {"method": "POST", "route": "/<slug>/messages", "status": 400, "number": 1},
    ]
    write()
    assert lines(capsys) == []


def test_unsigned_webhooks_are_a_count_an_hour(make_app, settings, capsys):
    app = make_app(settings)
    client, hour = app.test_client(), counting_from_ten_past_eight(app)
    for _ in range(300):
        client.post("/hooks/mikita/petition")
    hour[0][1]()
    (entry,) = lines(capsys)
    route = {"method": "POST", "route": "/hooks/<slug>/petition"}
    assert entry["requests"] == [
        route | {"status": 401, "number": 60},
        route | {"status": 429, "number": 240},
    ]


def test_nothing_that_anybody_can_repeat_leaves_a_line_each(app, capsys, hour):
    client = browser(app)
    token = csrf_in(client.get("/staff/login", base_url=OWN))
    asked = set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?\w+>", "mikita", rule.rule)
        for method in rule.methods - {"OPTIONS"}:
            for fields in ({}, {"csrf_token": token}):
                client.open(path, base_url=OWN, method=method, data=fields, headers={"Referer": f"{OWN}/"})
            asked.add((rule.endpoint, method))
    assert every_way(app) <= asked
    assert [(line["route"], line["status"]) for line in lines(capsys)] == [("/staff/login", 422)]


@pytest.mark.parametrize("step", sorted(logs.LOGGED_AT_ONCE - {"hooks.receive"}))
def test_a_stranger_leaves_few_lines_of_a_login(make_app, settings, capsys, hour, step):
    """Three hundred a second came of posts to the page on which a phone is enrolled."""
    app = make_app(replace(settings, ratelimit_enabled=True))
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    form = {"csrf_token": csrf_in(client.get("/staff/login", base_url=OWN))}
    with app.test_request_context():
        path = url_for(step)
    for _ in range(12):
        client.post(path, base_url=OWN, data=form, headers={"Referer": f"{OWN}/"})
    assert len(lines(capsys)) == 10


def test_a_fault_of_ours_leaves_a_line_at_once(app, capsys, monkeypatch, hour):
    full = fails_with(NotStored("refused: the disk is full; make room on it"))
    monkeypatch.setattr(app.extensions["candle"].database, "write_together", full)
    answer = app.test_client().get("/health")
    entry = lines(capsys)[-1]
    assert (entry["route"], entry["status"]) == ("/health", answer.status_code) == ("/health", 503)
    assert entry["error"]["remedy"] == "make room on it"


def supporter_s_routes(marked, app) -> None:
    """Send marks by every way that supporters have, good and bad."""
    token, client = marked.token(), marked.client
    marked.send(token, **MARKS)
    marked.send(token, **MARKS | {"message": "Markedmessagezq once more"})
    marked.send("", **MARKS)
    marked.send("Markedmessagezq", **MARKS)
    marked.send(**MARKS | {"email": "markedmailzq"})
    marked.send(**MARKS, headers=JSON | {"Origin": "https://Markedpathzq.example"})
    marked.send(**MARKS | {"message": "Markedmessagezq" * 2000})
    client.post("/mikita/messages", data=b"message=Markedmessagezq%ff", content_type="text/Markedpathzq")
    client.get("/Markedpathzq/Markedmessagezq?receipt=Markedreceiptzq")
    client.open("/mikita/messages", method="MARKEDPATHZQ")
    for path in ("messages", "withdraw", "count.json", "token"):
        client.get(f"/mikita/{path}?language=Markedpathzq&message=Markedmessagezq")
    client.get("/health?Markedpathzq")
    for name in ("page", "receiver", "desk"):
        client.get(f"/static/{name}/Markedpathzq/Markedmessagezq.css")
    client.post("/mikita/withdraw", data={"receipt": "Markedreceiptzq", "token": "Markedpathzq"})
    token = token_in(client.get("/mikita/withdraw"))
    client.post("/mikita/withdraw", data={"receipt": "Markedreceiptzq", "token": token})
    client.post("/hooks/mikita/petition", data=json.dumps(MARKS), headers={"webhook-id": "Markedpathzq"})


def seen_by(reviewer, message) -> dict[str, str]:
    """Return what the forms of a message's page hold."""
    page = reviewer.get(f"/staff/mikita/?message={message.id}", base_url=OWN)
    assert "messagezq" in page.text
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))


def desk_s_routes(reviewer, message, seen) -> None:
    """Send marks by every form and address of the desk, for a message that is there and one that is not."""
    words = dict.fromkeys(("why", "note", "translation", "message:0:6", "flood"), "Markedwordszq")
    for identifier in (message.id, "Markedpathzq"):
        reviewer.get(f"/staff/mikita/{identifier}/card.png?v=Markedpathzq", base_url=OWN)
        for action in ("cut", "restore", "translate", "aside", "reject", "reopen", "approve"):
            address = f"/staff/mikita/{identifier}/{action}"
            for fields in (
                words,
                words | seen,
                {"message:0:6": "y"} | seen | {"why": "Markedwordszq"},
            ):
                reviewer.post(address, base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    reviewer.get("/staff/?Markedpathzq", base_url=OWN)
    reviewer.get("/staff/mikita/?message=Markedpathzq", base_url=OWN)
    reviewer.get("/staff/mikita/messages?id=Markedpathzq", base_url=OWN)
    undone = {"csrf_token": seen["csrf_token"], "step": "Markedwordszq"}
    reviewer.post("/staff/mikita/undo", base_url=OWN, data=undone, headers={"Referer": f"{OWN}/"})
    shown = {"csrf_token": seen["csrf_token"], "kind": "Markedwordszq", f"seen:{message.id}": "Markedwordszq"}
    reviewer.get("/staff/mikita/groups?kind=alike&of=Markedwordszq", base_url=OWN)
    reviewer.post("/staff/mikita/groups", base_url=OWN, data=shown, headers={"Referer": f"{OWN}/"})
    account_routes(reviewer, seen["csrf_token"])
    batches_routes(reviewer, seen["csrf_token"])


def account_routes(reviewer, csrf: str) -> None:
    """Ask for the own login, and have every change of it refused."""
    reviewer.get("/staff/account?Markedpathzq", base_url=OWN)
    reviewer.get("/staff/log?who=Markednamezq", base_url=OWN)
    reviewer.get("/staff/mikita/how-it-goes?Markedpathzq", base_url=OWN)
    marks = dict.fromkeys(("current", "new", "again"), "Markedpasswordzq") | {"csrf_token": csrf}
    for fields in (marks, marks | {"again": "x"}, {}):
        reviewer.post("/staff/account/password", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    link = "/staff/invitation/markednamezq/Markedpathzq"
    reviewer.get(link, base_url=OWN)
    reviewer.post(link, base_url=OWN, data=marks, headers={"Referer": f"{OWN}/"})


def batches_routes(reviewer, csrf: str) -> None:
    """Ask for batches, and for what is taken home; no run is started."""
    for path in (
        "batches",
        "batches/1",
        "batches/1/files.zip",
        "sample.pdf",
        "keepsake.pdf",
        "calibration.pdf",
    ):
        reviewer.get(f"/staff/mikita/{path}?Markedpathzq", base_url=OWN)
    marks = {"csrf_token": csrf, "sure": "y", "what": "Markedwordszq", "on": "Markedwordszq"}
    marks |= {"cards": "1", "why": "Markedwordszq"}
    for step in ("run", "stop", "1/printed", "1/posted", "1/void"):
        address = f"/staff/mikita/batches/{step}"
        reviewer.post(address, base_url=OWN, data=marks, headers={"Referer": f"{OWN}/"})


@pytest.mark.slow
def test_no_mark_of_a_person_is_logged_whatever_fails(app, marked, reviewer, capfd, monkeypatch, hour):
    """Every route is asked, also when it fails: a new route fails this test until it is asked here."""
    capfd.readouterr()
    asked = set()

    def note(_app, response):
        asked.add((request.endpoint, request.method))

    request_finished.connect(note, app)
    database = app.extensions["candle"].database
    supporter_s_routes(marked, app)
    with database.read() as connection:
        (message,) = queries.list_messages(connection, "mikita")
    desk_s_routes(reviewer, message, seen_by(reviewer, message))
    seen = seen_by(reviewer, message)
    for failure in (NotStored("Markedmessagezq"), ValueError("Markedmessagezq"), broken_statement()):
        with monkeypatch.context() as broken:
            broken.setattr(database, "write_together", fails_with(failure))
            supporter_s_routes(marked, app)
            desk_s_routes(reviewer, message, seen)
            broken.setattr(database, "read", fails_with(failure))
            supporter_s_routes(marked, app)
            for path in ("", "mikita/", "mikita/messages"):
                reviewer.get(f"/staff/{path}?Markedpathzq", base_url=OWN)
    log_in(marked.client, "markednamezq", "Markedpasswordzq")
    for path in ("code", "enrol"):
        page = marked.client.get("/staff/login", base_url=OWN)
        fields = {"csrf_token": csrf_in(page), "code": "Markedwordszq"}
        marked.client.get(f"/staff/{path}?Markedpathzq", base_url=OWN)
        marked.client.post(f"/staff/{path}", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    logout = {"csrf_token": csrf_in(reviewer.get("/staff/mikita/", base_url=OWN)), "why": "Markedwordszq"}
    for path in ("logout-everywhere", "logout"):
        reviewer.post(f"/staff/{path}", base_url=OWN, data=logout, headers={"Referer": f"{OWN}/"})
    app.extensions["candle"].refused.write()
    logged = capfd.readouterr()
    everything = (logged.out + logged.err).lower()
    assert "refused in the last hour" in everything
    assert {secret for secret in SECRETS if secret.lower() in everything} == set()
    assert every_way(app) - asked == set(), "these are not asked above"


def every_way(app) -> set[tuple[str, str]]:
    """List each route with each of its methods; HEAD and OPTIONS are the server's own."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


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
    assert any("supporters/sending.py" in place for place in entry["error"]["places"])


def test_a_library_s_record_shows_its_logger_only(capsys):
    import logging

    from receiver.http.logs import JSONFormatter

    record = logging.LogRecord("sqlalchemy.pool", logging.ERROR, "x.py", 1, "Markednamezq %s", ("a",), None)
    entry = json.loads(JSONFormatter().format(record))
    assert entry["event"] == "a record of sqlalchemy.pool"


def test_limits_are_counted_under_a_name_that_is_no_address(make_app, settings, capfd):
    client = make_app(settings).test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    for _ in range(25):
        client.post("/mikita/withdraw", data=GOOD, headers={"Origin": SITE})
    assert ADDRESS not in capfd.readouterr().err
