"""Thanks are seen: at the top of the view on any screen, with the receipt and a way to share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FrozenSite, Watched
from tests.browser.writing import THANKED, WORDS, Receiver, send, write
from tests.support.lanes import few

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]
SHARED = "Mikita was waiting for a friend"


def thanked(
    visit: Visit, receiver: Receiver | None = None, *, sharing: bool = False, **options: object
) -> Watched:
    def prepare(page: Page) -> None:
        (receiver or Receiver(THANKED)).attach(page)
        if sharing:
            page.add_init_script("navigator.share = async (data) => { window.shared = data }")

    watched = visit(prepare=prepare, **options)
    write(watched.page)
    send(watched.page)
    expect(watched.page.get_by_role("heading", name="Thank you")).to_be_visible()
    return watched


@pytest.mark.parametrize(("width", "height"), few(2, [(390, 664), (844, 390), (320, 568), (1920, 1200)]))
def test_the_heading_of_the_thanks_stands_at_the_top_and_has_focus(
    width: int, height: int, visit: Visit
) -> None:
    # As it scrolls for most people: smoothly.
    size = {"width": width, "height": height}
    page = thanked(visit, viewport=size, reduced_motion="no-preference").page
    heading = page.get_by_role("heading", name="Thank you")
    expect(heading).to_be_focused()
    top = heading.bounding_box()
    assert top is not None
    assert 0 <= top["y"] <= 60
    assert page.title() == "Thank you"


def test_a_phone_shows_with_the_thanks_that_the_words_arrived(visit: Visit) -> None:
    page = thanked(visit, viewport={"width": 390, "height": 664}).page
    expect(page.locator(".thanked").get_by_text("Your message has arrived")).to_be_in_viewport(ratio=1)
    expect(page.locator(".thanked ol strong").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".hero-words .button")).to_be_hidden()  # nobody is asked for what they did


def test_thanks_come_with_the_card_the_receipt_and_what_was_posted(
    visit: Visit, frozen_site: FrozenSite
) -> None:
    receiver = Receiver(THANKED)
    receiver.count = {"signatures": 1, "signatures_as_of": "2026-01-01T00:00:00Z", "posted": 1234}
    watched = thanked(visit, receiver)
    page = watched.page
    expect(page.locator(".receipt")).to_have_text("candle-wax-42")
    expect(page.locator(".card-text")).to_have_text(WORDS)
    expect(page.get_by_text("Messages posted to Mikita so far: 1,234")).to_be_visible()
    expect(page.locator("form")).to_have_count(0)
    expect(page.get_by_role("link", name="Take a message back (opens in a new tab)")).to_have_attribute(
        "href", f"{frozen_site.receiver_url}/mikita/withdraw?language=en"
    )
    assert receiver.posted()["token"] == "token-1"
    assert receiver.posted()["message"] == WORDS
    assert page.url == f"{frozen_site.url}/mikita/en/"
    expect(page.get_by_role("button", name="Copy the code")).to_be_visible()
    assert watched.complaints == []


def test_receipt_and_address_can_be_copied_and_what_is_shared_tells_nothing_of_the_writer(
    visit: Visit, frozen_site: FrozenSite
) -> None:
    page = thanked(visit, sharing=True, permissions=["clipboard-read", "clipboard-write"]).page
    address = f"{frozen_site.url}/mikita/en/"
    for button, copied in (("code", "candle-wax-42"), ("address", address)):
        page.get_by_role("button", name=f"Copy the {button}").click()
        expect(page.locator(".aloud")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == copied
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("shared") == {"title": SHARED, "url": address}
    links = page.locator(".share a").evaluate_all(
        "(links) => links.map((link) => decodeURIComponent(link.href))"
    )
    assert len(links) == 6
    for link in links:
        assert address in link
        assert not [told for told in ("Anna", "Ivanova", "example.org", WORDS, "wax") if told in link]


def test_who_prints_the_thanks_has_the_receipt_code_on_paper(visit: Visit) -> None:
    page = thanked(visit, color_scheme="dark").page
    page.emulate_media(media="print")
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator(".receipt")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("button:visible")).to_have_count(0)


def test_where_nothing_was_posted_yet_no_number_is_shown(visit: Visit) -> None:
    receiver = Receiver(THANKED)
    receiver.count = {"signatures": 1, "signatures_as_of": "2026-01-01T00:00:00Z", "posted": 0}
    page = thanked(visit, receiver).page
    expect(page.get_by_role("button", name="Copy the code")).to_be_visible()
    expect(page.locator(".posted")).to_be_hidden()
