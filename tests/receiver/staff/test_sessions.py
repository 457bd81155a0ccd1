"""Sessions at the desk: a copied cookie is good for no longer than the one it was copied from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select, update

from campaign.accounts import sessions, staff
from campaign.storage.database import NotStored
from campaign.storage.tables import sessions as table
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, browser, csrf_in, log_in
from tests.receiver.desk import Desk

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design


@pytest.fixture
def desk(moments, reviewer) -> Desk:
    return Desk(reviewer)


def cookie_of(desk: Desk) -> str:
    return str(desk.client.get_cookie("__Host-candle", domain="post.candle.example.org").value)


def copied(app, desk: Desk) -> Desk:
    """A thief's browser with a copy of the cookie."""
    thief = app.test_client()
    thief.set_cookie("__Host-candle", cookie_of(desk), domain="post.candle.example.org")
    return Desk(thief)


def test_logging_out_ends_every_copy_of_the_session(app, desk):
    thief = copied(app, desk)
    assert thief.get().status_code == 200
    desk.press(desk.get(), "logout")
    assert thief.get().status_code == 303
    assert desk.get().status_code == 303


def test_logging_out_ends_no_other_session_of_the_member(app, desk, database):
    password = database.write(lambda c: staff.reset(c, "olga", [APPROVAL_KEY]))
    at_home, at_work = Desk(app.test_client()), Desk(app.test_client())
    for place in (at_home, at_work):
        log_in(place.client, "olga", password)
    at_work.press(at_work.get(), "logout")
    assert at_home.get().status_code == 200


def test_the_secret_key_alone_makes_none(app, desk, settings, database, moments):
    """The public half has it, and writes to the table of sessions."""
    identifier = database.write(lambda c: sessions.begin(c, "olga", moments.now))
    with database.read() as connection:
        version = staff.get(connection, "olga", [APPROVAL_KEY]).session_version
    held = {
        "member": "olga",
        "version": version,
        "session": identifier,
        "begun": int(moments.now.timestamp()),
    }
    answers = []
    for key in (settings.secret_key, "", app.config["SECRET_KEY"]):
        other = Flask("another")
        other.config["SECRET_KEY"] = key or " "
        made = SecureCookieSessionInterface().get_signing_serializer(other).dumps(held)
        forger = app.test_client()
        forger.set_cookie("__Host-candle", made, domain="post.candle.example.org")
        answers.append(Desk(forger).get().status_code)
    assert answers == [303, 303, 200]  # so that it is known to be made as they are


def test_a_busy_session_ends_with_the_shift(app, desk, moments):
    thief = copied(app, desk)
    statuses = []
    for _ in range(37):
        moments.now += timedelta(minutes=20)
        statuses.append((desk.get().status_code, thief.get().status_code))
    assert statuses == [(200, 200)] * 35 + [(303, 303)] * 2


def test_an_idle_session_ends_after_half_an_hour(desk, moments):
    moments.now += timedelta(minutes=29)
    assert desk.get().status_code == 200
    moments.now += timedelta(minutes=30)
    assert desk.get().status_code == 303


def test_logging_out_everywhere_ends_the_sessions_on_other_machines(app, desk, database):
    other = browser(app)
    password = database.write(lambda c: staff.reset(c, "olga", [APPROVAL_KEY]))
    for client in (desk.client, other):
        log_in(client, "olga", password)
    assert (desk.get().status_code, Desk(other).get().status_code) == (200, 200)
    answer = desk.press(desk.get("/staff/account"), "logout-everywhere")
    assert "You are logged out everywhere." in desk.follow(answer).text
    assert (desk.get().status_code, Desk(other).get().status_code) == (303, 303)


def test_who_writes_to_the_database_makes_no_session_longer(app, desk, moments, database):
    moments.now += timedelta(hours=13)
    database.write(lambda c: c.execute(update(table).values(begun_at=moments.now, seen_at=moments.now)))
    assert desk.get().status_code == 303


