"""One's own login at the desk: another password, with nothing left that the old one opened."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from campaign.accounts import passwords, staff
from campaign.keeping import erasures_file
from receiver.staff import login
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import browser, log_in
from tests.receiver.desk import Desk
from tests.support.table import table

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design

CHOSEN = "čтыры словы пра марскі бераг"
ACCOUNT = "/staff/account"


@pytest.fixture
def given(database) -> str:
    return database.write(lambda c: staff.add(c, "ivan", [APPROVAL_KEY], TODAY, "reviewer"))


@pytest.fixture
def ivan(app, given) -> Desk:
    client = browser(app)
    log_in(client, "ivan", given)
    return Desk(client)


def change(desk: Desk, current: str, new: str, again: str | None = None):
    fields = {"current": current, "new": new, "again": new if again is None else again}
    return desk.press(desk.get(ACCOUNT), "account/password", **fields)


def enters(app, password: str) -> bool:
    return log_in(app.test_client(), "ivan", password).status_code == 303


def test_a_changed_password_opens_and_the_old_one_does_not(app, ivan, given):
    page = ivan.follow(change(ivan, given, CHOSEN))
    assert "Your password is changed" in page.text
    assert enters(app, CHOSEN)
    assert not enters(app, given)


def test_it_opens_however_the_keyboard_composes_its_letters(app, ivan, given):
    change(ivan, given, unicodedata.normalize("NFD", CHOSEN))
    assert enters(app, unicodedata.normalize("NFC", CHOSEN))


def test_a_change_ends_the_other_sessions_and_goes_on_here(app, ivan, given):
    elsewhere, thief = Desk(app.test_client()), Desk(app.test_client())
    log_in(elsewhere.client, "ivan", given)
    cookie = ivan.client.get_cookie("__Host-candle", domain="post.candle.example.org").value
    thief.client.set_cookie("__Host-candle", cookie, domain="post.candle.example.org")
    assert thief.get().status_code == 200
    change(ivan, given, CHOSEN)
    assert [one.get().status_code for one in (ivan, elsewhere, thief)] == [200, 303, 303]


def test_a_reviewer_stays_one_and_no_column_of_the_row_is_left_unsigned(app, database, ivan, given):
    change(ivan, given, CHOSEN)
    with database.read() as connection:
        member = staff.get(connection, "ivan", [APPROVAL_KEY])
    assert member == staff.Member("ivan", False, 2, TODAY, signed=True, role="reviewer")


@table(
    ("new", "again", "told"),
    [
        ("", "", "Write a new one."),
        ("short words", None, "It has 11 characters: take 15 or more"),
        ("ababababababababab", None, "too few different characters"),
        (CHOSEN, CHOSEN + "!", "This is not the same as above."),
        ("x" * 257, None, "cannot be longer than 256"),
    ],
)
def test_a_password_that_will_not_do_is_told_and_nothing_changes(app, ivan, given, new, again, told):
    answer = change(ivan, given, new, again)
    assert answer.status_code == 422
    assert told in answer.text
    assert enters(app, given)


def test_the_one_until_now_is_no_new_one(ivan, given):
    assert "the one that you have now" in change(ivan, given, given).text


def test_who_sits_down_at_an_open_desk_cannot_change_it(app, ivan, given):
    answer = change(ivan, "some guess or other", CHOSEN)
    assert answer.status_code == 422
    assert not enters(app, CHOSEN)
    assert enters(app, given)


def test_guesses_from_an_open_desk_are_slowed_down(make_app, unlimited, given, monkeypatch):
    moment = login.now()
    monkeypatch.setattr(login, "now", lambda: moment)
    desk = Desk(make_app(replace(unlimited, ratelimit_enabled=True)).test_client())
    log_in(desk.client, "ivan", given)
    answers = [change(desk, "some guess or other", CHOSEN) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert "Too many wrong passwords" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_what_strangers_guess_keeps_nobody_from_a_new_password(app, ivan, given, monkeypatch):
    moment = login.now()
    monkeypatch.setattr(login, "now", lambda: moment)
    assert [enters(app, "some guess or other") for _ in range(6)] == [False] * 6
    assert change(ivan, given, CHOSEN).status_code == 303


@pytest.mark.parametrize("meanwhile", [staff.reset, staff.disable])
def test_what_the_operator_did_meanwhile_is_not_undone(app, ivan, given, database, monkeypatch, meanwhile):
    hashed = passwords.hashed

    def slow(password: str) -> str:
        if password == CHOSEN:
            database.write(lambda c: meanwhile(c, "ivan", [APPROVAL_KEY]))
        return hashed(password)

    page = ivan.get(ACCOUNT)
    monkeypatch.setattr(passwords, "hashed", slow)
    answer = ivan.press(page, "account/password", current=given, new=CHOSEN, again=CHOSEN)
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    assert not enters(app, CHOSEN)


def test_a_restored_backup_does_not_bring_the_old_password_back(app, ivan, given):
    change(ivan, given, CHOSEN)
    listed = list(erasures_file.read(app.extensions["candle"].settings.erasures_file))
    assert listed == [erasures_file.Erasure(TODAY, "staff", "ivan", "-", "2")]
