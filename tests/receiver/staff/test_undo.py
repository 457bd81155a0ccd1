"""Undo: the last step is taken back, and what the desk offers to undo is what is undone."""

from __future__ import annotations

import re

import pytest

from campaign.messages import asides, review
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, csrf_in
from tests.support.ledger import put_in_batch
from tests.support.review import get

pytestmark = pytest.mark.slow  # each logs in


def offered(page) -> str:
    """Return what stands beside the button that undoes, or ""."""
    found = re.search(r'action="/staff/mikita/undo">.*?</form>', page.text, re.S)
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", found[0].partition("role=")[2])) if found else ""


def cut(desk, message, words="Stay"):
    start = message.text.index(words)
    page = desk.get(f"/staff/mikita/?message={message.id}&cut=words&of={message.fingerprint}")
    return desk.press(page, "cut", why="a name", **{f"message:{start}:{start + len(words)}": "y"})


def test_decisions_are_undone_one_after_the_other(desk, database, submit):
    first, second = (submit(database, text).message for text in ("The first one.", "The second one."))
    page = desk.follow(desk.press(desk.get(), "approve"))
    page = desk.follow(desk.press(page, "reject", why="Spam"))
    twice, page = page, desk.follow(desk.press(page, "undo"))
    assert (get(database, first).state, get(database, second).state) == ("approved", "waiting")
    assert "That is undone already" in desk.follow(desk.press(twice, "undo")).text
    desk.press(page, "undo")
    assert get(database, first).state == "waiting"


def test_after_a_cut_it_puts_the_words_back_and_not_the_decision_before(desk, database, submit, message):
    other = submit(database, "Another one.").message
    page = desk.get(f"/staff/mikita/?message={other}")
    desk.press(page, "approve")
    page = desk.follow(cut(desk, message))
    assert "Cut out." in offered(page)
    assert "Put the words back" in offered(page)
    desk.press(page, "undo")
    assert get(database, message.id).text == message.text
    assert get(database, other).state == "approved"
    assert "Approved." in offered(desk.get())


def test_a_cut_of_what_is_approved_since_can_be_put_back(desk, database, message):
    cut(desk, message)
    database.write(lambda c: review.approve(c, message.id, "petr", [APPROVAL_KEY], TODAY))
    desk.press(desk.get(), "undo")
    kept = get(database, message.id)
    assert (kept.text, kept.state) == (message.text, "waiting")


def test_a_cut_that_somebody_cut_further_is_not_put_back(desk, database, message):
    page = desk.follow(cut(desk, message))
    further = Flag("removed", "message", 0, 6)
    database.write(lambda c: review.redact(c, message.id, [further], "petr", [APPROVAL_KEY], TODAY))
    page = desk.follow(desk.press(page, "undo"))
    assert "Nothing was changed." in page.text
    assert "strong" not in get(database, message.id).text


def test_dead_steps_are_passed_over_in_silence(desk, database, submit):
    """A card holds one, somebody else decided on another: what is offered is the one before them."""
    first, second, third = (submit(database, f"Number {n}.").message for n in range(3))
    for _ in range(3):
        desk.press(desk.get(), "approve")
    put_in_batch(database, [third])
    database.write(lambda c: review.reject(c, second, "petr", "Spam", TODAY))
    page = desk.get()
    assert "Number 0." in offered(page)
    page = desk.follow(desk.press(page, "undo"))
    assert [get(database, one).state for one in (first, second, third)] == ["waiting", "rejected", "approved"]
    assert offered(page) == ""


def test_what_somebody_else_set_aside_since_is_not_put_back(desk, database, message):
    page = desk.follow(desk.press(desk.get(), "aside", note="Ask Dana"))
    assert "Set aside" in offered(page)
    database.write(lambda c: asides.put(c, message.id, "Ask Yana", "petr", TODAY))
    assert offered(desk.get()) == ""


def test_what_died_while_it_was_offered_is_not_undone_and_says_so(desk, database, message):
    page = desk.follow(desk.press(desk.get(), "approve"))
    put_in_batch(database, [message.id])
    page = desk.follow(desk.press(page, "undo"))
    assert "Nothing was changed." in page.text
    assert get(database, message.id).state == "approved"


def test_what_was_not_done_here_is_not_undone_here(desk, database, message):
    page = desk.get()
    database.write(lambda c: review.reject(c, message.id, "petr", "Spam", TODAY))
    fields = {"csrf_token": csrf_in(page), "step": f"rejected {message.id} 1"}
    headers = {"Referer": f"{OWN}/"}
    desk.client.post("/staff/mikita/undo", base_url=OWN, data=fields, headers=headers)
    assert get(database, message.id).state == "rejected"
