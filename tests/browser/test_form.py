"""The form while somebody writes: its suggestions, its faults, its risky words, its way by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.writing import THANKED, WORDS, Receiver, complaint, send, write
from tests.support.lanes import few

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]


@pytest.mark.parametrize("own", few(1, ["Dear Mikita,", ""]))
def test_an_inserted_suggestion_is_taken_out_by_the_keyboard_and_by_a_button(own: str, visit: Visit) -> None:
    page = visit().page
    message = page.get_by_label("Your message")
    undo = page.get_by_role("button", name="Take these words out again")
    message.fill(own)
    for take_out in (lambda: page.keyboard.press("Control+z"), undo.click):
        page.locator(".suggestions button").first.click()
        expect(message).to_have_value(re.compile(".{20}", re.DOTALL))
        take_out()
        expect(message).to_have_value(own)
        expect(undo).to_be_hidden()


def test_an_edited_suggestion_is_the_writer_s_own_text(visit: Visit) -> None:
    page = visit().page
    message, buttons = page.get_by_label("Your message"), page.locator(".suggestions button")
    page.get_by_text("More words to borrow").click()
    buttons.first.click()
    expect(message).to_be_focused()
    page.keyboard.type(" And a song.")
    edited = message.input_value()
    buttons.nth(1).click()
    expect(message).to_have_value(re.compile(f"{re.escape(edited)}\n"))


def test_risky_words_are_pointed_out_and_never_in_the_way(visit: Visit) -> None:
    receiver = Receiver(THANKED)
    page = visit(prepare=receiver.attach).page
    for words, named in (
        ("За свободу", "“свободу”"),
        ("Barefight, unfree", ""),
        ("A warm day", ""),
        ("Fight for FREEDOMS!", "“FREEDOMS”, “Fight”"),
    ):
        write(page, words)
        said = f"A card may be stopped for this: {named}. You decide; nothing keeps you from sending it."
        expect(page.locator(".card-text")).to_have_text(words)
        expect(page.locator(".risk").first).to_have_text(said if named else "")
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert receiver.posted()["message"] == words


LETTERS = "A card in another alphabet arrives less often."
ADDRESS = "This looks like an address, a telephone number or a link."


def test_other_letters_and_how_to_find_somebody_are_pointed_out_while_writing(visit: Visit) -> None:
    page = visit().page
    for words, line, told in (
        ("We are with you, Mikita", LETTERS, True),
        ("Мы з табой, Мікіта! Minecraft", LETTERS, False),
        ("We are with you", LETTERS, True),
        ("Hi Mikita!", LETTERS, False),
        ("We are with you too", LETTERS, True),
        ("1234567890123", LETTERS, False),
        ("Write to anna@example.org", ADDRESS, True),
        ("I was born on 22.11.2026, at 12 or 13", ADDRESS, False),
        ("Look at www.example.org", ADDRESS, True),
        ("Read ISBN 978-0-261-10334-4, ISBN-10: 0-261-10334-1 or 9780261103344", ADDRESS, False),
        ("Ring me: 978 026 110", ADDRESS, True),
        ("Of 10 000 000 people in 1995-2005, one", ADDRESS, False),
        ("Ring me: +375 29 000-00-00", ADDRESS, True),
    ):
        write(page, words)
        expect(page.locator(".card-text")).to_have_text(words)
        expect(page.get_by_text(line)).to_have_count(int(told))


def test_no_word_leaves_the_browser_before_it_is_sent(visit: Visit) -> None:
    receiver = Receiver()
    watched = visit(prepare=receiver.attach)
    write(watched.page, "Freedom! We are with you.")
    watched.page.wait_for_load_state("networkidle")
    assert {request.method for request in watched.requests} == {"GET"}
    assert not [request.url for request in watched.requests if "reedom" in request.url]


def test_what_is_needed_is_told_from_what_is_optional(visit: Visit) -> None:
    page = visit().page
    told = page.locator(".message-form [id][name]").evaluate_all(
        "(all) => all.map((field) => [field.ariaRequired === 'true', field.labels[0].textContent])"
    )
    assert len(told) > 6
    assert all(required != ("(optional)" in label) for required, label in told)
    # What is required by the attribute is invalid while it is empty, to Firefox and so to a screen reader.
    expect(page.locator(".message-form :invalid")).to_have_count(0)


def test_news_ask_for_an_address_before_anything_is_sent(visit: Visit) -> None:
    receiver = Receiver(THANKED)
    page = visit(prepare=receiver.attach).page
    write(page)
    page.get_by_label("E-mail address").fill("")
    page.get_by_label("Write to me when there is news").check()
    page.locator(".details summary").click()
    send(page)
    assert "Write your e-mail address" in complaint(page)
    assert "without an address no news can reach you" in complaint(page)
    assert receiver.posts == []
    page.get_by_role("link", name="Write your e-mail address").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("anna@example.org")
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_message_over_the_limit_is_marked_until_it_fits_and_counted_whole(visit: Visit) -> None:
    page = visit().page
    message = page.get_by_label("Your message")
    message.fill("x" * 401)
    expect(message).to_have_attribute("aria-invalid", "true")
    message.fill("x" * 400)
    expect(message).not_to_have_attribute("aria-invalid", "true")
    message.fill("Dear Mikita! " * 2_000)
    expect(page.locator(".counter")).to_have_text("Too many characters: 25,599")
    expect(page.locator(".card-text")).to_contain_text("Dear Mikita!")
    assert page.locator(".card-text").evaluate("(shown) => shown.textContent.length") < 10_000
    message.press("End")
    expect(message).to_have_value("Dear Mikita! " * 2_000)


@pytest.mark.parametrize("width", few(1, [320, 1280]))
def test_from_top_to_sent_it_takes_twelve_tabs_at_most(width: int, visit: Visit) -> None:
    receiver = Receiver(THANKED)
    page = visit(prepare=receiver.attach, viewport={"width": width, "height": 900}).page
    tabs = 0

    def tab_to(wanted: str) -> None:
        nonlocal tabs
        while not page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            page.keyboard.press("Tab")
            tabs += 1
            assert tabs <= 12, wanted

    tab_to("[href='#write']")
    page.keyboard.press("Enter")
    for name, keys in (("message", WORDS), ("first_name", "Anna"), ("consent", " ")):
        tab_to(f"#{name}")
        page.keyboard.type(keys)
    tab_to("[type=submit]")
    page.keyboard.press("Enter")
    page.clock.run_for(4_100)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_ask_is_at_hand_until_the_form_is_in_view(script: bool, visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 664}, java_script_enabled=script).page
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img")).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("link", name="Write to Mikita")).to_have_count(1)
    assert uncovered(page)
    page.evaluate("scrollTo(0, 1500)")
    assert uncovered(page)
    for above in (664, 300, 0):  # pixels of the screen above the part with the form
        page.locator(".write").evaluate(
            "(part, above) => scrollTo({ top: part.offsetTop - above, behavior: 'instant' })", above
        )
        assert uncovered(page) is (above == 664)


def uncovered(page: Page) -> bool:
    """Tell whether the middle of the ask is what a finger would hit there."""
    box = page.get_by_role("link", name="Write to Mikita").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hit = "([x, y]) => document.elementFromPoint(x, y)?.closest('.hero .button') != null"
    return 0 < y < 664 and bool(page.evaluate(hit, [x, y]))
