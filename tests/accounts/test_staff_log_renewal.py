"""A change of keys signs anew what a known key signed, and no decision that somebody else wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, text

from campaign.accounts.staff_log import Scribe, read_decisions, read_end, read_rows, write_end
from campaign.accounts.staff_log_check import Noted, verify
from campaign.accounts.staff_log_renewal import Renewed, renew
from campaign.accounts.staff_log_rows import LogEntry, LogRow, UnnumberedDecision
from campaign.storage.database import Database
from campaign.storage.tables import staff_log, staff_log_end, staff_log_today

OLD, NEW = "an older approval key for tests, long enough", "a newer approval key for tests, long enough"
FORGER = "a key that the public half may have, long enough"
MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = MORNING.date()


def scribe(*keys: str, at: datetime = MORNING) -> Scribe:
    return Scribe("olga", keys, lambda: at)


def decide(database: Database, key: str, *about: str) -> None:
    database.write(lambda c: scribe(key).record(c, "approved", *about))


def forge(database: Database, *about: str, day: date = TODAY) -> None:
    entries = [LogEntry(day, None, "olga", "approved", one) for one in about]
    rows = [UnnumberedDecision(f"{n:032x}", one).signed(FORGER) for n, one in enumerate(entries)]
    database.write(lambda c: c.execute(insert(staff_log_today), [row.values() for row in rows]) and None)


def renewed(database: Database, *keys: str) -> Renewed:
    return database.write(lambda c: renew(c, scribe(*keys)))


def told(database: Database, at: datetime = MORNING, faults: int = 0) -> list[tuple[str, str, str]]:
    """List what the log tells once the day has ended, decisions in the order of what they are about."""
    database.write(lambda c: scribe(NEW, at=at).record(c, "signed in", "the desk"))
    with database.read() as connection:
        assert bool(verify(connection, [NEW]).faults) == bool(faults)
        return [(row.entry.who, row.entry.what, row.entry.about) for row in read_rows(connection)]


def test_decisions_of_an_older_key_are_signed_anew_and_forged_ones_told_and_left_out(
    any_database: Database,
) -> None:
    decide(any_database, OLD, "mikita 1")
    forge(any_database, "mikita 2", "mikita 3" + "!" * 500)
    found = renewed(any_database, NEW, OLD)
    assert len(found.left_out) == 2
    assert found.left_out[0] == "no key here signed a decision of 2026-11-22, olga approved: mikita 2"
    with any_database.read() as connection:
        assert [one.entry.about for one in read_decisions(connection)] == ["mikita 1"]
        assert verify(connection, [NEW]).faults == ()
    assert renewed(any_database, NEW) == Renewed()
    rows = told(any_database, MORNING + timedelta(days=1))
    assert ("olga", "approved", "mikita 1") in rows
    assert [row for row in rows if row[1] == "approved"] == [("olga", "approved", "mikita 1")]
    damage = [about for _, what, about in rows if what == "found damage"]
    assert damage == list(found.left_out)
    assert all(len(about) < 200 for about in damage)


def test_after_a_stolen_key_its_decisions_of_the_day_are_told_and_not_believed(
    any_database: Database,
) -> None:
    decide(any_database, OLD, "mikita 1", "mikita 2")
    found = renewed(any_database, NEW)
    assert len(found.left_out) == 2
    rows = told(any_database, MORNING + timedelta(days=1))
    assert not [row for row in rows if row[1] == "approved"]


def test_a_decision_of_a_known_key_that_was_changed_is_neither_signed_nor_hidden(
    any_database: Database,
) -> None:
    decide(any_database, OLD, "mikita 1")
    changed = staff_log_today.update().values(about="mikita 9")
    any_database.write(lambda c: c.execute(changed) and None)
    assert renewed(any_database, NEW, OLD).left_out == ()
    with any_database.read() as connection:
        assert any("changed" in fault for fault in verify(connection, [NEW, OLD]).faults)


def remove(database: Database, about: str) -> None:
    removed = delete(staff_log_today).where(staff_log_today.c.about == about)
    database.write(lambda c: c.execute(removed) and None)


@pytest.mark.parametrize("day", [TODAY, date(2020, 1, 1)])
def test_a_forged_decision_hides_none_that_was_removed(any_database: Database, day: date) -> None:
    decide(any_database, OLD, "mikita 1", "mikita 2")
    remove(any_database, "mikita 2")
    forge(any_database, "mikita 3", day=day)
    assert len(renewed(any_database, NEW, OLD).left_out) == 1
    with any_database.read() as connection:
        assert any("2 were made, and 1 are there" in fault for fault in verify(connection, [NEW]).faults)


def test_a_forged_decision_hides_none_that_was_removed_with_what_was_written_of_it(
    any_database: Database,
) -> None:
    decide(any_database, NEW, "mikita 1", "mikita 2")
    remove(any_database, "mikita 2")
    forge(any_database, "mikita 3")
    any_database.write(lambda c: c.execute(delete(staff_log_end)) and None)
    decide(any_database, NEW, "mikita 4")
    rows = told(any_database, MORNING + timedelta(days=1), faults=1)
    assert [about for _, what, about in rows if what == "found damage"] == [
        "the last row was 0, and its end said nothing that a key here signed",
        "2 decisions of 2026-11-22 were made; found 3, signed 2",
    ]


@pytest.mark.parametrize("made", ["today", "numbered"])
def test_a_forged_decision_stands_for_none_that_was_noted_elsewhere(
    any_database: Database, made: str
) -> None:
    decide(any_database, NEW, "mikita 1", "mikita 2")
    with any_database.read() as connection:
        end = read_end(connection)
    assert end is not None
    remove(any_database, "mikita 2")
    write = replace(end, decisions=1).signed(NEW)  # as it stood before, of which somebody has a copy
    any_database.write(lambda c: write_end(c, write))
    if made == "today":
        forge(any_database, "mikita 3")
    else:
        row = LogRow(1, LogEntry(TODAY, None, "olga", "approved", "mikita 3"), "").signed(FORGER)
        any_database.write(lambda c: c.execute(insert(staff_log), row.values()) and None)
    with any_database.read() as connection:
        found = verify(connection, [NEW], [Noted("away", TODAY, end)])
    assert any("1, not the 2 that away noted" in fault for fault in found.faults)


@pytest.mark.parametrize("own", ["x'00ff'", "cast(x'ff' as text)", "'it''s'", "''"])
def test_a_forged_decision_is_taken_out_whatever_its_id_is(database: Database, own: str) -> None:
    decide(database, OLD, "mikita 1")
    forge(database, "mikita 2")
    database.write(
        lambda c: c.execute(text(f"UPDATE staff_log_today SET id = {own} WHERE about = 'mikita 2'"))
    )
    assert len(renewed(database, NEW, OLD).left_out) == 1
    with database.read() as connection:
        assert [one.entry.about for one in read_decisions(connection)] == ["mikita 1"]
        assert verify(connection, [NEW]).faults == ()
    assert renewed(database, NEW) == Renewed()
