"""The petition's count: the latest absolute one by its time, plus what was signed later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from campaign import petition
from campaign.petition import MOST_SIGNATURES, Count, PetitionError
from campaign.storage.database import Database
from campaign.storage.tables import petition_counts, petition_events

START = (12_000, date(2026, 11, 22))
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def at(hours: float) -> datetime:
    """Return a moment so many hours after the content's count."""
    return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=hours)


def receive(
    database: Database, identifier: str, hours: float, signatures: object = None, *, now: datetime = NOW
) -> bool:
    kind: petition.EventType = "petition.signed" if signatures is None else "petition.signatures"
    return database.write(
        lambda c: petition.record(c, "mikita", identifier, kind, at(hours), signatures, now=now)
    )


def count(database: Database, start: tuple[int, date] = START) -> Count:
    with database.read() as connection:
        return petition.count(connection, "mikita", *start)


def forget(database: Database, now: datetime) -> int:
    return database.write(lambda c: petition.fold_old_events(c, "mikita", *START, now))


def test_it_begins_with_the_contents_count(any_database: Database) -> None:
    assert count(any_database) == Count(12_000, at(0))


def test_an_absolute_count_replaces_it(any_database: Database) -> None:
    receive(any_database, "a", 5, 12_345)
    assert count(any_database) == Count(12_345, at(5))


def test_what_is_signed_later_is_added(any_database: Database) -> None:
    receive(any_database, "a", 5, 12_345)
    for number, hours in enumerate((4, 5, 6, 7)):
        receive(any_database, f"s{number}", hours)
    assert count(any_database) == Count(12_347, at(7))


def test_the_order_of_arrival_does_not_matter(any_database: Database) -> None:
    receive(any_database, "s1", 7)
    receive(any_database, "b", 6, 12_400)
    receive(any_database, "a", 5, 12_900)
    assert count(any_database) == Count(12_401, at(7))


def test_an_older_event_never_lowers_the_count(any_database: Database) -> None:
    receive(any_database, "a", 5, 12_345)
    receive(any_database, "old", -100, 7)
    assert count(any_database) == Count(12_345, at(5))


def test_a_newer_one_may_lower_it(any_database: Database) -> None:
    receive(any_database, "a", 5, 12_345)
    receive(any_database, "b", 6, 12_340)
    assert count(any_database) == Count(12_340, at(6))


def test_of_two_at_one_moment_the_higher_is_believed(any_database: Database) -> None:
    for identifier, signatures in (("a", 12_345), ("b", 12_346), ("c", 12_344)):
        receive(any_database, identifier, 5, signatures)
    assert count(any_database).signatures == 12_346


@pytest.mark.parametrize(("signatures", "believed"), [(11_999, 12_000), (12_001, 12_001)])
def test_the_contents_count_is_one_of_the_two(any_database: Database, signatures: int, believed: int) -> None:
    receive(any_database, "a", 0, signatures)
    assert count(any_database).signatures == believed


def test_an_editor_may_write_a_newer_count(any_database: Database) -> None:
    receive(any_database, "a", 5, 12_345)
    receive(any_database, "s", 60)
    assert count(any_database, (13_000, date(2026, 11, 24))) == Count(13_001, at(60))


def test_a_replayed_id_counts_once(any_database: Database) -> None:
    assert [receive(any_database, "same", 5) for _ in range(3)] == [True, False, False]
    assert count(any_database).signatures == 12_001


def test_each_campaign_has_its_own_ids_and_count(any_database: Database) -> None:
    receive(any_database, "same", 5)
    other = any_database.write(
        lambda c: petition.record(c, "another", "same", "petition.signed", at(1), None, now=NOW)
    )
    assert other is True
    assert count(any_database).signatures == 12_001


def test_a_time_in_another_zone_is_the_same_moment(any_database: Database) -> None:
    zone = datetime.fromisoformat("2026-11-22T08:00:00+03:00")
    any_database.write(
        lambda c: petition.record(c, "mikita", "a", "petition.signatures", zone, 12_345, now=NOW)
    )
    assert count(any_database) == Count(12_345, at(5))


