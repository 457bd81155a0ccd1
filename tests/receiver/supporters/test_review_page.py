"""The review page stores what it showed, and nothing else: read and sent back as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.receiver.conftest import GOOD, JSON, OWN, Supporter, token_in
from tests.support.table import table


class Form(HTMLParser):
    """The fields of a page's form, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._named = ""
        self._typing = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "textarea":
            self._named, self._typing = found["name"], True
            self.fields[self._named] = ""
        elif tag == "select":
            self._named = found["name"]
        elif tag == "option" and "selected" in found:
            self.fields[self._named] = found["value"]
        elif tag == "input" and (found["type"] != "checkbox" or "checked" in found):
            self.fields[found["name"]] = found.get("value", "")

    def handle_data(self, data):
        if self._typing:
            self.fields[self._named] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            typed, self._typing = self.fields[self._named], False
            self.fields[self._named] = typed.removeprefix("\n").replace("\n", "\r\n")


def press(supporter: Supporter, page: str, **changes: str):
    """Look at a page for a moment and press its button, with some fields changed."""
    supporter.clock.advance(4)
    fields = Form(page).fields | changes
    return supporter.client.post("/mikita/messages", data=fields, headers={"Origin": OWN})


def test_it_stores_what_it_showed(supporter):
    page = supporter.send("", updates="y")
    assert Form(page.text).fields.keys() >= GOOD.keys()
    assert press(supporter, page.text).status_code == 201


CHANGES = {
    "message": "Fewer words.",
    "first_name": "Hanna",
    "last_name": "",
    "email": "hanna@example.org",
    "country": "LT",
    "updates": "y",
}


@table("name", CHANGES)
def test_what_was_changed_on_it_is_shown_once_more_and_then_stored(supporter, name):
    page, before = supporter.send(""), supporter.count()
    again = press(supporter, page.text, **{name: CHANGES[name]})
    assert (again.status_code, supporter.count()) == (200, before)
    assert Form(again.text).fields.get(name, "") == CHANGES[name]
    assert press(supporter, again.text).status_code == 201


def test_a_fault_on_it_lets_no_other_words_through(supporter):
    page = supporter.send("")
    faulty = press(supporter, page.text, message="", country="Poland")
    assert faulty.status_code == 422
    again = press(supporter, faulty.text, message="Other words.", country="LT")
    assert (again.status_code, supporter.count()) == (200, 0)
    assert press(supporter, again.text).status_code == 201


def test_what_was_changed_at_once_is_stored_by_the_next_press(supporter):
    fields = Form(supporter.send("").text).fields | {"message": "Other words."}
    again = supporter.client.post("/mikita/messages", data=fields, headers={"Origin": OWN})
    assert press(supporter, again.text).status_code == 201


# What people type, what a page escapes, and what is changed on its way in.
ALPHABET = "abzЖў語אم09 <>&\"'`;=#\r\n\t\u00a0\u200b\u200d\u200e\u202e\u2028\u0007\u0301\ufeff❤\ufe0f—…"
anything = st.text(ALPHABET, min_size=1, max_size=60)


@pytest.mark.slow
@pytest.mark.parametrize("examples", [60, pytest.param(5_000, marks=pytest.mark.soak)])
def test_whatever_it_shows_is_stored_by_the_second_press(supporter, examples, figure):
    shown = []

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(anything, anything, anything)
    def look_and_press(message, first_name, last_name):
        page = supporter.send("", message=message, first_name=first_name, last_name=last_name)
        if page.status_code == 200:
            shown.append(page)
            assert press(supporter, page.text).status_code == 201

    look_and_press()
    figure("review pages, read and sent back", f"{len(shown)} of any words, all stored by the second press")
    assert shown


# Tokens that are for something else.


def test_a_token_of_the_review_page_takes_nothing_back(supporter):
    code = supporter.send(headers=JSON).json["receipt"]
    token = token_in(supporter.send("", message="Other words."))
    fields = {"receipt": code, "token": token}
    answer = supporter.client.post("/mikita/withdraw", data=fields, headers={"Origin": OWN} | JSON)
    assert (answer.status_code, answer.json["state"]) == (403, "review")
    assert supporter.count() == 1


# The server's clock is set back.


@pytest.mark.parametrize("back", [10, 3600, 366 * 24 * 3600])
def test_a_clock_that_steps_back_asks_for_one_more_press_and_no_wait(supporter, back):
    page = supporter.send("")
    supporter.clock.advance(-back)
    again = press(supporter, page.text)
    assert again.status_code == 200
    assert "quick" not in again.text
    assert token_in(again) != token_in(page)
    assert press(supporter, again.text).status_code == 201
