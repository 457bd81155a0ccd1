"""What each page of the desk asks of the database: little, and never all messages of a campaign."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event

from campaign.messages import review
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.ledger import put_in_batch

pytestmark = pytest.mark.slow  # it logs in
MOST = 20  # statements
# Read from end to end, or of one campaign whatever their state: both grow with all that ever came.
ALL = re.compile(r"SCAN messages\b|SEARCH messages USING (?:COVERING )?INDEX \w+ \(campaign=\?\)")
PAGES = (
    "", "?after=2", "?flood=1", "?aside=1", "?message={0}", "messages", "messages?state=approved",
    "messages?state=rejected", "groups", "groups?kind=unflagged", "batches", "batches/1",
)  # fmt: skip


@pytest.fixture
def sent(database, submit) -> list[str]:
    """Messages in each state, some of them on cards that are ready to print."""
    ids = [submit(database, f"A river and field number {n}.", flood=n == 9).message for n in range(12)]
    for one in ids[:6]:
        database.write(lambda c, one=one: review.approve(c, one, "petr", [APPROVAL_KEY], TODAY))
    database.write(lambda c: review.reject(c, ids[6], "petr", "Spam", TODAY))
    put_in_batch(database, ids[:4], 1, state="rendered")
    return ids


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_little_and_looks_through_no_campaign(desk, database, sent, path):
    asked: list[tuple[str, Any]] = []

    def see(_connection, _cursor, statement, parameters, *_more) -> None:
        asked.append((statement, parameters))

    address = f"/staff/mikita/{path.format(sent[0])}"
    assert desk.get(address).status_code == 200
    event.listen(database.engine, "before_cursor_execute", see)
    desk.get(address)
    event.remove(database.engine, "before_cursor_execute", see)
    chosen = [(words, given) for words, given in asked if words.startswith("SELECT")]
    assert 3 < len(asked) <= MOST
    with database.read() as connection:
        for words, given in chosen:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given).all()
            assert not [row for row in plan if ALL.search(row[-1])], words