@pytest.mark.parametrize("signatures", [None, "12345", 1.5, True, -1, MOST_SIGNATURES + 1, [], {}])
def test_a_count_that_cannot_be_true_is_refused(any_database: Database, signatures: object) -> None:
    with pytest.raises(PetitionError, match=r"data\.signatures"):
        any_database.write(
            lambda c: petition.record(c, "mikita", "a", "petition.signatures", at(1), signatures, now=NOW)
        )
    assert count(any_database) == Count(12_000, at(0))


def test_the_highest_possible_count_is_kept(any_database: Database) -> None:
    receive(any_database, "a", 5, MOST_SIGNATURES)
    assert count(any_database).signatures == MOST_SIGNATURES


class TestForgetting:
    """Ids go after 30 days; the count stays."""

    def test_ids_are_remembered_for_thirty_days(self, any_database: Database) -> None:
        receive(any_database, "a", 5)
        assert forget(any_database, NOW + timedelta(days=30)) == 0
        assert receive(any_database, "a", 5) is False
        assert forget(any_database, NOW + timedelta(days=30, seconds=1)) == 1
        assert receive(any_database, "a", 5) is True

    def test_the_count_survives(self, any_database: Database) -> None:
        receive(any_database, "a", 5, 12_345)
        receive(any_database, "s", 6)
        before = count(any_database)
        assert forget(any_database, NOW + timedelta(days=31)) == 2
        assert count(any_database) == before == Count(12_346, at(6))
        receive(any_database, "s2", 800)
        assert count(any_database) == Count(12_347, at(800))

    def test_the_contents_count_is_folded_with_what_was_signed_after_it(self, any_database: Database) -> None:
        receive(any_database, "s", 6)
        forget(any_database, NOW + timedelta(days=31))
        assert count(any_database) == Count(12_001, at(6))
        assert count(any_database, (12_500, date(2026, 12, 30))).signatures == 12_500

    def test_an_absolute_count_from_before_what_was_folded_comes_too_late(
        self, any_database: Database
    ) -> None:
        receive(any_database, "a", 5, 12_345)
        receive(any_database, "s", 9)
        forget(any_database, NOW + timedelta(days=31))
        receive(any_database, "late", 7, 5, now=NOW + timedelta(days=31))
        assert count(any_database).signatures == 12_346

    def test_what_happened_after_a_newer_arrival_waits_for_it(self, any_database: Database) -> None:
        receive(any_database, "s", 9)
        receive(any_database, "a", 8, 12_345, now=NOW + timedelta(days=20))
        assert forget(any_database, NOW + timedelta(days=31)) == 0
        assert count(any_database).signatures == 12_346
        assert forget(any_database, NOW + timedelta(days=51)) == 2
        assert count(any_database).signatures == 12_346


@dataclass(frozen=True)
class Arrival:
    """An event and the day on which it arrives."""

    hours: int
    signatures: int | None
    day: int


ARRIVALS = st.lists(
    st.builds(Arrival, st.integers(-24, 2400), st.none() | st.integers(0, 20_000), st.integers(1, 100)),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARRIVALS, st.integers(0, 140))
def test_forgetting_changes_no_count_whatever_happened(
    database: Database, arrivals: list[Arrival], day: int
) -> None:
    database.write(lambda c: (c.execute(delete(petition_events)), c.execute(delete(petition_counts))))
    for number, arrival in enumerate(arrivals):
        receive(
            database, str(number), arrival.hours, arrival.signatures, now=NOW + timedelta(days=arrival.day)
        )
    absolute = [(at(0), 12_000)] + [(at(a.hours), a.signatures) for a in arrivals if a.signatures is not None]
    latest, signatures = max(absolute)  # the rule of docs/contract.md, "The counts"
    later = sum(1 for a in arrivals if a.signatures is None and at(a.hours) > latest)
    before = count(database)
    assert before.signatures == signatures + later
    for again in (0, 10, 20):
        forget(database, NOW + timedelta(days=day + again))
        assert count(database) == before
