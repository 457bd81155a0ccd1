"""Which keys the programs on one database run with, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.settings import Settings
from campaign.storage import machines
from campaign.storage.database import Database
from campaign.storage.machines import ALIVE, KEPT, Lagging, Machine
from campaign.storage.tables import machines as table

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HERE = Settings(secret_key="s" * 48, approval_key="a" * 48, age_recipients=("age1one", "age1two"))
CHANGED: dict[str, Any] = {
    "secret_key": "t" * 48,
    "approval_key": "b" * 48,
    "age_recipients": ("age1one", "age1three"),
}


def found(database: Database, settings: Settings = HERE, now: datetime = NOW) -> Sequence[Lagging]:
    with database.read() as connection:
        return list(machines.lagging(connection, settings, now))


def note(database: Database, machine: Machine, settings: Settings = HERE, now: datetime = NOW) -> None:
    database.write(lambda connection: machines.note(connection, machine, settings, now))


@pytest.mark.parametrize("key", CHANGED)
def test_a_machine_with_another_key_is_found_and_one_with_the_same_is_not(
    any_database: Database, key: Any
) -> None:
    other = Machine("public half", "two")
    note(any_database, Machine("desk", "one"))
    note(any_database, other, replace(HERE, **{key: CHANGED[key]}))
    assert found(any_database) == [Lagging(other, (key,), ())]


def test_the_order_of_recipients_and_keys_that_are_not_lent_are_nothing(any_database: Database) -> None:
    note(
        any_database,
        Machine("public half"),
        replace(HERE, approval_key="", age_recipients=("age1two", "age1one")),
    )
    assert found(any_database) == []
    assert found(any_database, replace(HERE, approval_key="", secret_key="")) == []


def test_who_seals_to_nobody_is_found(any_database: Database) -> None:
    note(any_database, Machine("public half"), replace(HERE, age_recipients=()))
    assert [one.other for one in found(any_database)] == [("age_recipients",)]


def test_which_one_lags_is_told_by_the_fallbacks(any_database: Database) -> None:
    note(any_database, Machine("desk"))
    changed = replace(HERE, secret_key="t" * 48, secret_key_fallbacks=(HERE.secret_key,))
    assert [(one.other, one.older) for one in found(any_database, changed)] == [
        (("secret_key",), ("secret_key",))
    ]


def test_who_changed_its_keys_ended_or_was_killed_long_ago_is_forgotten(any_database: Database) -> None:
    older = replace(HERE, **CHANGED)
    changing, ending = Machine("desk", "one"), Machine("desk", "two")
    for machine in (changing, ending, Machine("desk", "killed")):
        note(any_database, machine, older)
    assert len(found(any_database)) == 3
    note(any_database, changing)
    any_database.write(lambda connection: machines.leave(connection, ending))
    assert [one.machine.name for one in found(any_database)] == ["killed"]
    assert found(any_database, now=NOW + 2 * ALIVE) == []
    note(any_database, changing, now=NOW + 2 * KEPT)
    with any_database.read() as connection:
        assert connection.scalars(select(table.c.name)).all() == ["one"]


def test_a_backup_is_remembered_until_the_next_one_of_its_machine(any_database: Database) -> None:
    note(any_database, Machine("backup", "one"), replace(HERE, **CHANGED))
    later = NOW + timedelta(days=1)
    assert [one.machine.name for one in found(any_database, now=later)] == ["one"]
    note(any_database, Machine("backup", "one"), now=later)
    assert found(any_database, now=later) == []


def test_nothing_of_a_key_is_kept_but_letters_that_differ_from_machine_to_machine(
    any_database: Database,
) -> None:
    note(any_database, Machine("desk", "one"))
    note(any_database, Machine("desk", "two"))
    with any_database.read() as connection:
        rows = connection.execute(select(table)).all()
    for key in machines.KEYS:
        shown = [getattr(row, key) for row in rows]
        assert {len(letters) for letters in shown} == {8}
        assert len(set(shown)) == 2
    assert not any(word in str(rows) for word in ("ssss", "aaaa", "age1"))


def test_a_row_with_no_name_in_it_is_still_told(database: Database) -> None:
    """SQLite lets anybody write anything."""
    note(database, Machine("desk", "one"), replace(HERE, **CHANGED))
    database.write(lambda connection: connection.execute(update(table).values(name=b"\xff")))
    assert [lagging.machine.name for lagging in found(database)] == ["\ufffd"]
