"""Staff: who may review, and passwords that are shown once."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from campaign import staff as module
from campaign.database import Database
from campaign.staff import Member, StaffError, add, disable, get, listing, reset, verify
from campaign.tables import staff

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take less time for a password than a guesser should be given."""
    monkeypatch.setattr(module, "METHOD", "scrypt:128:8:1")
    module._nobodys_hash.cache_clear()


def enter(database: Database, name: str, password: str) -> Member | None:
    with database.read() as connection:
        return verify(connection, name, password)


def test_a_new_member_gets_in_with_the_password_shown_once(any_database: Database) -> None:
    password = any_database.write(lambda c: add(c, "olga", TODAY))
    assert re.fullmatch(r"([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}", password)
    assert enter(any_database, "olga", password) == Member("olga", False, 1, TODAY)
    with any_database.read() as connection:
        (kept,) = connection.scalars(select(staff.c.password_hash))
    assert password not in kept
    assert kept.startswith("scrypt:")


def test_passwords_are_not_alike(database: Database) -> None:
    passwords = {database.write(lambda c, n=n: add(c, f"member{n}", TODAY)) for n in range(5)}
    assert len(passwords) == 5


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("olga", ""),
        ("olga", "wrong"),
        ("nobody", "wrong"),
        ("a\x00b", "wrong"),
        ("", ""),
        ("OLGA", "wrong"),
        ("olga", "\x00"),
        ("é" * 999, "x"),
    ],
)
def test_anything_else_does_not_get_in(any_database: Database, name: str, password: str) -> None:
    any_database.write(lambda c: add(c, "olga", TODAY))
    assert enter(any_database, name, password) is None


def test_an_unknown_name_costs_a_hash_as_well(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = module.check_password_hash
    monkeypatch.setattr(module, "check_password_hash", lambda h, p: checked.append(h) or real(h, p))
    enter(database, "nobody", "x")
    assert checked == [module._nobodys_hash()]


def test_a_reset_ends_the_old_password_and_the_old_sessions(any_database: Database) -> None:
    old = any_database.write(lambda c: add(c, "olga", TODAY))
    new = any_database.write(lambda c: reset(c, "olga"))
    assert enter(any_database, "olga", old) is None
    member = enter(any_database, "olga", new)
    assert member is not None
    assert member.session_version == 2


def test_a_disabled_member_stays_out_until_reset(any_database: Database) -> None:
    password = any_database.write(lambda c: add(c, "olga", TODAY))
    any_database.write(lambda c: disable(c, "olga"))
    assert enter(any_database, "olga", password) is None
    with any_database.read() as connection:
        assert get(connection, "olga") == Member("olga", True, 2, TODAY)
    new = any_database.write(lambda c: reset(c, "olga"))
    assert enter(any_database, "olga", new) is not None


def test_a_name_is_taken_once(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", TODAY))
    with pytest.raises(StaffError, match="olga: is there already"):
        any_database.write(lambda c: add(c, "olga", TODAY))


@pytest.mark.parametrize("name", ["", "Olga", "olga k", "-olga", "o" * 65, "ольга", "a/b", "<b>"])
def test_an_unusable_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(StaffError, match="small letters"):
        database.write(lambda c: add(c, name, TODAY))


@pytest.mark.parametrize("step", [reset, disable])
def test_nobody_cannot_be_changed(any_database: Database, step) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StaffError, match="nobody of that name"):
        any_database.write(lambda c: step(c, "olga"))


def test_members_are_listed_by_name(database: Database) -> None:
    for name in ("olga", "anna"):
        database.write(lambda c, n=name: add(c, n, TODAY))
    with database.read() as connection:
        assert [member.name for member in listing(connection)] == ["anna", "olga"]


def test_a_password_costs_a_guesser_time() -> None:
    assert module.GROUPS * module.GROUP * 4.9 > 96  # bits, at 31 letters
