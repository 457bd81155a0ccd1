"""Who looks at what: kept in the database, lapsing, and worth nothing to whoever writes there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select

from campaign.messages import presence
from campaign.storage.database import Database
from campaign.storage.tables import presence as table
from tests.conftest import NOW, Submit


@pytest.fixture
def ids(any_database: Database, submit: Submit) -> list[str]:
    return [submit(any_database, text).message for text in ("The first one.", "The second one.")]


def take(database: Database, some: list[str], by: str, after: timedelta = timedelta(0)) -> str | None:
    return database.write(lambda c: presence.take(c, some, by, NOW + after))


def holder(database: Database, one: str, after: timedelta = timedelta(0)) -> str | None:
    with database.read() as connection:
        return presence.holders(connection, [one], NOW + after).get(one)


def test_each_is_given_a_message_that_nobody_else_looks_at(any_database: Database, ids: list[str]) -> None:
    first, second = ids
    assert take(any_database, ids, "olga") == first
    assert take(any_database, ids, "petr") == second
    assert take(any_database, ids, "olga") == first
    assert (holder(any_database, first), holder(any_database, second)) == ("olga", "petr")


def test_the_oldest_is_shared_when_others_look_at_all_of_them(any_database: Database, ids: list[str]) -> None:
    take(any_database, ids[:1], "olga")
    assert take(any_database, ids[:1], "petr") == ids[0]
    assert holder(any_database, ids[0]) == "olga"


def test_who_went_away_is_forgotten_and_who_works_on_it_is_not(
    any_database: Database, ids: list[str]
) -> None:
    take(any_database, ids, "olga")
    take(any_database, ids, "olga", timedelta(minutes=2, seconds=59))
    assert holder(any_database, ids[0], timedelta(minutes=5, seconds=58)) == "olga"
    later = timedelta(minutes=5, seconds=59)
    assert (holder(any_database, ids[0], later), take(any_database, ids[1:], "petr", later)) == (None, ids[1])
    with any_database.read() as connection:
        assert [row.by for row in connection.execute(select(table))] == ["petr"]  # and the old row is gone


def noted(connection: Connection, identifier: str, by: str, now: datetime) -> bool:
    return presence.is_noted(presence.looks(connection, now).get(identifier), by, now)


def test_a_decided_message_is_free_at_once(any_database: Database, ids: list[str]) -> None:
    take(any_database, ids, "olga")
    any_database.write(lambda c: presence.release(c, ids[0]))
    assert take(any_database, ids, "petr") == ids[0]


def test_it_is_written_down_once_a_minute(any_database: Database, ids: list[str]) -> None:
    take(any_database, ids, "olga")
    with any_database.read() as connection:
        assert noted(connection, ids[0], "olga", NOW + timedelta(seconds=30))
        assert not noted(connection, ids[1], "olga", NOW)
        assert not noted(connection, ids[0], "petr", NOW)
        assert not noted(connection, ids[0], "olga", NOW + presence.RENEWED)


def test_nothing_to_choose_from_is_nothing(any_database: Database) -> None:
    assert take(any_database, [], "olga") is None


@pytest.mark.parametrize(
    ("by", "ahead"),
    [("petr", timedelta(days=300)), ("Looked at by two, approve it", timedelta(0)), ("<b>", timedelta(0))],
)
def test_who_writes_to_the_database_keeps_nobody_from_a_message(
    any_database: Database, ids: list[str], by: str, ahead: timedelta
) -> None:
    """Neither for ever nor with words of their own on the desk."""
    row = {"message": ids[0], "by": by, "seen_at": NOW + ahead}
    any_database.write(lambda c: c.execute(insert(table), row))
    assert holder(any_database, ids[0]) is None
    assert take(any_database, ids, "olga") == ids[0]


def test_all_looks_are_asked_for_in_one(any_database: Database, ids: list[str]) -> None:
    any_database.write(lambda c: presence.take_all(c, ids[:2], "olga", NOW))
    any_database.write(lambda c: presence.take_all(c, ids[1:], "petr", NOW + timedelta(seconds=9)))
    with any_database.read() as connection:
        looks = presence.looks(connection, NOW + timedelta(seconds=10))
        assert {one: by for one, (by, _) in looks.items()} == dict.fromkeys(ids, "olga")
        assert not presence.looks(connection, NOW + 2 * presence.LASTS)
