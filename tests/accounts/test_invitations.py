"""Invitations: good once, for a day, for one member, and made by nobody who lacks the approval key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from campaign.accounts import invitations, passwords, staff
from campaign.accounts.staff import Member, StaffError
from campaign.storage import tables
from campaign.storage.database import Database

KEYS = ("a key for these tests, long enough to sign", "an older one, long enough too")
NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
LAST = NOW + timedelta(days=1) - timedelta(seconds=1)
CHOSEN = "four words by the sea"


@pytest.fixture
def token(any_database: Database) -> str:
    return any_database.write(lambda c: staff.invite(c, "olga", KEYS, NOW, "reviewer"))


def accept(database: Database, token: str, moment: datetime = NOW, name: str = "olga") -> Member:
    kept = passwords.hashed(CHOSEN)
    return database.write(lambda c: staff.accept(c, name, token, KEYS, kept, moment))


def opened(database: Database, token: str, moment: datetime = NOW, name: str = "olga") -> bool:
    with database.read() as connection:
        return staff.invited(connection, name, token, KEYS, moment) is not None


def enters(database: Database, password: str = CHOSEN) -> bool:
    with database.read() as connection:
        return staff.verify(connection, "olga", password, KEYS) is not None


def change(database: Database, **values: Any) -> None:
    database.write(lambda c: c.execute(update(tables.staff).values(values)) and None)


def row(database: Database) -> dict[str, Any]:
    with database.read() as connection:
        return dict(connection.execute(select(tables.staff)).one()._mapping)


def test_who_accepts_comes_in_with_the_password_that_they_chose(any_database: Database, token: str) -> None:
    member = accept(any_database, token, LAST)
    assert (member.name, member.role, member.may_enter) == ("olga", "reviewer", True)
    with any_database.read() as connection:
        assert staff.get(connection, "olga", KEYS) == member
    assert enters(any_database)


@pytest.mark.parametrize("password", ["", CHOSEN, "nobody has this password"])
def test_until_then_nobody_comes_in(any_database: Database, token: str, password: str) -> None:
    assert not enters(any_database, password)
    assert not enters(any_database, token)
    with any_database.read() as connection:
        member = staff.get(connection, "olga", KEYS)
    assert member is not None
    assert not member.may_enter


def test_it_is_good_once(any_database: Database, token: str) -> None:
    accept(any_database, token)
    assert not opened(any_database, token)
    with pytest.raises(StaffError, match="not good any more"):
        accept(any_database, token)


def test_it_is_good_for_a_day(any_database: Database, token: str) -> None:
    over = NOW + timedelta(days=1)
    assert opened(any_database, token, LAST)
    assert not opened(any_database, token, over)
    with pytest.raises(StaffError, match="not good any more"):
        accept(any_database, token, over)
    assert not enters(any_database)


@pytest.mark.parametrize("tried", ["", "x", "\x00", "é" * 99])
def test_another_token_opens_nothing(any_database: Database, token: str, tried: str) -> None:
    assert not opened(any_database, tried)
    assert not opened(any_database, token, name="nobody")
    assert not opened(any_database, token, name="a/b\x00")


def test_one_member_s_invitation_is_not_another_s(any_database: Database, token: str) -> None:
    any_database.write(lambda c: staff.invite(c, "ivan", KEYS, NOW))
    assert not opened(any_database, token, name="ivan")


def test_a_newer_one_takes_its_place(any_database: Database, token: str) -> None:
    newer = any_database.write(lambda c: staff.invite_again(c, "olga", KEYS, NOW))
    assert not opened(any_database, token)
    assert opened(any_database, newer)


def test_being_invited_again_ends_password_and_phone_at_once(any_database: Database, token: str) -> None:
    accept(any_database, token)
    newer = any_database.write(lambda c: staff.invite_again(c, "olga", KEYS, NOW))
    assert not enters(any_database)
    member = accept(any_database, newer)
    assert (member.session_version, member.has_factor) == (4, False)


def test_who_is_kept_out_meanwhile_stays_out(any_database: Database, token: str) -> None:
    any_database.write(lambda c: staff.disable(c, "olga", KEYS))
    with pytest.raises(StaffError):
        accept(any_database, token)


def test_another_role_meanwhile_is_the_one_that_counts(any_database: Database, token: str) -> None:
    any_database.write(lambda c: staff.give_role(c, "olga", KEYS, "coordinator"))
    assert accept(any_database, token).coordinates


# Somebody who can write to the database, and has no approval key.


def test_the_database_does_not_tell_the_token(any_database: Database, token: str) -> None:
    assert token not in str(row(any_database))


def test_nobody_makes_an_invitation_in_the_database(any_database: Database) -> None:
    any_database.write(lambda c: staff.add(c, "olga", KEYS, NOW.date()))
    forged, token = invitations.new("a key that the forger made, long enough", "olga", NOW)
    change(any_database, invitation=forged.text)
    assert not opened(any_database, token)
    with pytest.raises(StaffError):
        accept(any_database, token)


def test_nobody_extends_one_in_the_database(any_database: Database, token: str) -> None:
    until, _, digest = row(any_database)["invitation"].partition(" ")
    change(any_database, invitation=f"{int(until) + 999_999} {digest}")
    assert not opened(any_database, token)
    assert not opened(any_database, token, LAST + timedelta(days=2))


def test_nobody_gives_their_invitation_to_another_member(any_database: Database, token: str) -> None:
    given = row(any_database)["invitation"]
    any_database.write(lambda c: staff.add(c, "ivan", KEYS, NOW.date()))
    change(any_database, invitation=given)
    assert not opened(any_database, token, name="ivan")
    assert opened(any_database, token)


def test_nobody_plants_an_invited_member(any_database: Database, token: str) -> None:
    planted = row(any_database) | {"name": "eve", "role": "coordinator"}
    any_database.write(lambda c: c.execute(insert(tables.staff).values(planted)) and None)
    assert not opened(any_database, token, name="eve")


@pytest.mark.parametrize("text", ["", "x", "soon 0", "9" * 40 + " 0", "１２３ 0", "-5 0"])
def test_what_nobody_here_wrote_is_no_invitation(any_database: Database, token: str, text: str) -> None:
    change(any_database, invitation=text)
    assert not opened(any_database, token)
    assert not enters(any_database)
