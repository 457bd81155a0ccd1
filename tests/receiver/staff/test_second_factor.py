"""Logging in with a second factor: setting up a phone, its codes, and who tries them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.accounts import second_factor as codes
from campaign.accounts import staff, staff_log
from receiver.staff import second_factor
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, browser, csrf_in, log_in
from tests.receiver.staff.conftest import Moments

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design


@pytest.fixture
def app(make_app, unlimited):
    return make_app(replace(unlimited, second_factor="on"))


@pytest.fixture
def client(app, moments):
    return browser(app)


def get(client, path: str):
    return client.get(f"/staff/{path}", base_url=OWN)


def give(client, path: str, code: str):
    fields = {"csrf_token": csrf_in(get(client, path)), "code": code}
    return client.post(f"/staff/{path}", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})


def code_of(secret: bytes, moments: Moments) -> str:
    moments.now += timedelta(seconds=30)  # the next one
    return codes.code_at(secret, int(moments.now.timestamp()) // 30)


@pytest.fixture
def enrolled(client, moments, password) -> tuple[bytes, list[str]]:
    """Set up a phone, keep its secret and the recovery codes, and log out."""
    assert log_in(client, "olga", password).location == "/staff/enrol"
    page = get(client, "enrol")
    secret = codes.from_base32(re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", ""))
    code = code_of(secret, moments)
    shown = give(client, "enrol", f"{code[:3]}-{code[3:]}")  # as some apps group it
    assert "Your recovery codes" in shown.text
    assert get(client, "mikita/").status_code == 200
    fields = {"csrf_token": csrf_in(get(client, "mikita/"))}
    client.post("/staff/logout", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    return secret, re.findall(r"<li><code>([a-z2-9-]{11})</code>", shown.text)


def test_a_password_alone_opens_nothing(client, password):
    answer = log_in(client, "olga", password)
    assert answer.location == "/staff/enrol"
    assert get(client, "mikita/").location == "/staff/login?next=/staff/mikita/"
    assert get(client, "code").location == "/staff/login"  # there is no phone yet


def test_the_page_that_was_asked_for_comes_behind_the_code(client, enrolled, moments, password):
    asked = get(client, "mikita/messages?page=2").location
    fields = {"csrf_token": csrf_in(client.get(asked, base_url=OWN)), "name": "olga", "password": password}
    fields |= {"next": "/staff/mikita/messages?page=2"}
    client.post("/staff/login", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    answer = give(client, "code", code_of(enrolled[0], moments))
    assert answer.location == "/staff/mikita/messages?page=2"


def test_the_picture_is_drawn_for_a_phone(client, database, password):
    log_in(client, "olga", password)
    page = get(client, "enrol")
    assert "<svg" in page.text
    assert "<script" not in page.text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1]
    assert secret in get(client, "enrol").text  # a reload does not change it
    log_in(client, "ivan", database.write(lambda c: staff.add(c, "ivan", [APPROVAL_KEY], TODAY)))
    assert secret not in get(client, "enrol").text, "who came before knows it"
    log_in(client, "olga", password)
    assert (
        f'href="otpauth://totp/Candle%20{OWN.partition("://")[2]}:olga?secret=' in page.text
    )  # on the phone itself


def test_once_a_phone_is_set_up_its_code_is_asked_for(client, app, database, enrolled, moments, password):
    secret, _ = enrolled
    now = moments.now.timestamp()
    first = codes.code_at(secret, int(now) // 30)  # with which it was set up; neither place takes it again
    assert not database.write(lambda c: staff.use_code(c, "olga", [APPROVAL_KEY], first, now))
    assert app.extensions["candle.guesses"].was_used("olga", first)
    assert log_in(client, "olga", password).location == "/staff/code"
    assert get(client, "mikita/").location == "/staff/login?next=/staff/mikita/"
    assert get(client, "enrol").location == "/staff/login"
    code = code_of(secret, moments)
    assert give(client, "code", f" {code[:3]} {code[3:]} ").location == "/staff/"
    assert get(client, "mikita/").status_code == 200


@pytest.mark.parametrize("between", ["", " ", " – "])
def test_a_recovery_code_is_good_however_its_halves_are_parted(client, enrolled, password, between):
    code = enrolled[1][0].replace("-", between)
    log_in(client, "olga", password)
    assert give(client, "code", code).location == "/staff/"
    assert "That recovery code is used up." in get(client, "account").text
    log_in(client, "olga", password)
    assert "If it is a recovery code, check each letter." in give(client, "code", code).text


def test_guessing_codes_stops_that_member_and_nobody_else(client, app, database, enrolled, moments, password):
    secret, _ = enrolled
    log_in(client, "olga", password)
    answers = [give(client, "code", "000000").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert give(client, "code", code_of(secret, moments)).status_code == 429
    other = browser(app)
    assert log_in(
        other, "ivan", database.write(lambda c: staff.add(c, "ivan", [APPROVAL_KEY], TODAY))
    ).location


def test_the_code_comes_soon_after_the_password(client, enrolled, moments, password):
    secret, _ = enrolled
    log_in(client, "olga", password)
    moments.now += timedelta(seconds=second_factor.WHILE)
    assert get(client, "code").location == "/staff/login"
    assert give_directly(client, code_of(secret, moments)).location != "/staff/"


def give_directly(client, code: str):
    fields = {"csrf_token": csrf_in(get(client, "login")), "code": code}
    return client.post("/staff/code", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})


def change_password(connection, name: str, keys: list[str]) -> None:
    staff.change_password(connection, staff.get(connection, name, keys), "scrypt:another", keys)


@pytest.mark.parametrize("change", [staff.reset, change_password])
def test_a_reset_between_password_and_code_ends_the_login(
    client, database, enrolled, moments, password, change
):
    secret, _ = enrolled
    log_in(client, "olga", password)
    database.write(lambda c: change(c, "olga", [APPROVAL_KEY]))
    assert give_directly(client, code_of(secret, moments)).location == "/staff/login"


def test_a_wrong_code_sets_up_no_phone(client, database, password):
    log_in(client, "olga", password)
    assert give(client, "enrol", "000000").status_code == 422
    with database.read() as connection:
        assert not staff.get(connection, "olga", [APPROVAL_KEY]).has_factor


def test_the_phone_and_each_wrong_code_are_in_the_log(client, enrolled, database, password):
    log_in(client, "olga", password)
    give(client, "code", "000000")
    with database.read() as connection:
        done = [(row.entry.who, row.entry.what) for row in staff_log.read_rows(connection)]
    expected = ["enrolled a phone", "signed in", "signed out", "gave a wrong code"]
    assert done == [("olga", what) for what in expected]
