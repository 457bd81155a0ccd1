"""The staff desk on a phone, and its tabs and notices: nothing that stands over a message hides it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from campaign.messages import asides, review
from tests.browser.test_desk import DESKTOP, WORDS, Desk, desk, settle, submit_more
from tests.conftest import TODAY
from tests.support.lanes import few

__all__ = ["desk", "submit_more"]
pytestmark = pytest.mark.browser
LONG = "If you ever come to Cork, knock at 14 Willow Lane, second floor. There is always tea, and a chair."


def fill_tabs(desk: Desk, submit_more) -> None:
    """Give the desk all tabs that it can have."""
    for words in ("One of many.", "Two of many."):
        submit_more(words, flood=True)
    other = submit_more("Ask somebody.")
    desk.database.write(lambda c: asides.put(c, other, "Who reads Odia?", "olga", TODAY))
    desk.messages["long"] = submit_more(LONG)
    desk.database.write(lambda c: review.reject(c, desk.messages["unprintable"], "olga", "Spam", TODAY))


def test_the_words_are_read_before_they_are_approved_and_all_tabs_stand_in_one_row(desk, submit_more):
    fill_tabs(desk, submit_more)
    page = desk.let_in(viewport={"width": 360, "height": 740}).page
    desk.look(page)
    page.keyboard.press("1")
    expect(page.locator(".notices").get_by_role("button", name="Undo")).to_be_visible()
    desk.show(page, "long")
    text = page.locator(".words .text").bounding_box()
    assert text["y"] < 330
    assert text["y"] + text["height"] < page.get_by_role("button", name="Approve").bounding_box()["y"]
    assert page.locator(".facts").bounding_box()["y"] > text["y"] + text["height"]
    page.get_by_role("link", name="Reject…").click()
    expect(page.get_by_role("button", name="Spam")).to_be_in_viewport()
    nav = page.locator(".top nav").bounding_box()
    assert nav["height"] < 60, "one row"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Rejected", "Find", "How it goes"):
        page.get_by_role("link", name=name).click()
        expect(page.locator("nav [aria-current]")).to_contain_text(name)
        expect(page.locator("nav [aria-current]")).to_be_in_viewport(ratio=0.9)
    page.set_viewport_size(DESKTOP)
    assert len({tab.bounding_box()["y"] for tab in page.locator(".top nav a").all()}) == 1


def test_who_comes_to_a_flood_because_nothing_else_waits_stays_in_the_queue_that_was_opened(
    desk, submit_more
):
    for number in range(4):
        submit_more(f"Number {number} of a flood.", flood=True)
    page = desk.let_in().page
    with page.expect_response("**/*after=*"):
        page.goto(f"{desk.url}/staff/mikita/?after=999999")
    for _ in range(3):
        settle(page)
        with page.expect_response("**/approve"), page.expect_response("**/*after=*"):
            page.keyboard.press("a")
    expect(page.locator(".words .text")).to_have_text("Number 3 of a flood.")
    expect(
        page.get_by_text("Nothing else waits for you but what you skipped: these came in a flood.")
    ).to_be_visible()
    assert page.url == f"{desk.url}/staff/mikita/"


@pytest.mark.parametrize(("key", "fail"), few(2, [("1", True), ("c", False), ("c", True), ("1", False)]))
def test_what_waits_for_an_answer_goes_no_further_where_that_is_a_no(desk, key, fail):
    page = desk.let_in().page
    held, gone = list[Route](), list[str]()
    page.route("**/approve", lambda route: held.append(route))
    with page.expect_response("**/*after=*"):
        desk.look(page)
    page.keyboard.press("a")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    settle(page)
    page.on("request", lambda one: gone.append(one.url) if one.is_navigation_request() else None)
    page.keyboard.press(key)
    desk.database.write(lambda c: review.reject(c, desk.messages["flags"], "petr", "Spam", TODAY))
    held[0].abort() if fail else held[0].continue_()
    expect(page.get_by_text("No answer came" if fail else "Somebody was quicker")).to_be_visible()
    settle(page)
    assert (gone, desk.state("hebrew")) == ([], "waiting")
    page.keyboard.press("c")  # the keys go on
    expect(page.get_by_text("Tick the words to cut out", exact=True)).to_be_visible()


def test_a_notice_tells_the_reason_and_undo_what_it_undid_in_one_box(desk):
    page = desk.let_in().page
    desk.look(page)
    page.keyboard.press("1")
    expect(page.locator(".notices [role=status]")).to_have_text("Rejected: Spam.")
    settle(page)
    page.keyboard.press("2")
    expect(page.locator(".notices [role=status]")).to_have_text("Rejected: Insult or threat.")
    settle(page)
    page.keyboard.press("u")
    notice = page.locator(".notices > .told:visible")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text(f"The message waits again. {WORDS['hebrew'][:20]}")
    expect(notice).to_contain_text("Rejected: Spam.")


def test_the_list_of_keys_keeps_them_where_no_mouse_is_reported(desk):
    page = desk.enter(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).page
    assert page.evaluate("matchMedia('(hover: none)').matches")
    page.locator(".keys summary").click()
    expect(page.locator(".keys li kbd").first).to_be_visible()
    expect(page.locator(".bar kbd").first).not_to_be_visible()
