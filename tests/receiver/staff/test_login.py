"""Who gets in to the staff desk, and what nobody does without."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from itertools import islice

import pytest

from campaign.accounts import staff
from receiver.http import costly_work
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, csrf_in, log_in
from tests.support.review import get

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design


def test_the_cookie_is_for_this_host_over_https_and_for_no_script(app, database):
    password = database.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    answer = log_in(app.test_client(), "olga", password)
    for name in ("__Host-candle=", "__Host-candle-device="):
        (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(name)]
        for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
        assert "olga" not in cookie


def test_over_http_the_cookie_still_works_for_a_trial(make_app, unlimited, database):
    app = make_app(replace(unlimited, receiver_url="http://localhost"))
    password = database.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    client = app.test_client()
    csrf = csrf_in(client.get("/staff/login"))
    fields = {"csrf_token": csrf, "name": "olga", "password": password}
    assert client.post("/staff/login", data=fields).status_code == 303
    assert client.get("/staff/mikita/").status_code == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [("olga", "wrong"), ("nobody", "x"), ("", ""), ("olga", ""), ("o" * 65, "x"), ("olga", "x" * 300)],
)
def test_a_wrong_password_says_no_more_than_that(app, database, name, password):
    database.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    answer = log_in(app.test_client(), name, password)
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers or "member" not in answer.headers["Set-Cookie"]


def test_who_tells_no_page_by_which_they_came_is_not_told_that_a_login_ended(app):
    client = app.test_client()
    csrf = csrf_in(client.get("/staff/login", base_url=OWN))
    fields = {"csrf_token": csrf, "name": "olga", "password": "x"}
    answer = client.post("/staff/login", base_url=OWN, data=fields)
    assert answer.status_code == 400
    assert "the Referer header" in answer.text
    assert "has ended" not in answer.text


def test_guessing_at_once_leaves_threads_for_the_supporters(app, database, monkeypatch):
    """Four guesses at a time and eight that wait, from however many networks; the rest is told so at once."""
    busy, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_arguments):
        busy.release()
        assert go_on.wait(20)

    monkeypatch.setattr(staff, "verify", slow)
    monkeypatch.setattr(costly_work, "PATIENCE", 60)  # so that nobody who waits is refused
    with ThreadPoolExecutor(30) as pool:
        tries = [pool.submit(log_in, app.test_client(), f"olga{n}", "guess") for n in range(30)]
        for _ in range(4):
            assert busy.acquire(timeout=20)
        refused = list(islice(as_completed(tries, timeout=30), 18))
        go_on.set()
    assert {one.result().status_code for one in refused} == {429}
    assert [one.result().status_code for one in tries].count(429) == 18


def test_a_name_may_be_typed_with_a_capital(app, database):
    password = database.write(lambda connection: staff.add(connection, "olga", [APPROVAL_KEY], TODAY))
    assert log_in(app.test_client(), " Olga", password).status_code == 303


@pytest.mark.parametrize("change", [staff.reset, staff.disable])
def test_a_reset_or_a_disabled_member_is_out_at_once(desk, database, change):
    assert desk.get().status_code == 200
    database.write(lambda connection: change(connection, "olga", [APPROVAL_KEY]))
    assert desk.get().status_code == 303


def test_after_logging_out_the_old_page_does_nothing(desk, message, database):
    page = desk.get()
    assert desk.press(page, "logout").status_code == 303
    assert desk.get().status_code == 303
    answer = desk.press(page, "approve")
    assert answer.status_code == 400
    assert "log in again" in answer.text
    assert get(database, message.id).state == "waiting"


def test_the_desk_can_stand_on_an_origin_of_its_own(make_app, unlimited, database):
    apart = "https://desk.example.org"
    client = make_app(replace(unlimited, staff_url=apart)).test_client()
    assert client.get("/staff/login", base_url=apart).status_code == 200
    assert client.get("/mikita/token", base_url=OWN).status_code == 200
    for origin, path in ((OWN, "/staff/login"), (apart, "/mikita/messages"), (apart, "/staff/a/b/c")):
        answer = client.get(path, base_url=origin)
        assert (answer.status_code, "staff.css" in answer.text) == (404, origin == apart)
    for origin in (apart, OWN):
        assert client.get("/health", base_url=origin).status_code == 200


def test_who_reaches_the_port_of_both_halves_can_ask_for_the_desk_by_its_name(make_app, unlimited):
    """As the threat model says: with one port only the proxy keeps them apart. See test_halves for two."""
    client = make_app(replace(unlimited, staff_url="https://desk.example.org")).test_client()
    forged = client.get("/staff/", base_url=OWN, headers={"Host": "desk.example.org"})
    assert (forged.status_code, forged.location) == (303, "/staff/login?next=/staff/")
