"""Guessing passwords and codes: it slows down whom it is tried for, and holds no known browser up."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from campaign.accounts import known_devices, login_attempts, second_factor, staff
from campaign.storage import tables
from receiver.http import costly_work
from receiver.staff import login
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, browser, csrf_in, log_in
from tests.receiver.desk import Desk
from tests.receiver.staff.conftest import Moments

pytestmark = pytest.mark.slow  # most guess until they are told to wait

COOKIE = "__Host-candle-device"
HOST = "post.candle.example.org"
SECRET = b"12345678901234567890"


@pytest.fixture
def app(make_app, unlimited, moments):
    return make_app(unlimited)


@pytest.fixture
def known(app, password):
    """A browser in which olga has logged in, and out again."""
    client = browser(app)
    log_in(client, "olga", password)
    Desk(client).press(Desk(client).get(), "logout")
    return client


def guess(app, times: int, name: str = "olga", client=None) -> list[int]:
    client = client or browser(app)
    return [log_in(client, name, f"guess {n}").status_code for n in range(times)]


def cookie_of(client) -> str:
    return str(client.get_cookie(COOKIE, domain=HOST).value)


def with_cookie(app, value: str):
    client = browser(app)
    client.set_cookie(COOKIE, value, domain=HOST)
    return client


# Strangers.


def test_guesses_slow_an_account_down_and_do_not_lock_it(app, password, moments):
    assert guess(app, 6) == [422] * 5 + [429]
    answer = log_in(browser(app), "olga", password)
    assert answer.status_code == 429
    assert "Too many wrong passwords were tried. Please wait 1 second." in answer.text
    assert answer.headers["Retry-After"] == "1"
    moments.advance(seconds=1)
    assert log_in(browser(app), "olga", password).location == "/staff/"
    assert guess(app, 2) == [422] * 2  # who came in begins anew


def test_each_more_waits_longer_and_none_longer_than_a_minute(app, moments):
    guess(app, 5)
    for wait in (1, 2, 4, 8, 16, 32, 60, 60):
        moments.advance(seconds=wait - 0.5)
        assert guess(app, 1) == [429]
        moments.advance(seconds=0.5)
        assert guess(app, 1) == [422]
    moments.advance(hours=1)
    assert guess(app, 6) == [422] * 5 + [429]


def test_a_name_that_nobody_has_is_slowed_down_alike(app, password):
    assert guess(app, 6, "nobody") == guess(app, 6, "olga")


def test_nobody_else_is_slowed_down(app, password):
    guess(app, 6, "ivan")
    assert log_in(browser(app), "olga", password).location == "/staff/"


def test_a_restart_forgets_no_guess(app, make_app, unlimited, password):
    guess(app, 5)
    assert guess(make_app(unlimited), 1) == [429]


def test_who_writes_to_the_database_has_no_guess_forgotten(app, database, password):
    guess(app, 5)
    for change in (update(tables.guesses).values(tried=0), delete(tables.guesses)):
        assert database.write(lambda c, change=change: c.execute(change).rowcount) == 1
        assert guess(app, 1) == [429]


def test_what_was_typed_is_kept_nowhere(app, database):
    for name in ("olga", "passphrase typed as a name"):
        guess(app, 1, name)
    with database.read() as connection:
        kept = connection.scalars(select(tables.guesses.c.who)).all()
    assert all(re.fullmatch("password [0-9a-f]{3}", who) for who in kept)


def test_however_many_names_are_tried_little_is_kept(app):
    tried = app.extensions["candle.guesses"]
    assert len({tried.bucket(f"name{n}") for n in range(50_000)}) == 4096


# Known browsers.


def test_what_strangers_guess_holds_up_no_known_browser(app, known, password):
    assert guess(app, 6)[-1] == 429
    assert log_in(known, "olga", password).location == "/staff/"


def test_nor_does_the_limit_of_the_network_that_they_share(make_app, settings, moments, password):
    app = make_app(settings)
    known = browser(app)
    log_in(known, "olga", password)
    assert guess(app, 11, "nobody")[-1] == 429  # from the same address
    assert "from your network" in log_in(browser(app), "olga", password).text
    assert log_in(known, "olga", password).location == "/staff/"


def test_a_stranger_who_finds_all_turns_taken_is_told_why_and_waits_no_minute(app, password, monkeypatch):
    monkeypatch.setattr(costly_work, "PATIENCE", 0.01)
    at_once = login._strangers._part(workers=1)
    for _ in range(4):
        at_once.acquire()
    answer = log_in(browser(app), "olga", password)
    at_once.release(4)
    assert "Too many wrong passwords were tried. Please wait 1 second." in answer.text


def test_nor_do_all_the_turns_that_strangers_take(app, known, password, monkeypatch):
    """Whoever has many networks fills the turns at guessing; a known browser has turns of its own."""
    busy, go_on, verify = threading.Semaphore(0), threading.Event(), staff.verify

    def slow(connection, name, typed, keys):
        if typed == "guess":
            busy.release()
            assert go_on.wait(20)
        return verify(connection, name, typed, keys)

    monkeypatch.setattr(staff, "verify", slow)
    with ThreadPoolExecutor(12) as pool:
        for n in range(12):
            pool.submit(log_in, browser(app), f"olga{n}", "guess")
        for _ in range(4):
            assert busy.acquire(timeout=20)
        answer = log_in(known, "olga", password)
        go_on.set()
    assert answer.location == "/staff/"


def test_it_is_no_login(app, known):
    assert Desk(known).get().location == "/staff/login?next=/staff/mikita/"


def test_its_own_guesses_hold_it_up(app, known, password):
    """Somebody copied its cookie, or sits at it."""
    thief = with_cookie(app, cookie_of(known))
    assert guess(app, 6, client=thief) == [422] * 5 + [429]
    assert log_in(known, "olga", password).status_code == 429
    assert log_in(browser(app), "olga", password).location == "/staff/"


def test_the_cookie_of_one_member_spares_no_other(app, known, database):
    database.write(lambda c: staff.add(c, "ivan", [APPROVAL_KEY], TODAY))
    guess(app, 5, "ivan")
    assert guess(app, 1, "ivan", known) == [429]


@pytest.mark.parametrize("made", ["", "x", "é", "a" * 3000, "{id}.{made}.00000000." + "0" * 64])
def test_a_cookie_that_nobody_here_made_spares_nobody(app, known, made):
    identifier, moment, *_ = cookie_of(known).split(".")
    guess(app, 5)
    forged = with_cookie(app, made.format(id=identifier, made=moment))
    assert guess(app, 1, client=forged) == [429]


def test_the_secret_key_alone_makes_none(app, unlimited, database, password, moments):
    """The public half holds that key, and not the one of approvals."""
    with database.read() as connection:
        olga = staff.get(connection, "olga", [APPROVAL_KEY])
    guess(app, 5)
    forged = with_cookie(app, known_devices.new(unlimited.secret_key, olga, moments.now))
    assert guess(app, 1, client=forged) == [429]


@pytest.mark.parametrize("change", [staff.reset, staff.disable])
def test_a_reset_or_a_disabled_member_s_browsers_are_strangers(app, known, database, change):
    database.write(lambda c: change(c, "olga", [APPROVAL_KEY]))
    guess(app, 5)
    assert guess(app, 1, client=known) == [429]


def test_logging_out_everywhere_makes_every_browser_a_stranger(app, known, password):
    here = Desk(browser(app))
    log_in(here.client, "olga", password)
    here.press(here.get("/staff/account"), "logout-everywhere")
    guess(app, 5)
    for client in (known, here.client):
        assert guess(app, 1, client=client) == [429]


def test_nobody_takes_that_back_in_the_database(app, known, database, password):
    here = Desk(browser(app))
    log_in(here.client, "olga", password)
    here.press(here.get("/staff/account"), "logout-everywhere")
    database.write(lambda c: c.execute(update(tables.staff).values(devices=0)) and None)
    guess(app, 5)
    assert guess(app, 1, client=known) == [429]


def test_a_browser_is_known_for_half_a_year(app, known, password, moments):
    moments.advance(days=179)
    guess(app, 5)
    assert guess(app, 1, client=known) == [422]
    moments.advance(days=1)
    guess(app, 5)
    assert guess(app, 1, client=known) == [429]


# Codes.


@pytest.fixture
def with_phone(make_app, unlimited, moments, database, password):
    """A desk that asks for codes, and olga's phone."""
    factor, _ = second_factor.enrol([APPROVAL_KEY], "olga", SECRET)
    database.write(lambda c: staff.enrol(c, "olga", [APPROVAL_KEY], factor))
    return make_app(replace(unlimited, second_factor="on"))


