"""How a campaign goes: the numbers are right, they tell of nobody, and they end with the log's end."""

from __future__ import annotations

from datetime import timedelta

from campaign.accounts import staff_log
from campaign.accounts.staff_log import Scribe
from campaign.content import schema
from campaign.doctor.digest import Digest, as_markdown, read_digest
from campaign.messages import review
from campaign.storage.database import Database
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit

KEYS = (APPROVAL_KEY,)
FACTS = schema.Facts("Mikita", "open", 12_000, TODAY, ("en",))


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
    assert [number for _, number in found.received[:-1]] == [0] * 13
    assert (found.states.waiting, found.oldest) == (4, TODAY)
    assert found.decided == (("olga", 1, 0), ("petr", 0, 2))
    assert dict(found.reasons) == {"Spam": 1, "another reason": 1}
    assert found.signatures.signatures == 12_000


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
    assert first == TODAY - timedelta(days=13)
