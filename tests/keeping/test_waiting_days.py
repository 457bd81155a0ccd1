"""What is never approved or printed does not stay for ever, and nobody is taken by surprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from campaign import ROOT
from campaign.content.campaign import Campaign, load
from campaign.doctor import waiting
from campaign.keeping import retention
from campaign.keeping.retention import Purged
from campaign.ledger import transitions
from campaign.messages import review
from campaign.storage.database import Database
from campaign.storage.tables import messages as table
from tests.conftest import APPROVAL_KEY, TODAY, Submit
from tests.support.ledger import put_in_batch
from tests.support.review import get

DAYS = 100


@pytest.fixture
def short(campaign: Campaign) -> Campaign:
    """The campaign, with a hundred days for what waits."""
    return replace(campaign, privacy=replace(campaign.privacy, waiting_days=DAYS))


def purge(database: Database, campaign: Campaign, days: int, folder: Path) -> Purged:
    """Purge so many days after TODAY, on which everything arrived."""
    now = datetime.combine(TODAY + timedelta(days=days), time(12), UTC)
    return retention.purge(database, campaign, now, folder)


@pytest.fixture
def messages(any_database: Database, submit: Submit) -> dict[str, str]:
    """One message of each kind that is not erased otherwise."""
    ids = {kind: submit(any_database, f"Words {kind}", sealed=b"s").message for kind in KINDS}
    for kind in KINDS[1:]:
        any_database.write(lambda c, kind=kind: review.approve(c, ids[kind], "olga", [APPROVAL_KEY], TODAY))
    for number, state in enumerate(("planned", "rendered", "printed", "posted"), 1):
        put_in_batch(any_database, [ids[state]], number, state=state)
    put_in_batch(any_database, [ids["taken back"]], 5, state="printed")
    any_database.write(lambda c: transitions.void(c, "mikita", 5, "spoiled"))
    return ids


KINDS = ("waiting", "approved", "taken back", "planned", "rendered", "printed", "posted")


def test_only_what_is_on_no_card_goes_and_with_it_its_details(
    any_database: Database, messages: dict[str, str], short: Campaign, tmp_path: Path
) -> None:
    assert purge(any_database, short, -30, tmp_path).messages == 0  # a clock that is behind
    late = {"received_on": TODAY + timedelta(days=300)}  # by a clock that was ahead
    one = update(table).where(table.c.id == messages["waiting"])
    any_database.write(lambda c: c.execute(one.values(late)) and None)
    assert purge(any_database, short, 0, tmp_path).messages == 0
    assert purge(any_database, short, DAYS - 1, tmp_path).messages == 0
    assert purge(any_database, short, DAYS, tmp_path).messages == 3
    gone = {kind for kind in KINDS if get(any_database, messages[kind]).erased_on}
    assert gone == {"waiting", "approved", "taken back"}
    assert purge(any_database, short, DAYS, tmp_path).soon == ""


def test_what_came_by_a_clock_that_was_years_behind_is_not_due_at_once(
    any_database: Database, submit: Submit, short: Campaign, tmp_path: Path
) -> None:
    elsewhere = submit(any_database, "Of a campaign that is purged no more", campaign="other").message
    ahead = update(table).where(table.c.id == elsewhere).values(received_on=TODAY + timedelta(days=9 * DAYS))
    any_database.write(lambda c: c.execute(ahead) and None)
    first, second = (submit(any_database, words).message for words in ("Before", "At the next start"))
    late = update(table).where(table.c.id == second).values(received_on=TODAY - timedelta(days=9 * DAYS))
    any_database.write(lambda c: c.execute(late) and None)
    assert purge(any_database, short, 1, tmp_path).messages == 0
    assert purge(any_database, short, DAYS, tmp_path).messages == 1
    assert get(any_database, first).erased_on
    assert purge(any_database, short, DAYS + 1, tmp_path).messages == 1


def test_it_is_said_a_month_before(
    any_database: Database, messages: dict[str, str], short: Campaign, tmp_path: Path
) -> None:
    assert purge(any_database, short, DAYS - 31, tmp_path).soon == ""
    told = str(purge(any_database, short, DAYS - 30, tmp_path))
    day = TODAY + timedelta(days=DAYS)
    said = f"3 messages that nobody approved or printed will be erased from {day} on"
    assert f"{said}: read them" in told
    few = replace(short, privacy=replace(short.privacy, waiting_days=11))
    with any_database.read() as connection:
        assert not retention.soon(connection, few, TODAY + timedelta(days=5))
        for one, day in ((few, 6), (short, DAYS - 30)):
            (*_, found) = waiting.find(connection, {"mikita": one}, TODAY + timedelta(days=day))
            assert "approved or printed will be erased from" in found


def test_the_privacy_page_says_it_in_every_language() -> None:
    for code, edition in load(ROOT / "content" / "mikita").editions.items():
        assert edition.privacy.body_html.count("365") == 2, code
