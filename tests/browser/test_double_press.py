"""A key that is pressed twice, at every distance: the second press decides no message that nobody has seen.

The page's clock stands still between the presses, so that a busy machine changes no distance.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from campaign.messages import review
from campaign.messages.message_counts import count_by_state
from tests.browser.test_desk import Desk, desk, submit_more
from tests.conftest import TODAY
from tests.support.lanes import few

__all__ = ["desk", "submit_more"]
pytestmark = pytest.mark.browser

HURRY = 700  # milliseconds
STEPS = few(1, [100, 10])
# Whether the answer had come before the second press, and its key: each once, and the rest in the soak.
PRESSES = few(3, [(False, "a"), (True, "1"), (True, "s"), (True, "a"), (False, "1"), (False, "s")])


def approved(desk: Desk) -> int:
    with desk.database.read() as connection:
        return count_by_state(connection, "mikita").approved


def begin(desk: Desk, submit_more: Callable[..., str], number: int) -> Page:
    """Look at the first of so many plain messages, and stop the clock."""
    for one in desk.messages.values():
        desk.database.write(lambda c, one=one: review.reject(c, one, "petr", "Spam", TODAY))
    for n in range(number):
        submit_more(f"We are with you, number {n}.")
    page = desk.let_in().page
    page.clock.install()
    desk.look(page)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    return page


def answered(page: Page) -> None:
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()


@pytest.mark.parametrize(("waited", "key"), PRESSES)
@pytest.mark.parametrize("step", STEPS)
def test_a_second_press_decides_nothing_at_any_distance(
    desk: Desk, submit_more: Callable[..., str], step: int, waited: bool, key: str
) -> None:
    distances = range(0, HURRY, step)
    page = begin(desk, submit_more, len(distances) + 2)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    for number, distance in enumerate(distances, 1):
        page.keyboard.press("a")
        if waited:
            answered(page)
        page.clock.run_for(distance)
        shown = page.locator(".desk").get_attribute("data-id")
        page.keyboard.press(key)
        assert page.locator(".desk").get_attribute("data-id") == shown, f"{distance} ms after the decision"
        answered(page)
        assert len(sent) == number == approved(desk), f"{distance} ms after the decision"
        page.clock.run_for(1000)
    with page.expect_response("**/approve"):
        page.keyboard.press("a")
        page.clock.run_for(HURRY)
        page.keyboard.press("a")


def test_what_was_sent_is_not_sent_again_while_a_picture_of_the_page_still_comes(desk: Desk) -> None:
    page = desk.let_in().page
    held: list[Route] = []
    page.route("**/card.png*", lambda route: held.append(route))
    with page.expect_request("**/card.png*"):
        page.goto(
            f"{desk.url}/staff/mikita/?message={desk.messages['hebrew']}", wait_until="domcontentloaded"
        )
    form = page.locator("form", has=page.locator("#note"))
    form.evaluate("form => { form.dataset.sent = 'yes' }")  # as what was sent is marked
    page.evaluate("addEventListener('pageshow', () => document.body.classList.add('whole'))")
    held[0].continue_()
    page.locator("body.whole").wait_for()
    assert form.get_attribute("data-sent") == "yes"
