"""The queues of the desk: which tab is lit, what it counts, and that nobody is thrown out of theirs."""

from __future__ import annotations

import re

import pytest

from campaign.doctor.digest import as_markdown, read_digest
from campaign.messages import asides, presence
from receiver.staff.login import now
from tests.conftest import NOW, TODAY
from tests.receiver.desk import Desk
from tests.support.review import get, reject

pytestmark = pytest.mark.slow  # each logs in, and a guess of a password takes 0.1 s by design
ASIDE = "/staff/mikita/?aside=1"


@pytest.fixture
def three_aside(database, submit) -> list[str]:
    """Three messages that came in a flood and are set aside."""
    sent = [submit(database, f"Number {n}.", flood=True).message for n in range(3)]
    for identifier in sent:
        database.write(lambda c, one=identifier: asides.put(c, one, "Who reads Odia?", "olga", TODAY))
    return sent


def lit(page) -> str:
    (tab,) = re.findall(r'aria-current="page">([^<]+?) *<', page.text)
    return tab


def test_what_is_set_aside_is_in_no_other_count(app, database, desk: Desk, three_aside, submit):
    page = desk.get()
    assert "Waiting <b>0</b>" in page.text
    assert "From a flood" not in page.text
    page = desk.get("/staff/mikita/how-it-goes").text
    assert "<dt>Waiting for review</dt><dd>0</dd>" in page
    assert "<dt>Set aside</dt><dd>3</dd>" in page
    assert "The oldest since" not in page
    submit(database, "Another.")
    with database.read() as connection:
        campaign = app.extensions["candle"].contents.get("mikita")
        told = as_markdown(read_digest(connection, "mikita", campaign, NOW))
    assert re.search(r"- 1 waiting for review, the oldest since [0-9-]+; 3 more set aside\n", told)


def test_the_queue_of_the_message_is_lit_and_a_line_says_why_it_comes(desk: Desk, database, submit):
    submit(database, "From the flood.", flood=True)
    submit(database, "From a friend.")
    page = desk.get()
    assert lit(page) == "Waiting"
    assert "these came in a flood" not in page.text
    page = desk.follow(desk.press(page, "approve"))
    assert lit(page) == "From a flood"
    assert "Nothing else waits for you but what you skipped: these came in a flood." in page.text
    assert "came in a flood</" in page.text
    page = desk.get("/staff/mikita/?flood=1")
    assert lit(page) == "From a flood"
    assert "Nothing else waits" not in page.text


@pytest.mark.parametrize(
    ("action", "field", "words"),
    [("translate", "translation", "Dear Mikita"), ("aside", "note", "Ask Dana"), ("reject", "why", "")],
)
def test_what_stays_at_its_message_stays_in_the_queue(desk: Desk, three_aside, action, field, words):
    page = desk.follow(desk.press(desk.get(ASIDE), action, **{field: words}))
    assert lit(page) == "Set aside"
    page = desk.follow(desk.press(page, "approve"))
    assert lit(page) == "Set aside"


def test_a_cut_and_its_undoing_and_a_decision_stay_in_the_queue(desk: Desk, three_aside):
    page = desk.get(ASIDE)
    page = desk.get(re.search(r'class="cut-words"[^>]*href="([^"]+)"', page.text)[1].replace("&amp;", "&"))
    assert re.search(r'href="[^"]*aside=1[^"]*">Keep all', page.text)
    page = desk.follow(desk.press(page, "cut", why="a name", **{"message:0:6": "y"}))
    for action in ("undo", "approve", "undo", "reject"):
        page = desk.follow(desk.press(page, action, why="Spam"))
    assert lit(page) == "Set aside"
    assert "Number 1." in page.text
    page = desk.follow(desk.press(page, "reopen"))
    assert lit(page) == "From a flood"
    page = desk.follow(desk.press(page, "approve"))
    assert "Number 2." in page.text
    assert lit(page) == "Set aside"


def test_who_comes_to_what_is_set_aside_by_its_address_goes_on_there(desk: Desk, three_aside):
    page = desk.get(f"/staff/mikita/?message={three_aside[2]}")
    page = desk.follow(desk.press(page, "approve"))
    assert "Number 0." in page.text


def test_who_puts_back_what_somebody_decided_meanwhile_overwrites_nothing(desk: Desk, three_aside, database):
    page = desk.get(ASIDE)
    reject(database, three_aside[0])
    assert "Somebody was quicker: it is rejected" in desk.follow(desk.press(page, "reopen")).text
    assert get(database, three_aside[0]).state == "rejected"


def test_where_somebody_holds_many_the_next_is_one_at_which_nobody_looks(desk: Desk, database, submit):
    held = [submit(database, f"Number {n}.").message for n in range(52)]
    database.write(lambda c: presence.take_all(c, held[:-1], "petr", now()))
    assert f'data-id="{held[-1]}"' in desk.get().text


def test_a_note_that_was_not_seen_is_not_lost_by_a_decision(desk: Desk, message, database):
    page = desk.get()
    database.write(lambda c: asides.put(c, message.id, "Ask Dana.", "petr", TODAY))
    page = desk.follow(desk.press(page, "approve"))
    assert "It was set aside by petr since you saw it" in page.text
    assert "Ask Dana." in page.text
    database.write(lambda c: asides.put(c, message.id, "Ask\nYana.", "petr", TODAY))
    page = desk.follow(desk.press(page, "approve"))
    assert "Ask\nYana." in page.text
    desk.press(page, "approve", noted="Ask\r\nYana.")  # as a browser writes a line's end
    assert get(database, message.id).state == "approved"
