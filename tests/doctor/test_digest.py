"""How a campaign goes: the numbers are right, they tell of nobody, and they end with the log's end."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select, update

from campaign import ROOT, petition
from campaign.accounts import staff_log
from campaign.accounts.staff_log import Scribe
from campaign.content.campaign import load_all
from campaign.content.campaign_toml.facts import Facts
from campaign.doctor.digest import Digest, as_markdown, read_digest
from campaign.keeping.day_numbers import keep_numbers
from campaign.messages import arrivals, review
from campaign.storage import tables
from campaign.storage.database import Database
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit

KEYS = (APPROVAL_KEY,)
FACTS = Facts("Mikita", "open", 12_000, TODAY, ("en",))


def digest_of(database: Database) -> Digest:
    with database.read() as connection:
        return read_digest(connection, "mikita", FACTS, NOW)


def test_it_counts_what_came_and_what_was_decided(any_database: Database, submit: Submit) -> None:
    sent = [submit(any_database, f"Number {n}.", language="de").message for n in range(6)]
    submit(any_database, "One alone.", language="ja")
    submit(any_database, "Elsewhere.", campaign="another")
    any_database.write(lambda c: review.approve(c, sent[0], "olga", KEYS, TODAY))
    any_database.write(lambda c: review.reject(c, sent[1], "petr", "Spam", TODAY))
    any_database.write(lambda c: review.reject(c, sent[2], "petr", "It names Bartholomew", TODAY))
    found = digest_of(any_database)
    assert found.received[-1] == (TODAY, 7)
    assert [number for _, number in found.received[:-1]] == [0] * 27
    assert f"| {TODAY - timedelta(days=1)} |" not in as_markdown(found)  # days of nothing are left out
    assert (found.waiting, found.oldest) == (4, TODAY)
    assert found.decided == (("olga", 1, 0), ("petr", 0, 2))
    assert dict(found.reasons) == {"Spam": 1, "another reason": 1}
    assert found.count.signatures == 12_000
    assert found.signatures == ((TODAY, 12_000),)


def test_a_reason_may_be_longer_than_a_database_would_index(any_database: Database, submit: Submit) -> None:
    sent = submit(any_database, "Words.").message
    reason = random.Random(1).randbytes(4_000).hex()  # that cannot be made short
    any_database.write(lambda c: review.reject(c, sent, "petr", reason, TODAY))
    assert dict(digest_of(any_database).reasons) == {"another reason": 1}


def test_it_tells_of_nobody(any_database: Database, submit: Submit) -> None:
    sent = submit(any_database, "Words of one person.", first_name="Zenobia", language="ja").message
    any_database.write(lambda c: review.reject(c, sent, "petr", "It names Bartholomew", TODAY))
    told = as_markdown(digest_of(any_database))
    for word in ("Words of", "Zenobia", "Bartholomew", "日本語", sent):
        assert word not in told
    assert "| languages of fewer people each | 1 |" in told


def test_it_ends_with_where_the_log_ends(any_database: Database) -> None:
    assert as_markdown(digest_of(any_database)).endswith("Nothing is in it yet.")
    any_database.write(lambda c: Scribe("olga", KEYS).record(c, "made a backup"))
    with any_database.read() as connection:
        end = staff_log.read_end(connection)
    assert end is not None
    assert as_markdown(digest_of(any_database)).endswith(
        f"It ends with row {end.number}, digest `{end.digest}`."
    )


def test_what_is_older_than_its_days_has_no_line(any_database: Database) -> None:
    first = digest_of(any_database).received[0][0]
    assert first == TODAY - timedelta(days=27)


def came_before(database: Database, submit: Submit, days: int) -> None:
    """Store a message that came so many days ago."""
    sent, day = submit(database, language="be").message, TODAY - timedelta(days=days)
    rows = tables.messages
    database.write(lambda c: c.execute(update(rows).where(rows.c.id == sent).values(received_on=day)))


def test_what_a_night_has_counted_is_counted_once(any_database: Database, submit: Submit) -> None:
    for days in (5, 5, 5, 2, 2, 1, 0):
        came_before(any_database, submit, days)
    before = digest_of(any_database)
    for _ in range(2):  # whoever purges twice
        any_database.write(lambda c: arrivals.keep_arrivals(c, TODAY))
    came_before(any_database, submit, 5)  # by a clock that is late
    after = digest_of(any_database)
    numbers = [dict(one.received)[TODAY - timedelta(days=5)] for one in (before, after)]
    assert numbers == [3, 4]
    assert sum(number for _, number in after.received) == 8
    assert dict(after.languages) == {"Belarusian": 8}, "in English, as all of the desk is"
    with any_database.read() as connection:
        kept = connection.execute(select(tables.arrivals.c.day, tables.arrivals.c.messages)).all()
    assert sorted(kept) == [
        (TODAY - timedelta(days=5), 3), (TODAY - timedelta(days=2), 2)
    ]  # fmt: skip


def test_two_purges_at_midnight_count_each_message_once(any_database: Database, submit: Submit) -> None:
    for days in (5, 2, 1):
        came_before(any_database, submit, days)
    engine = any_database.engine

    def purge(day: date) -> None:
        with engine.begin() as connection:
            arrivals.keep_arrivals(connection, day)

    tomorrow = threading.Thread(target=purge, args=[TODAY + timedelta(days=1)])
    with engine.begin() as connection:
        arrivals.keep_arrivals(connection, TODAY)
        tomorrow.start()
        tomorrow.join(0.5)  # it waits for this one
    tomorrow.join()
    assert sum(number for _, number in digest_of(any_database).received) == 3


def test_a_count_beyond_what_a_column_holds_is_kept_as_its_most(any_database: Database) -> None:
    most = petition.MOST_SIGNATURES
    counted_on = TODAY - timedelta(days=1)
    campaign = replace(load_all(ROOT / "content")["mikita"], signatures=most, signatures_as_of=counted_on)
    any_database.write(lambda c: petition.record(c, "mikita", "1", "petition.signed", NOW, None, now=NOW))
    any_database.write(lambda c: keep_numbers(c, [campaign], NOW))
    with any_database.read() as connection:
        assert petition.list_days(connection, "mikita", TODAY) == ((TODAY, most),)


def test_the_count_of_each_day_is_kept_as_it_was_first(any_database: Database) -> None:
    for days, count in ((40, 9), (3, 11_000), (3, 11_500), (0, 11_900)):
        day = TODAY - timedelta(days=days)
        any_database.write(lambda c, day=day, count=count: petition.keep_day(c, "mikita", day, count))
    assert digest_of(any_database).signatures == ((TODAY - timedelta(days=3), 11_000), (TODAY, 12_000))
