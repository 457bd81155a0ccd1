"""Reviewing many messages in a real browser: by keys alone, by two at once without JavaScript, in groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaign.accounts import staff
from tests.browser.test_desk import Desk, clean, desk, submit_more, watch
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.review import get

__all__ = ["desk", "submit_more"]
pytestmark = pytest.mark.browser

TYPED = {"a": "ф", "s": "Process"}  # on the keys of these letters: in Cyrillic, and by an input method
HURRY = 720  # milliseconds after which a press counts again


def many(few: int, *soaked: int) -> list[object]:
    """Let few be reviewed in `make test`, and more in the soak."""
    return [few, *(pytest.param(number, marks=pytest.mark.soak) for number in soaked)]


def send(submit_more: Callable[..., str], number: int) -> dict[str, str]:
    """Let messages wait of which some are approved, some rejected; returns the state that each shall have."""
    wanted = {}
    for n in range(number):
        bad = n % 4 == 3
        words = f"Number {n}: " + ("buy my things." if bad else "a river, a field and a bird.")
        wanted[submit_more(words)] = "rejected" if bad else "approved"
    return wanted


@pytest.mark.parametrize("number", many(9, 200, 500))
def test_many_are_reviewed_by_keys_alone_on_other_keyboards(
    desk: Desk, submit_more: Callable[..., str], number: int
) -> None:
    wanted = send(submit_more, number)
    page = desk.let_in().page
    desk.look(page)

    def press(key: str, code: str) -> None:
        event = {"key": key, "code": code, "bubbles": True}
        page.evaluate("event => document.body.dispatchEvent(new KeyboardEvent('keydown', event))", event)

    press("End", "Numpad1")  # a number pad that moves, and writes no numbers
    decided = 0
    while decided < number:
        text = page.locator(".words .text")
        words = text.inner_text()
        if not words.startswith("Number"):
            press(TYPED["s"], "KeyS")
        else:
            press("1", "Digit1") if "buy" in words else press(TYPED["a"], "KeyA")
            decided += 1
        expect(text).not_to_have_text(words)
        watch(page, HURRY)
    for state, number in Counter(wanted.values()).items():  # the last answer may still be on its way
        expect(page.get_by_role("link", name=f"{state.capitalize()} {number}")).to_be_visible()
    assert {one: get(desk.database, one).state for one in wanted} == wanted


def test_a_screen_reader_is_told_what_was_decided_and_what_stands_there_now(desk: Desk) -> None:
    """What is put in the place of another says nothing, be it a status or a heading with the focus."""
    page = desk.let_in().page
    desk.look(page)
    aloud = page.locator("body > [role=status]")
    expect(aloud).to_have_text("")
    page.keyboard.press("1")
    expect(aloud).to_contain_text("Rejected: Spam. – מיקיטה היקר")
    expect(aloud).to_contain_text("Anna Maria – a first name of several words, perhaps a surname")


@pytest.mark.parametrize("number", many(5, 8, 200))
def test_two_browsers_on_one_queue_are_never_at_the_same_message(
    desk: Desk, submit_more: Callable[..., str], number: int
) -> None:
    wanted = send(submit_more, number)
    other = desk.database.write(lambda c: staff.add(c, "petr", [APPROVAL_KEY], TODAY))
    pages = [desk.enter(java_script_enabled=False).page, enter_as(desk, "petr", other)]
    shown: list[str] = [page.locator(".words .text").inner_text() for page in pages]
    while any(words.startswith("Number") for words in shown) or decided(desk, wanted) < len(wanted):
        assert shown[0] != shown[1]
        for number, page in enumerate(pages):
            words = page.locator(".words .text").inner_text()
            if words.startswith("Number"):
                page.get_by_role("button", name="Spam" if "buy" in words else "Approve").first.click()
            else:
                page.get_by_role("link", name="Skip").click()
            shown[number] = page.locator(".words .text").inner_text()
    assert {one: get(desk.database, one).state for one in wanted} == wanted


def decided(desk: Desk, wanted: dict[str, str]) -> int:
    return sum(get(desk.database, one).state != "waiting" for one in wanted)


def enter_as(desk: Desk, name: str, password: str) -> Page:
    page = desk.browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{desk.url}/staff/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    return page


@pytest.mark.parametrize("width", many(320, 1280))
def test_groups_are_open_to_everybody_and_need_no_script(
    desk: Desk, submit_more: Callable[..., str], width: int
) -> None:
    ids = [submit_more(words) for words in ("Hold on!", "hold  on", "HOLD ON")]
    page = desk.enter(viewport={"width": width, "height": 800}).page
    page.get_by_role("link", name="Groups").click()
    clean(page, "groups")
    page.get_by_role("link", name="Hold on!").click()
    clean(page, "a group")
    page.get_by_label("Leave out").nth(1).check()
    watch(page, 400)
    page.get_by_role("button", name="Approve all but the ticked").click()
    expect(page.get_by_text("Approved: 2 messages.")).to_be_visible()
    clean(page, "an empty group")
    assert [get(desk.database, one).state for one in ids] == ["approved", "waiting", "approved"]
