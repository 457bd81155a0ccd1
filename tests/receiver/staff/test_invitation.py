"""The link of an invitation: a password, a phone, and then the desk; once, and for a day."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaign.accounts import second_factor as codes
from campaign.accounts import staff, staff_log
from campaign.keeping import erasures_file
from receiver.staff import login
from tests.conftest import APPROVAL_KEY
from tests.receiver.conftest import OWN, browser, csrf_in, log_in
from tests.support.table import table

pytestmark = pytest.mark.slow  # each sets a password, which takes 0.1 s by design

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
CHOSEN = "four words by the sea"


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(login, "now", lambda: NOW)


@pytest.fixture
def app(make_app, unlimited):
    return make_app(replace(unlimited, second_factor="on"))


@pytest.fixture
def link(database) -> str:
    token = database.write(lambda c: staff.invite(c, "olga", [APPROVAL_KEY], NOW, "reviewer"))
    return f"/staff/invitation/olga/{token}"


def accept(client, link: str, new: str = CHOSEN, again: str = CHOSEN, csrf: str = ""):
    csrf = csrf or csrf_in(client.get(link, base_url=OWN))
    fields = {"csrf_token": csrf, "new": new, "again": again}
    return client.post(link, base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})


def test_it_leads_over_password_and_phone_to_the_desk(app, link):
    client = browser(app)
    page = client.get(link, base_url=OWN)
    assert "Welcome, olga" in page.text
    assert "as a reviewer" in page.text
    assert accept(client, link).location == "/staff/enrol"
    page = client.get("/staff/enrol", base_url=OWN)
    secret = codes.from_base32(re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", ""))
    fields = {"csrf_token": csrf_in(page), "code": codes.code_at(secret, int(NOW.timestamp()) // 30)}
    shown = client.post("/staff/enrol", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    assert len(re.findall(r"<li><code>", shown.text)) == 8
    assert client.get("/staff/mikita/", base_url=OWN).status_code == 200


def test_the_password_alone_opens_nothing(app, link):
    client = browser(app)
    accept(client, link)
    assert client.get("/staff/mikita/", base_url=OWN).location == "/staff/login?next=/staff/mikita/"


def test_where_no_phone_is_asked_for_it_leads_to_the_desk(make_app, unlimited, link):
    client = browser(make_app(unlimited))
    assert "phone" not in client.get(link, base_url=OWN).text
    assert accept(client, link).location == "/staff/"
    assert client.get("/staff/mikita/", base_url=OWN).status_code == 200


def test_who_only_looks_at_it_uses_nothing_up(app, link):
    """A messenger fetches a link for its preview."""
    for _ in range(3):
        assert browser(app).get(link, base_url=OWN).status_code == 200
    assert accept(browser(app), link).status_code == 303


def test_it_is_good_once_and_says_so_kindly(app, link):
    thief = browser(app)
    csrf = csrf_in(thief.get(link, base_url=OWN))
    accept(browser(app), link)
    for answer in (thief.get(link, base_url=OWN), accept(thief, link, "another four words", csrf=csrf)):
        assert answer.status_code == 410
        assert "This invitation is over" in answer.text
        assert "ask whoever sent it for a new one" in answer.text
    assert log_in(browser(app), "olga", CHOSEN).location == "/staff/enrol"


def test_two_who_press_at_once_do_not_both_get_in(app, link):
    clients = [browser(app) for _ in range(4)]
    tokens = [csrf_in(client.get(link, base_url=OWN)) for client in clients]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client, csrf: accept(client, link, csrf=csrf), clients, tokens))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]


def test_after_a_day_it_is_over(app, link, monkeypatch):
    client = browser(app)
    csrf = csrf_in(client.get(link, base_url=OWN))
    monkeypatch.setattr(login, "now", lambda: NOW + timedelta(days=1))
    assert client.get(link, base_url=OWN).status_code == 410
    assert accept(client, link, csrf=csrf).status_code == 410
    assert log_in(browser(app), "olga", CHOSEN).status_code == 422


@table("path", ["olga/x", "nobody/x", "OLGA/x", "%00/%ff", "a b/<script>"])
def test_what_is_none_is_told_apart_by_nobody(app, link, path):
    answer = browser(app).get(f"/staff/invitation/{path}", base_url=OWN)
    assert answer.status_code == 410
    assert "olga" not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("new", "again", "told"),
    [
        ("", "", "Write a new one."),
        ("short words", "short words", "It has 11 characters: take 15 or more"),
        (CHOSEN, CHOSEN + "!", "This is not the same as above."),
    ],
)
def test_a_password_that_will_not_do_uses_nothing_up(app, link, new, again, told):
    answer = accept(browser(app), link, new, again)
    assert answer.status_code == 422
    assert told in answer.text
    assert accept(browser(app), link).status_code == 303


def test_another_site_cannot_press_it(app, link):
    answer = browser(app).post(link, base_url=OWN, data={"new": CHOSEN, "again": CHOSEN})
    assert answer.status_code == 400
    assert log_in(browser(app), "olga", CHOSEN).status_code == 422


def test_a_restored_backup_does_not_bring_the_invitation_back(app, link):
    accept(browser(app), link)
    listed = list(erasures_file.read(app.extensions["candle"].settings.erasures_file))
    assert listed == [erasures_file.Erasure(NOW.date(), "staff", "olga", "-", "2")]


def test_who_accepted_it_is_in_the_log(app, link, database):
    accept(browser(app), link)
    with database.read() as connection:
        (row,) = staff_log.read_rows(connection)
    assert (row.entry.who, row.entry.what) == ("olga", "accepted the invitation")
