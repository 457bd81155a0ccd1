"""How things stand, in numbers and days, and what of it the doctor finds too long."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from build import cli
from campaign.accounts import sessions
from campaign.content.campaign import Campaign
from campaign.doctor import status, waiting
from campaign.messages import asides, review
from campaign.storage import marks
from campaign.storage.database import Database, connect, migrate
from campaign.storage.tables import batches
from tests.conftest import APPROVAL_KEY, NOW, TODAY, Submit
from tests.support.ledger import put_in_batch

LATER = TODAY + timedelta(days=15)


@pytest.fixture
def busy(any_database: Database, submit: Submit) -> Database:
    """Two messages that wait, one of a flood, one approved, one on a printed card, one posted."""
    submit(any_database)
    submit(any_database, "And we", flood=True)
    ids = [submit(any_database, f"Words {n}").message for n in range(3)]
    for one in ids:
        any_database.write(lambda c, one=one: review.approve(c, one, "olga", [APPROVAL_KEY], TODAY))
    put_in_batch(any_database, ids[:1], 1, state="printed")
    put_in_batch(any_database, ids[1:2], 2)
    any_database.write(lambda c: c.execute(update(batches).values(printed_at=NOW)))
    return any_database


def test_what_waits_is_counted_and_dated(busy: Database) -> None:
    with busy.read() as connection:
        found = status.of_campaign(connection, "mikita")
    assert found == status.CampaignStatus(
        waiting=status.Pile(2, TODAY),
        flood=1,
        aside=0,
        approved=status.Pile(1, TODAY),
        printed=status.Pile(1, TODAY),
        last_printed=TODAY,
        last_posted=TODAY,
    )


def test_work_that_lies_for_too_long_is_found(busy: Database, campaign: Campaign) -> None:
    with busy.read() as connection:
        assert list(waiting.find(connection, {"mikita": campaign}, TODAY)) == []
        found = list(waiting.find(connection, {"mikita": campaign}, LATER))
    assert [line.partition(";")[0] for line in found] == [
        f"mikita: messages wait for review, 2 since {TODAY}, 1 of a flood",
        f"mikita: approved messages are on no printed card, 1 since {TODAY}",
        f"mikita: printed batches were not posted, 1 since {TODAY}",
    ]


def test_what_is_set_aside_is_said_apart(busy: Database, campaign: Campaign, submit: Submit) -> None:
    one = submit(busy, "Who reads this?").message
    busy.write(lambda c: asides.put(c, one, "Odia?", "olga", TODAY))
    with busy.read() as connection:
        found = status.of_campaign(connection, "mikita")
        (told, *_) = waiting.find(connection, {"mikita": campaign}, LATER)
    assert found.rows["waiting for review"] == f"3 since {TODAY}, 1 of them set aside, 1 of a flood"
    assert f"wait for review, 3 since {TODAY}, 1 of them set aside, 1 of a flood;" in told


def test_the_last_login_and_the_refusals_of_a_day_are_kept(any_database: Database) -> None:
    def work(connection) -> None:  # type: ignore[no-untyped-def]
        sessions.begin(connection, "olga", NOW - timedelta(days=9))
        sessions.begin(connection, "olga", NOW - timedelta(days=1))
        sessions.end_all(connection, "olga")
        for hours, number in ((60, 1000), (30, 100), (20, 3), (1, 4)):
            marks.note(connection, "refused", NOW - timedelta(hours=hours), number)

    any_database.write(work)
    with any_database.read() as connection:
        found = status.read(connection, [], NOW, "auto", 5).here
    assert (found.last_login, found.refused) == (TODAY - timedelta(days=1), 7)
    assert (found.last_backup, found.lapsed_backups, found.last_purge) == (None, 0, None)


def test_the_command_tells_numbers_and_days_and_no_word(tmp_path: Path, submit: Submit) -> None:
    url = f"sqlite:///{tmp_path}/candle.sqlite"
    opened = connect(url)
    migrate(opened)
    submit(opened, "Markedwordszq", first_name="Markednamezq")
    opened.close()
    run = CliRunner(env={"CANDLE_DATABASE_URL": url})
    told, as_json = (run.invoke(cli, ["status", *more]).stdout for more in ([], ["--json"]))
    assert f"waiting for review           1 since {TODAY}" in told
    assert "Marked" not in told + as_json
    assert json.loads(as_json)["campaigns"]["mikita"]["waiting"] == {"number": 1, "since": str(TODAY)}