def test_a_row_without_its_cookie_is_no_session(app, desk, database, moments):
    """Neither a row that somebody planted, nor what somebody read, makes a cookie."""
    with database.read() as connection:
        (digest,) = connection.scalars(select(table.c.digest))
    serializer = app.session_interface.get_signing_serializer(app)
    begun = int(moments.now.timestamp())
    for identifier in (digest, ""):
        forged = {"member": "olga", "version": 1, "session": identifier, "begun": begun}
        thief = app.test_client()
        thief.set_cookie("__Host-candle", serializer.dumps(forged), domain="post.candle.example.org")
        assert Desk(thief).get().status_code == 303


@pytest.mark.parametrize("left_out", ["member", "version", "session", "begun"])
def test_a_cookie_that_lacks_anything_is_none(app, desk, left_out):
    serializer = app.session_interface.get_signing_serializer(app)
    values = serializer.loads(cookie_of(desk))
    del values[left_out]
    thief = app.test_client()
    thief.set_cookie("__Host-candle", serializer.dumps(values), domain="post.candle.example.org")
    assert Desk(thief).get().status_code == 303


def test_logging_in_again_ends_the_session_that_was_there(app, desk, database, moments):
    thief = copied(app, desk)
    database.write(lambda c: sessions.begin(c, "ivan", moments.now - timedelta(hours=13)))
    other = database.write(lambda c: staff.add(c, "petr", [APPROVAL_KEY], TODAY))
    fields = {"csrf_token": csrf_in(desk.get("/staff/account")), "name": "petr", "password": other}
    desk.client.post("/staff/login", base_url=OWN, data=fields, headers={"Referer": f"{OWN}/"})
    assert thief.get().status_code == 303
    assert desk.get().status_code == 200
    with database.read() as connection:
        assert connection.scalars(select(table.c.member)).all() == ["petr"]  # nor is a row left that is over


def test_one_member_s_session_is_not_another_s(app, desk, database):
    database.write(lambda c: staff.add(c, "petr", [APPROVAL_KEY], TODAY))
    database.write(lambda c: c.execute(update(table).values(member="petr")))
    assert desk.get().status_code == 303


def test_a_change_of_the_member_s_row_ends_the_session(desk, database):
    database.write(lambda c: c.execute(update(staff.staff).values(password_hash="scrypt:forged")))
    assert desk.get().status_code == 303


def test_while_nothing_can_be_written_the_desk_can_still_be_read(app, desk, moments, monkeypatch):
    moments.now += timedelta(minutes=10)

    def full(*_args, **_kwargs):
        raise NotStored("the disk is full")

    monkeypatch.setattr(app.extensions["candle"].database, "write_together", full)
    assert desk.get().status_code == 200


def test_the_cookie_is_not_sent_anew_with_each_page(desk):
    desk.get()
    assert "Set-Cookie" not in desk.get().headers


def test_its_use_is_written_down_once_a_minute(desk, moments, monkeypatch):
    written = []
    monkeypatch.setattr(sessions, "record_use", lambda _, _identifier, moment: written.append(moment))
    for seconds in (0, 59, 1):
        moments.advance(seconds=seconds)
        desk.get()
    assert written == [moments.now]


def test_rows_of_sessions_that_are_over_are_dropped(any_database):
    start = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    any_database.write(lambda c: sessions.begin(c, "olga", start))
    kept = any_database.write(lambda c: sessions.begin(c, "petr", start + timedelta(minutes=20)))
    any_database.write(lambda c: sessions.delete_ended(c, start + timedelta(minutes=40)))
    with any_database.read() as connection:
        assert connection.scalars(select(table.c.member)).all() == ["petr"]
        assert sessions.last_seen(connection, kept, "petr", start + timedelta(minutes=45)) is not None
        assert sessions.last_seen(connection, kept, "olga", start + timedelta(minutes=45)) is None
    any_database.write(lambda c: sessions.end_all(c, "petr"))
    with any_database.read() as connection:
        assert connection.execute(select(table)).all() == []
