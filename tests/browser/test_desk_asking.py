"""A panel or a fold of the desk that asks for words: it has the keys, and no letter decides anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from campaign.messages import asides
from tests.browser.test_desk import WORDS, Desk, desk, settle
from tests.conftest import TODAY

__all__ = ["desk"]
pytestmark = pytest.mark.browser


def stay(desk: Desk) -> None:
    assert {desk.state(name) for name in WORDS} == {"waiting"}


def test_the_panel_to_cut_has_the_focus_and_the_keys(desk):
    page = desk.let_in().page
    desk.look(page, f"?message={desk.messages['flags']}")
    page.keyboard.press("c")
    why = page.get_by_label("Why?")
    expect(why).to_be_focused()
    page.keyboard.type("surname1")
    expect(why).to_have_value("surname1")
    page.get_by_role("heading", level=1).click()
    settle(page)
    page.keyboard.type("surl1a")
    expect(why).to_be_visible()
    expect(page.locator(".words .text")).to_have_text(WORDS["flags"])
    page.keyboard.press("Escape")
    expect(why).to_have_count(0)
    page.get_by_role("link", name="Cut out “anna@example.org”").click()
    expect(why).to_be_focused()
    page.keyboard.type("her address")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cut out.", exact=True)).to_be_visible()
    expect(page.get_by_text(": her address")).to_be_visible()
    stay(desk)


def test_without_javascript_the_panel_has_the_focus_too(desk):
    page = desk.let_in(java_script_enabled=False).page
    desk.show(page, "unprintable")
    page.get_by_role("link", name="Cut out “𓀀”").click()
    expect(page.get_by_label("Why?")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("!")
    expect(page.get_by_label("Why?")).to_have_value("no font of the cards draws this!")


def test_the_fold_for_a_translation_has_the_focus_and_the_keys(desk):
    page = desk.let_in().page
    desk.look(page, f"?message={desk.messages['hebrew']}")
    page.locator(".translation summary").click()
    field = page.get_by_label("For staff alone")
    expect(field).to_be_focused()
    page.get_by_role("heading", level=1).click()
    settle(page)
    page.keyboard.type("as1")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    field.fill("Dear")
    page.reload()
    expect(field).to_have_value("Dear")  # what was begun has the keys again
    settle(page)
    page.keyboard.type("as1")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    field.focus()
    page.keyboard.press("Escape")
    expect(field).not_to_be_visible()
    expect(page.locator(".translation summary")).to_be_focused()
    stay(desk)


def test_while_the_panel_is_on_its_way_no_key_decides(desk):
    page = desk.let_in().page
    asked: list[Route] = []
    page.route("**/*cut=*", lambda route: asked.append(route))
    desk.look(page, f"?message={desk.messages['flags']}")
    settle(page)
    page.keyboard.press("c")
    while not asked:
        page.wait_for_timeout(20)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    asked[0].continue_()
    expect(page.get_by_label("Why?")).to_be_focused()
    stay(desk)


def test_a_reason_and_a_note_are_typed_where_their_key_leads(desk):
    page = desk.let_in().page
    desk.look(page, f"?message={desk.messages['hebrew']}")
    for key, label in (("r", "For another reason"), ("l", "what does it wait for?")):
        page.keyboard.press(key)
        page.keyboard.type("usa1")
        expect(page.get_by_label(label)).to_have_value("usa1")
        page.keyboard.press("Escape")
    stay(desk)


def test_a_reload_stays_in_the_queue_and_its_tab_stays_lit(desk):
    for name in ("flags", "hebrew", "unprintable"):
        desk.database.write(lambda c, one=name: asides.put(c, desk.messages[one], "Odia?", "olga", TODAY))
    page = desk.let_in().page
    with page.expect_response("**/*after=*"):
        page.goto(f"{desk.url}/staff/mikita/?aside=1")
    settle(page)
    page.keyboard.press("a")
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    expect(page.locator("nav [aria-current]")).to_have_text("Set aside 2")
    page.reload()
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    expect(page.locator("nav [aria-current]")).to_have_text("Set aside 2")


def test_what_is_being_typed_outlives_a_page_that_says_what_went_wrong(desk):
    page = desk.let_in().page
    desk.show(page, "hebrew")
    page.locator(".translation summary").click()
    page.locator("#translation").fill(words := "Щ" * 3000)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="That is too long")).to_be_visible()
    desk.show(page, "hebrew")
    expect(page.locator("#translation")).to_have_value(words)
