"""A clock that jumped, where no purge was noted yet: the last days on which anything happened tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from campaign.keeping import purge_gap
from campaign.keeping.purge_gap import GapError
from campaign.storage import marks
from campaign.storage.database import Database
from campaign.storage.tables import messages
from tests.conftest import Submit

LAST = date(2026, 11, 22)


@pytest.fixture
def receive(any_database: Database, submit: Submit):  # type: ignore[no-untyped-def]
    """Let a message have arrived on a day, by the clock of then."""

    def receive(on: date) -> None:
        identifier = submit(any_database, f"Words of {on}.").message
        changed = update(messages).where(messages.c.id == identifier).values(received_on=on)
        any_database.write(lambda c: c.execute(changed) and None)

    return receive


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, 40, tzinfo=UTC)


def test_the_first_purge_after_an_upgrade_believes_no_clock_that_is_a_year_ahead(
    any_database: Database, receive
) -> None:  # type: ignore[no-untyped-def]
    receive(LAST)
    ahead = LAST + timedelta(days=365)
    receive(ahead)  # since the start, by the same wrong clock
    with pytest.raises(GapError, match="happened here on 2026-11-22: nothing was erased"):
        purge_gap.refuse(any_database, at(ahead))
    for day in range(1, 6):  # and by no clock that goes on being wrong
        receive(ahead + timedelta(days=day))
        with pytest.raises(GapError, match="2026-11-22"):
            purge_gap.refuse(any_database, at(ahead + timedelta(days=day)))


def test_a_new_installation_purges(any_database: Database, receive) -> None:  # type: ignore[no-untyped-def]
    purge_gap.refuse(any_database, at(LAST))
    receive(LAST)
    with pytest.raises(GapError, match="the clock says 1970-01-01, and before that the last thing"):
        purge_gap.refuse(any_database, at(date(1970, 1, 1)))
    purge_gap.refuse(any_database, at(LAST))


def test_one_that_was_upgraded_purges_and_is_held_to_that_from_then_on(
    any_database: Database, receive
) -> None:  # type: ignore[no-untyped-def]
    receive(LAST - timedelta(days=20))
    purge_gap.refuse(any_database, at(LAST))
    any_database.write(lambda c: marks.note(c, "purge", at(LAST)))
    purge_gap.refuse(any_database, at(LAST + timedelta(days=30)))
    with pytest.raises(GapError, match="the last purge was on 2026-11-22"):
        purge_gap.refuse(any_database, at(LAST + timedelta(days=31)))


def test_no_purge_of_a_clock_that_is_years_behind_is_taken_for_the_last_one(any_database: Database) -> None:
    """Else the first night on which it is right again looks like a jump, and nobody knows why."""
    any_database.write(lambda c: marks.note(c, "purge", at(LAST)))
    with pytest.raises(GapError, match="the clock says 1970-01-01, and the last purge was on 2026-11-22"):
        purge_gap.refuse(any_database, at(date(1970, 1, 1)))