def give(client, code: str):
    fields = {"csrf_token": csrf_in(client.get("/staff/code", base_url=OWN)), "code": code}
    return client.post("/staff/code", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})


def code_of(moments: Moments) -> str:
    moments.advance(seconds=30)
    return second_factor.code_at(SECRET, int(moments.now.timestamp()) // 30)


def test_who_has_the_password_alone_does_not_lock_the_known_browser_out(with_phone, moments, password):
    known, thief = browser(with_phone), browser(with_phone)
    log_in(known, "olga", password)
    assert give(known, code_of(moments)).location == "/staff/"
    log_in(thief, "olga", password)
    assert [give(thief, "000000").status_code for _ in range(11)] == [422] * 10 + [429]
    log_in(known, "olga", password)
    assert give(known, code_of(moments)).location == "/staff/"
    assert give(thief, "000000").status_code == 429


def test_a_restart_forgets_no_wrong_code(with_phone, make_app, unlimited, password):
    thief = browser(with_phone)
    log_in(thief, "olga", password)
    for _ in range(10):
        give(thief, "000000")
    again = browser(make_app(replace(unlimited, second_factor="on")))
    log_in(again, "olga", password)
    answer = give(again, "000000")
    assert answer.status_code == 429
    assert "Try again in 60 minutes" in answer.text
    assert answer.headers["Retry-After"] == "3600"


def test_a_used_code_is_none_even_where_somebody_put_the_older_row_back(
    with_phone, database, moments, password
):
    with database.read() as connection:
        older = dict(connection.execute(select(tables.staff)).one()._mapping)
    code = code_of(moments)
    owner, thief = browser(with_phone), browser(with_phone)
    for client, status in ((owner, 303), (thief, 422)):
        log_in(client, "olga", password)
        assert give(client, code).status_code == status
        database.write(lambda c: c.execute(update(tables.staff).values(older)) and None)


def test_a_password_alone_makes_no_browser_known(with_phone, password):
    client = browser(with_phone)
    log_in(client, "olga", password)
    assert client.get_cookie(COOKIE, domain=HOST) is None


def test_what_is_old_is_forgotten(app, database, moments):
    guess(app, 1, "olga")
    moments.advance(hours=1)
    guess(app, 1, "ivan")
    with database.read() as connection:
        assert len(connection.scalars(select(tables.guesses.c.who)).all()) == 1
        assert login_attempts.read(connection, "nobody") is None
