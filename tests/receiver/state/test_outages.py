"""Outages: the first fault of a kind at once and whole, those that follow as a number a minute."""

from __future__ import annotations

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from campaign.storage.database import NotStored
from receiver.http.logs import JSONFormatter
from receiver.state.outages import MINUTE, Outages
from tests.receiver.conftest import GOOD, JSON
from tests.receiver.http.test_logs import fails_with

POST = {"method": "POST", "route": "/<slug>/messages", "status": 503}


class Minutes:
    """The minutes of a test: nothing is done at the end of one until it is ended here."""

    def __init__(self) -> None:
        self.planned = []

    def later(self, seconds, work) -> None:
        assert seconds == MINUTE
        self.planned.append(work)

    def end(self) -> None:
        (work,) = self.planned
        self.planned.clear()
        work()


@pytest.fixture
def minutes(app):
    found = Minutes()
    app.extensions["candle"].outages = Outages(found.later)
    return found


@pytest.fixture
def told(app, capsys):
    """Return what was logged since the last question."""
    capsys.readouterr()
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.strip()]


@pytest.fixture
def broken(app, monkeypatch):
    """Let every write fail until the fixture's context is undone."""
    with monkeypatch.context() as context:
        context.setattr(app.extensions["candle"].database, "write_together", fails_with(NotStored("full")))
        yield context


def test_the_first_failure_is_told_at_once_with_its_error_and_its_request(supporter, told, minutes, broken):
    answer = supporter.send(headers=JSON)
    (entry,) = told()
    assert answer.status_code == 503
    assert POST.items() <= entry.items()
    assert (entry["event"], entry["level"]) == ("request", "error")
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert entry["error"]["type"] == "campaign.storage.errors.NotStored"
    assert any("supporters/sending.py" in place for place in entry["error"]["places"])


def test_the_tries_that_follow_are_a_number_a_minute(supporter, told, minutes, broken):
    """Whose words could not be stored tries again: a line each, with its time, would tell when they wrote."""
    supporter.send(headers=JSON)
    told()
    for number in (29, 3):
        for _ in range(number):
            supporter.send(headers=JSON)
        assert told() == []
        minutes.end()
        (entry,) = told()
        assert (entry["event"], entry["level"]) == ("failed again in the last minute", "error")
        assert entry.keys() == {"time", "level", "event", "requests"}
        (counted,) = entry["requests"]
        assert counted.pop("place").rpartition(":")[0].endswith("test_logs.py")
        assert counted == POST | {"error": "campaign.storage.errors.NotStored", "number": number}


def test_an_outage_is_over_after_a_silent_minute_and_the_next_is_told_at_once(
    supporter, told, minutes, broken
):
    supporter.send(headers=JSON)
    supporter.send(headers=JSON)
    minutes.end()
    assert len(told()) == 2
    minutes.end()
    assert (told(), minutes.planned) == ([], [])
    answer = supporter.send(headers=JSON)
    assert [entry["request_id"] for entry in told()] == [answer.headers["X-Request-Id"]]


def test_what_fails_in_another_way_is_told_at_once_too(supporter, told, minutes, broken, app):
    supporter.send(headers=JSON)
    supporter.client.get("/health")
    broken.setattr(app.extensions["candle"].database, "write_together", fails_with(KeyError("words")))
    supporter.send(headers=JSON)
    assert [(entry["route"], entry["status"], entry["error"]["type"]) for entry in told()] == [
        ("/<slug>/messages", 503, "campaign.storage.errors.NotStored"),
        ("/health", 503, "campaign.storage.errors.NotStored"),
        ("/<slug>/messages", 500, "builtins.KeyError"),
    ]
    assert len(minutes.planned) == 1


@pytest.mark.parametrize(("method", "path"), [("POST", "/hooks/mikita/petition"), ("GET", "/staff/login")])
def test_the_desk_and_the_webhooks_are_no_exception(app, told, minutes, monkeypatch, method, path):
    for view in ("hooks.receive", "staff.log_in"):
        monkeypatch.setitem(app.view_functions, view, fails_with(RuntimeError()))
    for _ in range(5):
        assert app.test_client().open(path, method=method).status_code == 500
    assert len(told()) == 1
    minutes.end()
    assert told()[0]["requests"][0]["number"] == 4


def test_many_threads_at_once_are_one_first_and_the_rest(app, told):
    planned = []
    outages, error = Outages(lambda *what: planned.append(what)), NotStored("full")
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: outages.record_failure(POST, 1.0, error), range(400)))
    outages.tell()
    first, rest = told()
    assert first["error"] == {"type": "campaign.storage.errors.NotStored", "places": []}
    assert rest["requests"][0]["number"] == 399
    assert len(planned) == 1


def test_what_was_not_told_when_it_stops_is_told_then(told):
    outages = Outages(lambda *_: None)
    outages.tell()
    for _ in range(3):
        outages.record_failure(POST, 1.0, None)
    assert outages.tell()
    assert [len(entry.get("requests", [])) for entry in told()] == [0, 1]
    assert not outages.tell()


def test_an_error_that_many_threads_raise_names_each_place_once():
    error = NotStored("full")
    for _ in range(50):
        with suppress(NotStored):
            raise error
    raised = (type(error), error, error.__traceback__)
    record = logging.LogRecord("receiver", logging.ERROR, "x.py", 1, "request", (), raised)
    (place,) = json.loads(JSONFormatter().format(record))["error"]["places"]
    assert "test_outages.py" in place


def test_another_trouble_of_the_disk_is_told_at_once(app, supporter, told, minutes, monkeypatch):
    """A lock that is held again and again must not hide that the disk is full."""
    for name in ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_BUSY"):
        error = sqlite3.OperationalError(GOOD["message"])
        error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
        monkeypatch.setattr("campaign.messages.submission.insert_new", fails_with(error))
        assert supporter.send(headers=JSON).status_code == 503
    written = told()
    assert [entry["error"]["code"] for entry in written] == ["SQLITE_BUSY", "SQLITE_FULL"]
    assert GOOD["message"] not in json.dumps(written)
    minutes.end()
    assert [counted["code"] for counted in told()[0]["requests"]] == ["SQLITE_BUSY"]
