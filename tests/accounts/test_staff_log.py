"""The log of what staff did: appended to, numbered, signed; and what somebody did to it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, insert, select, text, update

from campaign.accounts import staff_log as module
from campaign.accounts.staff_log import Decided, Done, Scribe, read_decisions, read_end, read_rows
from campaign.accounts.staff_log_check import Noted, Verified, verify, verify_all
from campaign.accounts.staff_log_rows import MARK, End, LogEntry, LogRow
from campaign.storage.database import Database
from campaign.storage.tables import staff_log, staff_log_end, staff_log_today
from tests.conftest import APPROVAL_KEY
from tests.support.appending import MORNING, appending

KEYS = [APPROVAL_KEY]
NEW_KEYS = ["a newer approval key for tests, long enough"]
DAY = timedelta(days=1)


def record(
    database: Database,
    what: Decided | Done,
    *about: str,
    at: datetime = MORNING,
    who: str = "olga",
    keys: list[str] = KEYS,
) -> None:
    scribe = Scribe(who, keys, lambda: at)
    database.write(lambda connection: scribe.record(connection, what, *about))


def check(database: Database, keys: list[str] = KEYS, noted: list[Noted] | None = None) -> Verified:
    with database.read() as connection:
        return verify(connection, keys, noted or [])


def entries(database: Database) -> list[LogEntry]:
    with database.read() as connection:
        return [row.entry for row in read_rows(connection)]


@pytest.fixture
def written(any_database: Database) -> Database:
    """A log of six rows."""
    for number in range(1, 7):
        record(any_database, "downloaded", f"mikita batch {number}")
    return any_database


def test_a_row_says_who_did_what_and_when(any_database: Database) -> None:
    record(any_database, "signed in", "the desk")
    assert entries(any_database) == [LogEntry(MORNING.date(), "09:30", "olga", "signed in", "the desk")]
    assert check(any_database).faults == ()


def test_a_decision_carries_the_day_alone(any_database: Database) -> None:
    record(any_database, "approved", "mikita m1")
    with any_database.read() as connection:
        (decision,) = read_decisions(connection)
    assert decision.entry == LogEntry(MORNING.date(), None, "olga", "approved", "mikita m1")


def test_a_day_s_decisions_are_numbered_once_it_has_ended(any_database: Database) -> None:
    record(any_database, "signed in", "the desk")
    record(any_database, "approved", "mikita m1", "mikita m2")
    record(any_database, "signed out", "the desk", at=MORNING + timedelta(hours=1))
    assert [entry.what for entry in entries(any_database)] == ["signed in", "signed out"]
    record(any_database, "signed in", "the desk", at=MORNING + DAY)
    done = ["signed in", "signed out", "approved", "approved", "signed in"]
    assert [entry.what for entry in entries(any_database)] == done
    assert check(any_database) == Verified(5, 0, check(any_database).digest, (), ())


def test_their_order_is_drawn_by_lot(database: Database) -> None:
    """Of a hundred the order of arrival comes back once in 10^158 tries; and no table keeps another one."""
    identifiers = [f"mikita m{number:03}" for number in range(100)]
    for identifier in identifiers:
        record(database, "approved", identifier)
    with database.read() as connection:
        kept = [row.about for row in connection.execute(text("SELECT about FROM staff_log_today"))]
        with pytest.raises(Exception, match="rowid"):
            connection.execute(text("SELECT rowid FROM staff_log_today"))
    record(database, "signed in", "the desk", at=MORNING + DAY)
    numbered = [entry.about for entry in entries(database)][:-1]
    assert sorted(kept) == sorted(numbered) == identifiers
    assert identifiers not in (kept, numbered)
    assert kept != numbered


@pytest.mark.parametrize("column", ["day", "minute", "who", "what", "about", "previous", "signature"])
def test_a_changed_row_is_named(written: Database, column: str) -> None:
    other = {"day": MORNING.date() + DAY, "minute": "09:31"}.get(column, "other")
    if column == "signature":
        with written.read() as connection:
            other = connection.scalar(select(staff_log.c.signature).where(staff_log.c.number == 5))
    written.write(
        lambda c: c.execute(update(staff_log).where(staff_log.c.number == 3).values({column: other}))
    )
    assert check(written).faults == ("row 3: changed, or put in by somebody else",)


@pytest.mark.parametrize(
    ("numbers", "told"), [((3,), "row 3: removed"), ((2, 3), "row 2: removed, and all to row 3")]
)
def test_a_removed_row_is_named(written: Database, numbers: tuple[int, ...], told: str) -> None:
    written.write(lambda c: c.execute(delete(staff_log).where(staff_log.c.number.in_(numbers))))
    assert check(written).faults == (told,)


def test_rows_that_changed_places_are_named(written: Database) -> None:
    def swap(connection) -> None:  # type: ignore[no-untyped-def]
        for old, new in ((2, 99), (4, 2), (99, 4)):
            connection.execute(update(staff_log).where(staff_log.c.number == old).values(number=new))

    written.write(swap)
    assert check(written).faults == (
        "row 2: moved: it was written as row 4",
        "row 4: moved: it was written as row 2",
    )


def test_a_gap_that_was_closed_is_named(written: Database) -> None:
    def close(connection) -> None:  # type: ignore[no-untyped-def]
        connection.execute(delete(staff_log).where(staff_log.c.number == 3))
        for number in (4, 5, 6):
            connection.execute(
                update(staff_log).where(staff_log.c.number == number).values(number=number - 1)
            )

    written.write(close)
    assert check(written).faults == (
        *(f"row {number}: moved: it was written as row {number + 1}" for number in (3, 4, 5)),
        "row 6: removed, and all to row 6, the last",
    )


def test_an_inserted_row_is_named(written: Database) -> None:
    made_up = LogRow(7, LogEntry(MORNING.date(), "10:00", "ivan", "posted", "mikita batch 1"), "0" * 64)

    def put_in(connection) -> None:  # type: ignore[no-untyped-def]
        row = connection.execute(select(staff_log).where(staff_log.c.number == 6)).one()
        forged = LogRow(7, made_up.entry, LogRow.of(row).digest).signed(
            "a key of somebody else's, long enough"
        )
        connection.execute(insert(staff_log), forged.values())

    written.write(put_in)
    told = check(written).faults
    assert told[0].startswith("row 7: signed by no key here")
    assert told[1] == "row 7: put in by somebody else: the log ends with row 6"


def test_a_cut_off_tail_is_named(written: Database) -> None:
    written.write(lambda c: c.execute(delete(staff_log).where(staff_log.c.number > 4)))
    assert check(written).faults == ("row 5: removed, and all to row 6, the last",)


def test_a_last_row_that_a_restore_took_away_is_named(written: Database) -> None:
    """Signed, and written after the same one: only the end tells that another took its place."""
    last = staff_log.c.number == 6
    with written.read() as connection:
        older = connection.execute(select(staff_log).where(last)).one()._asdict()
        *_, fifth, _ = read_rows(connection)

    def restore(connection) -> None:  # type: ignore[no-untyped-def]
        connection.execute(delete(staff_log).where(last))
        end = End(5, fifth.digest, MORNING.date(), 0).signed(APPROVAL_KEY)
        connection.execute(update(staff_log_end).values(vars(end)))

    written.write(restore)
    record(written, "printed", "mikita batch 9")
    assert check(written).faults == ()
    written.write(lambda c: c.execute(update(staff_log).where(last).values(older)) and None)
    assert check(written).faults == ("row 6: not the one that the log ends with",)


def test_an_end_that_was_removed_is_named_also_where_no_row_is_numbered(any_database: Database) -> None:
    record(any_database, "approved", "mikita m1")
    any_database.write(lambda c: c.execute(delete(staff_log_end)) and None)
    assert check(any_database).faults[0].startswith("the end: removed")


def test_a_row_in_the_place_of_one_that_was_noted_elsewhere_is_named(written: Database) -> None:
    with written.read() as connection:
        end = read_end(connection)
    assert end
    another = replace(end, digest="0" * 64).signed(APPROVAL_KEY)
    (told,) = check(written, noted=[Noted("a backup", MORNING.date(), another)]).faults
    assert told.startswith("row 6: not the one that a backup noted on 2026-11-22")


def test_what_somebody_decides_who_is_called_as_the_program_is_is_not_taken_for_lost(
    any_database: Database,
) -> None:
    record(any_database, "approved", "mikita m1", who=MARK)
    with any_database.read() as connection:
        end = read_end(connection)
    assert end
    record(any_database, "signed in", "the desk", at=MORNING + DAY)
    assert check(any_database, noted=[Noted("a backup", MORNING.date(), end)]).faults == ()


@pytest.mark.parametrize(
    "attack", ["changed", "removed", "put in", "an older one put back", "an older end put back"]
)
def test_what_is_done_to_decisions_without_a_number_is_named(any_database: Database, attack: str) -> None:
    record(any_database, "rejected", "mikita m0", at=MORNING - DAY)
    with any_database.read() as connection:
        older = connection.execute(select(staff_log_today)).one()._asdict()
    record(any_database, "approved", "mikita m1")
    with any_database.read() as connection:
        end = read_end(connection)
    record(any_database, "approved", "mikita m2")

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        one = staff_log_today.c.about == "mikita m1"
        if attack == "changed":
            connection.execute(update(staff_log_today).where(one).values(who="ivan"))
        elif attack == "removed":
            connection.execute(delete(staff_log_today).where(one))
        elif attack == "an older end put back":
            connection.execute(update(staff_log_end).values(vars(end)))
        else:
            row = (
                older
                if attack == "an older one put back"
                else older | {"id": "f" * 32, "day": MORNING.date()}
            )
            connection.execute(insert(staff_log_today), row)

    any_database.write(work)
    faults = check(any_database).faults
    assert faults
    assert all(told.startswith(("decision ", "decisions of 2026-11-22")) for told in faults)
    record(any_database, "signed in", "the desk", at=MORNING + DAY)  # and it stays known
    assert any("says that the log was damaged" in told for told in check(any_database).faults)


def test_who_removes_a_decision_and_what_was_written_of_it_is_told_at_the_next_entry(
    any_database: Database,
) -> None:
    record(any_database, "approved", "mikita m1", "mikita m2")

    def work(connection) -> None:  # type: ignore[no-untyped-def]
        connection.execute(delete(staff_log_today).where(staff_log_today.c.about == "mikita m1"))
        connection.execute(update(staff_log_end).values(decisions=1))

    any_database.write(work)
    assert check(any_database).faults[0].startswith("the end: changed, or signed by no key here")
    record(any_database, "signed out", "the desk")
    assert [told for told in check(any_database).faults if "damaged" in told]


def test_rows_of_an_older_key_are_good_while_it_is_a_fallback(written: Database) -> None:
    record(written, "signed in", "the desk", keys=[*NEW_KEYS, *KEYS])
    assert check(written, [*NEW_KEYS, *KEYS]).faults == ()
    told = check(written, NEW_KEYS).faults
    assert len(told) == 6
    assert told[0].startswith(
        "row 1: signed by no key here; an older key belongs into CANDLE_APPROVAL_KEY_FALL"
    )


@pytest.mark.parametrize("number", [1, 4, 6])
def test_after_the_keys_were_renewed_the_older_one_is_not_needed(written: Database, number: int) -> None:
    record(written, "renewed the keys", "no fault before it", keys=[*NEW_KEYS, *KEYS])
    assert check(written, NEW_KEYS).faults == ()
    written.write(
        lambda c: c.execute(update(staff_log).where(staff_log.c.number == number).values(who="ivan"))
    )
    assert check(written, NEW_KEYS).faults == (
        f"row {number + 1}: row {number} is not the one that it was written after",
    )


def test_nobody_without_a_key_says_that_keys_were_renewed(written: Database) -> None:
    stolen = "a key that was stolen, and is believed no more"
    record(written, "renewed the keys", "no fault before it", keys=[stolen, *KEYS])
    assert any("row 7: signed by no key here" in told for told in check(written).faults)


@pytest.mark.slow
def test_several_processes_append_to_one_chain(any_database: Database) -> None:
    url = any_database.engine.url.render_as_string(hide_password=False)
    processes = [appending(url, who, KEYS, 20) for who in ("desk", "desk2", "shell")]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    found = check(any_database)
    assert (found.rows, found.decisions, found.faults) == (30, 30, ())


@pytest.mark.slow
def test_it_is_checked_as_of_one_moment_while_others_append(any_database: Database) -> None:
    for number in range(30):
        record(any_database, "downloaded", f"mikita batch {number}")
    url = any_database.engine.url.render_as_string(hide_password=False)
    process = appending(url, "desk", KEYS, 60)
    while process.is_alive():
        assert verify_all(any_database, KEYS).faults == ()
    process.join()
    assert process.exitcode == 0


def statements(database: Database, work: Callable[[], None]) -> list[str]:
    seen: list[str] = []

    def see(_connection, _cursor, statement, *_more) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", see)
    work()
    event.remove(database.engine, "before_cursor_execute", see)
    return seen


def test_an_entry_costs_four_statements_and_one_more_on_postgresql(any_database: Database) -> None:
    record(any_database, "approved", "mikita m0")
    seen = statements(any_database, lambda: record(any_database, "approved", "mikita m1"))
    assert len(seen) == (4 if any_database.engine.dialect.name == "sqlite" else 5), seen


def test_without_a_key_nothing_is_written(database: Database) -> None:
    record(database, "posted", "mikita batch 1", keys=[""])
    assert entries(database) == []
    assert check(database).faults == ()


def test_what_is_done_is_one_of_the_known_words() -> None:
    assert module.DECISIONS.isdisjoint(module.get_args(Done))


def test_a_restored_backup_excuses_nothing_that_was_noted_after_it(written: Database) -> None:
    record(written, "restored", "a backup that ends with row 3; known to row 400")
    later = MORNING + 30 * DAY
    record(written, "downloaded", "mikita batch 8", at=later)
    with written.read() as connection:
        noted, before = read_end(connection), list(read_rows(connection))
    assert noted is not None
    written.write(lambda c: c.execute(delete(staff_log).where(staff_log.c.number == before[-1].number)))
    written.write(lambda c: c.execute(delete(staff_log_end)))
    found = check(written, noted=[Noted("away", later.date(), noted)])
    assert any("noted on 2026-12-22" in fault for fault in found.faults)
    assert not any("a backup was restored since" in note for note in found.notes)


@pytest.mark.parametrize(
    "garbage",
    [
        "UPDATE staff_log SET day = 'x' WHERE number = 6",
        "UPDATE staff_log SET who = x'00ff' WHERE number = 6",
        "UPDATE staff_log_end SET day = 'x'",
        "UPDATE staff_log_end SET number = 'x', decisions = 'y'",
        "INSERT INTO staff_log_today VALUES ('a', 'x', 'b', 'c', 'd', 'e')",
    ],
)
def test_what_is_no_row_is_named_and_keeps_nobody_out(database: Database, garbage: str) -> None:
    for number in range(1, 7):
        record(database, "downloaded", f"mikita batch {number}")
    database.write(lambda connection: connection.execute(text(garbage)))
    assert check(database).faults
    record(database, "signed in", "the desk")
    assert entries(database)[-1].what == "signed in"
