"""Staff: who may review, and passwords that are shown once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from werkzeug.security import generate_password_hash

from campaign.accounts import passwords as module
from campaign.accounts.staff import (
    Member,
    StaffError,
    add,
    disable,
    get,
    give_role,
    list_members,
    renew_signature,
    reset,
    verify,
)
from campaign.accounts.staff_rows import ROLELESS, WITHOUT_INVITATION
from campaign.keys import signing
from campaign.storage.database import Database
from campaign.storage.tables import staff
from tests.support.once import COST

TODAY = date(2026, 11, 22)
KEYS = ["a key for these tests, long enough to sign", "an older one, long enough too"]


def enter(database: Database, name: str, password: str) -> Member | None:
    with database.read() as connection:
        return verify(connection, name, password, KEYS)


def test_a_new_member_gets_in_with_the_password_shown_once(any_database: Database) -> None:
    password = any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    assert re.fullmatch(r"([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}", password)
    assert enter(any_database, "olga", password) == Member("olga", False, 1, TODAY)
    with any_database.read() as connection:
        (kept,) = connection.scalars(select(staff.c.password_hash))
    assert password not in kept
    assert kept.startswith("scrypt:")


def test_passwords_are_not_alike(database: Database) -> None:
    passwords = {database.write(lambda c, n=n: add(c, f"member{n}", KEYS, TODAY)) for n in range(5)}
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
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    assert enter(any_database, name, password) is None


def test_an_unknown_name_costs_a_hash_as_well(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = module.check_password_hash
    monkeypatch.setattr(module, "check_password_hash", lambda h, p: checked.append(h) or real(h, p))
    enter(database, "nobody", "x")
    assert checked == [module._nobodys_hash()]


def test_a_reset_ends_the_old_password_and_the_old_sessions(any_database: Database) -> None:
    old = any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    new = any_database.write(lambda c: reset(c, "olga", KEYS))
    assert enter(any_database, "olga", old) is None
    member = enter(any_database, "olga", new)
    assert member is not None
    assert member.session_version == 2


def test_a_disabled_member_stays_out_until_reset(any_database: Database) -> None:
    password = any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    any_database.write(lambda c: disable(c, "olga", KEYS))
    assert enter(any_database, "olga", password) is None
    with any_database.read() as connection:
        assert get(connection, "olga", KEYS) == Member("olga", True, 2, TODAY)
    new = any_database.write(lambda c: reset(c, "olga", KEYS))
    assert enter(any_database, "olga", new) is not None


def test_a_name_is_taken_once(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    with pytest.raises(StaffError, match="olga: is there already"):
        any_database.write(lambda c: add(c, "olga", KEYS, TODAY))


@pytest.mark.parametrize("name", ["", "Olga", "olga k", "-olga", "o" * 65, "ольга", "a/b", "<b>"])
def test_an_unusable_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(StaffError, match="small letters"):
        database.write(lambda c: add(c, name, KEYS, TODAY))


@pytest.mark.parametrize("step", [reset, disable])
def test_nobody_cannot_be_changed(any_database: Database, step) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StaffError, match="nobody of that name"):
        any_database.write(lambda c: step(c, "olga", KEYS))


def test_members_are_listed_by_name(database: Database) -> None:
    for name in ("olga", "anna"):
        database.write(lambda c, n=name: add(c, n, KEYS, TODAY))
    with database.read() as connection:
        assert [member.name for member in list_members(connection, KEYS)] == ["anna", "olga"]


def test_a_password_costs_a_guesser_time() -> None:
    assert module.GROUPS * module.GROUP * 4.9 > 96  # bits, at 31 letters


def test_a_guess_takes_memory_that_no_graphics_card_has_for_each_of_its_cores() -> None:
    kind, cost, block, _ = COST.split(":")
    assert (kind, 128 * int(cost) * int(block) >= 32 * 2**20) == ("scrypt", True)


# Rows that somebody put into the database, or changed there.

FORGED = [
    {"password_hash": generate_password_hash("known to the forger", "scrypt:128:8:1")},
    {"disabled": False},
    {"session_version": 1},
    {"name": "petr"},
    {"role": "reviewer"},
    {"code_step": 1},
    {"invitation": "1800000000 00000000." + "0" * 64},
    {"devices": 1},
    {"signature": None},
    {"signature": ""},
    {"signature": "00000000." + "0" * 64},
]


@pytest.mark.parametrize("change", FORGED, ids=lambda change: next(iter(change)))
def test_a_row_changed_in_the_database_lets_nobody_in(any_database: Database, change: dict[str, Any]) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    password = any_database.write(lambda c: reset(c, "olga", KEYS))
    if "disabled" in change:
        any_database.write(lambda c: disable(c, "olga", KEYS))
    any_database.write(lambda c: c.execute(update(staff).values(change)))
    name = change.get("name", "olga")
    for tried in (password, "known to the forger"):
        assert enter(any_database, name, tried) is None
    with any_database.read() as connection:
        member = get(connection, name, KEYS)
    assert member is not None
    assert not member.signed
    assert not member.may_enter


def test_a_planted_row_lets_nobody_in_until_an_operator_resets_it(any_database: Database) -> None:
    planted = {
        "name": "eve",
        "password_hash": generate_password_hash("x", "scrypt:128:8:1"),
        "disabled": False,
    }
    planted |= {"session_version": 1, "added_on": TODAY}
    any_database.write(lambda c: c.execute(insert(staff).values(planted)))
    assert enter(any_database, "eve", "x") is None
    assert enter(any_database, "eve", any_database.write(lambda c: reset(c, "eve", KEYS))) is not None
    assert enter(any_database, "eve", "x") is None


def test_an_older_key_signs_until_it_is_retired(any_database: Database) -> None:
    newer = ["a newer key, long enough to sign", *KEYS]
    password = any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    with any_database.read() as connection:
        assert verify(connection, "olga", password, newer) is not None
        assert verify(connection, "olga", password, newer[:1]) is None
    any_database.write(lambda c: renew_signature(c, "olga", newer))
    with any_database.read() as connection:
        assert verify(connection, "olga", password, newer[:1]) is not None


def test_signing_anew_blesses_no_row_that_is_not_signed(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    any_database.write(lambda c: c.execute(update(staff).values(session_version=7)))
    any_database.write(lambda c: renew_signature(c, "olga", ["a newer key, long enough to sign", *KEYS]))
    with any_database.read() as connection:
        assert [member.signed for member in list_members(connection, KEYS)] == [False]


# Roles.


def role_of(database: Database, keys: list[str] = KEYS) -> tuple[bool, bool]:
    """Tell whether olga may enter, and whether as a coordinator."""
    with database.read() as connection:
        member = get(connection, "olga", keys)
    assert member is not None
    return member.may_enter, member.coordinates


def test_a_reviewer_becomes_a_coordinator_and_their_sessions_end(any_database: Database) -> None:
    password = any_database.write(lambda c: add(c, "olga", KEYS, TODAY, "reviewer"))
    assert role_of(any_database) == (True, False)
    any_database.write(lambda c: give_role(c, "olga", KEYS, "coordinator"))
    assert role_of(any_database) == (True, True)
    member = enter(any_database, "olga", password)
    assert member is not None
    assert member.session_version == 2


def test_a_reset_and_a_new_key_leave_the_role(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY, "reviewer"))
    any_database.write(lambda c: reset(c, "olga", KEYS))
    newer = ["a newer key, long enough to sign", *KEYS]
    any_database.write(lambda c: renew_signature(c, "olga", newer))
    assert role_of(any_database, newer[:1]) == (True, False)


def test_nobody_makes_themselves_a_coordinator_in_the_database(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY, "reviewer"))
    any_database.write(lambda c: c.execute(update(staff).values(role="coordinator")) and None)
    assert role_of(any_database) == (False, True)
    with pytest.raises(StaffError, match="not signed"):
        any_database.write(lambda c: give_role(c, "olga", KEYS, "coordinator"))


def test_a_row_from_before_there_were_roles_is_a_coordinator_s(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    with any_database.read() as connection:
        row = connection.execute(select(staff)).one()
    earlier = signing.sign(KEYS[0], ROLELESS, "olga", row.password_hash, "enabled", "1")
    any_database.write(lambda c: c.execute(update(staff).values(signature=earlier)) and None)
    assert role_of(any_database) == (True, True)
    any_database.write(lambda c: c.execute(update(staff).values(role="reviewer")) and None)
    assert role_of(any_database) == (False, False)


def test_a_row_from_before_there_were_invitations_is_good_as_it_is(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY, "reviewer"))
    with any_database.read() as connection:
        row = connection.execute(select(staff)).one()
    words = ("olga", row.password_hash, "enabled", "1", "reviewer")
    earlier = signing.sign(KEYS[0], WITHOUT_INVITATION, *words)
    any_database.write(lambda c: c.execute(update(staff).values(signature=earlier)) and None)
    assert role_of(any_database) == (True, False)
    any_database.write(lambda c: c.execute(update(staff).values(devices=1)) and None)
    assert role_of(any_database) == (False, False)


def test_who_is_kept_out_stays_out_with_another_role(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY, "reviewer"))
    any_database.write(lambda c: disable(c, "olga", KEYS))
    any_database.write(lambda c: give_role(c, "olga", KEYS, "coordinator"))
    assert role_of(any_database) == (False, True)


def test_a_reset_of_an_unsigned_row_makes_no_coordinator(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY, "reviewer"))
    any_database.write(lambda c: c.execute(update(staff).values(role="coordinator")) and None)
    any_database.write(lambda c: reset(c, "olga", KEYS))
    assert role_of(any_database) == (True, False)


def test_a_reset_of_a_signed_row_leaves_a_coordinator_one(any_database: Database) -> None:
    any_database.write(lambda c: add(c, "olga", KEYS, TODAY))
    any_database.write(lambda c: reset(c, "olga", KEYS))
    assert role_of(any_database) == (True, True)
