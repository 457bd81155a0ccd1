"""The family's keepsake: it is to be made anew when people took back what it holds, and only then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection, select

from campaign.keeping import erasure, made_keepsakes
from campaign.storage.database import Database
from campaign.storage.tables import slots
from tests.conftest import TODAY
from tests.support.ledger import put_in_batch
from tests.support.press import approve

LATER = TODAY.replace(day=28)


@pytest.fixture
def posted(any_database: Database) -> list[str]:
    """Three posted messages that are in no keepsake yet."""
    ids = approve(any_database, ["One", "Two", "Three"])
    put_in_batch(any_database, ids)
    return ids


def slots_of(database: Database, ids: Sequence[str]) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(slots.c.id).where(slots.c.message.in_(ids))))


def make(database: Database, ids: Sequence[str], on=TODAY) -> None:  # type: ignore[no-untyped-def]
    """Note that a keepsake was made of these messages."""
    held = slots_of(database, ids)
    database.write(lambda connection: made_keepsakes.record(connection, "mikita", held, on, "0" * 64))


def erase(database: Database, identifier: str, why: str = "withdrawn") -> None:
    database.write(lambda connection: erasure.erase(connection, identifier, why, TODAY))


def outdated(database: Database, campaign: str = "mikita") -> int:
    with database.read() as connection:
        return made_keepsakes.count_taken_back(connection, campaign)


@pytest.mark.parametrize("on", [TODAY, LATER])
def test_what_people_take_back_is_counted_until_a_newer_keepsake_is_made(
    any_database: Database, posted: list[str], on: object
) -> None:
    make(any_database, posted)
    erase(any_database, posted[0])
    erase(any_database, posted[1], "erased by staff")
    assert (outdated(any_database), outdated(any_database, "anna")) == (2, 0)
    make(any_database, posted[2:], on)
    assert outdated(any_database) == 0
    erase(any_database, posted[2])
    assert outdated(any_database) == 1


def test_what_is_erased_by_its_age_is_to_stay_in_the_keepsake(
    any_database: Database, posted: list[str]
) -> None:
    make(any_database, posted)
    erase(any_database, posted[0], made_keepsakes.RETENTION)
    assert outdated(any_database) == 0


def test_what_no_keepsake_holds_makes_none_outdated(any_database: Database, posted: list[str]) -> None:
    erase(any_database, posted[0])
    make(any_database, posted[1:2])
    erase(any_database, posted[2])
    assert outdated(any_database) == 0


def test_what_is_taken_back_while_a_keepsake_is_made_is_in_it(
    any_database: Database, posted: list[str]
) -> None:
    erase(any_database, posted[0])
    erase(any_database, posted[1], made_keepsakes.RETENTION)
    make(any_database, posted)  # it was read before
    assert outdated(any_database) == 1


@pytest.mark.parametrize("first", ["keepsake", "erasure"])
def test_of_a_keepsake_and_an_erasure_at_once_neither_misses_the_other(
    postgresql_database: Database, first: str
) -> None:
    database = postgresql_database
    ids = approve(database, ["One", "Two"])
    put_in_batch(database, ids)
    make(database, ids)
    held = slots_of(database, ids)
    works: dict[str, Callable[[Connection], object]] = {
        "keepsake": lambda c: made_keepsakes.record(c, "mikita", held, LATER, "0" * 64),
        "erasure": lambda c: erasure.erase(c, ids[0], "withdrawn", TODAY),
    }
    (second,) = works.keys() - {first}
    begun = threading.Event()

    def other() -> None:
        with database.engine.begin() as connection:
            begun.set()
            works[second](connection)

    thread = threading.Thread(target=other)
    with database.engine.begin() as connection:
        works[first](connection)
        thread.start()
        begun.wait(10)
        thread.join(0.5)  # it waits for the first, or has done all but that
    thread.join(10)
    assert not thread.is_alive()
    assert outdated(database) == 1
