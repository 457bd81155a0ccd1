"""Words are never lost: the ways to leave the page and come back, with its script and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect

from campaign.content.campaign import Campaign
from campaign.settings import Settings
from campaign.storage.database import Database, NotStored
from receiver.app import create_app
from receiver.state.tokens import Tokens
from tests.browser.conftest import FrozenSite, Watched
from tests.browser.writing import THANKED, WORDS, Receiver, complaint, fill_in, send, settled, write
from tests.receiver.conftest import Clock
from tests.support.lanes import few

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]


@pytest.fixture(scope="module")
def two_languages(serve: Callable[..., AbstractContextManager[FrozenSite]]) -> Iterator[FrozenSite]:
    """The page in English and, from right to left, in what is called Arabic here."""

    def arabic(campaign: Campaign) -> Campaign:
        edition = replace(campaign.edition, language="ar", direction="rtl", language_name="العربية")
        return replace(campaign, languages=("en", "ar"), editions={"en": campaign.edition, "ar": edition})

    with serve(arabic) as site:
        yield site


def kept(page: Page) -> tuple[str, str]:
    return page.locator("#message").input_value(), page.locator("#first_name").input_value()


def reload(page: Page) -> None:
    page.reload()


def go_and_come_back(page: Page) -> None:
    page.goto(page.url.replace("/en/", "/en/privacy/"))
    page.go_back()


def switch_the_language(page: Page) -> None:
    page.locator("[hreflang=ar]").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def read_of_the_danger(page: Page) -> None:
    with page.context.expect_page() as beside:
        page.get_by_role("link", name="Could writing put you in danger?").click()
    assert beside.value.url.endswith("/privacy/#beside")


def read_what_is_kept(page: Page) -> None:
    with page.context.expect_page():
        page.locator(".privacy").get_by_role("link").click()


LEAVING = [reload, go_and_come_back, switch_the_language, read_of_the_danger, read_what_is_kept]


@pytest.mark.parametrize("leave", few(4, LEAVING))
def test_words_are_there_on_return(
    leave: Callable[[Page], None], visit: Visit, two_languages: FrozenSite
) -> None:
    page = visit("/mikita/en/", two_languages, prepare=Receiver().attach).page
    write(page)
    leave(page)
    expect(page.locator(".card-text")).to_have_text(WORDS)  # it waits for the page's script
    assert kept(page) == (WORDS, "Anna")


def test_a_tab_that_holds_unsent_words_asks_before_it_is_closed(visit: Visit) -> None:
    page = visit(prepare=Receiver().attach).page
    page.get_by_label("Your message").click()
    page.keyboard.type(WORDS)
    expect(page.locator(".counter")).to_be_visible()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.get_by_role("button", name="Erase what I wrote").click()
    page.close(run_before_unload=True)
    assert page.is_closed() or page.wait_for_event("close")


def test_a_draft_holds_message_and_first_name_and_can_be_erased(visit: Visit) -> None:
    page = visit(prepare=Receiver().attach).page
    write(page)
    page.locator("#consent").uncheck()
    send(page)
    assert complaint(page).startswith("Your words are still here.")
    storage = "Object.values(sessionStorage).concat(Object.values(localStorage)).map(JSON.parse)"
    assert page.evaluate(storage) == [{"message": WORDS, "first_name": "Anna", "pending": None}]
    page.get_by_role("button", name="Erase what I wrote").click()
    expect(page.locator(".errors, .error")).to_be_hidden()
    assert page.evaluate(storage) == []
    assert kept(page) == ("", "")
    assert page.locator("#email").input_value() == ""
    assert page.context.cookies() == []


def test_what_was_erased_comes_back_for_a_minute_and_until_somebody_writes(visit: Visit) -> None:
    page = visit(prepare=Receiver().attach).page
    page.clock.install()
    write(page)
    page.locator("#consent").check()
    erase, back = (page.get_by_role("button", name=name) for name in ("Erase what I wrote", "Bring it back"))
    erase.click()
    expect(back).to_be_in_viewport()
    assert page.evaluate("Object.keys(sessionStorage)") == []
    back.click()
    assert kept(page) == (WORDS, "Anna")
    assert page.locator("#consent").is_checked()
    expect(back).to_be_hidden()
    erase.click()
    page.clock.run_for(61_000)
    expect(back).to_be_hidden()
    page.keyboard.type("Other words")
    erase.click()
    page.keyboard.type("And others")
    expect(back).to_be_hidden()


def test_the_tab_keeps_the_receipt_code_alone_of_what_was_sent(visit: Visit) -> None:
    page = visit(prepare=Receiver(THANKED).attach).page
    page.route("**/static/thanks.*.js", lambda route: route.abort())  # another message needs none of it
    write(page)
    send(page)
    thanks = page.get_by_role("heading", name="Thank you")
    expect(thanks).to_be_visible()
    assert page.evaluate("Object.values(sessionStorage)") == ['{"receipt":"candle-wax-42"}']
    page.reload()
    expect(thanks).to_be_focused()
    expect(page.locator(".receipt")).to_have_text("candle-wax-42")
    expect(page.locator(".card-preview")).to_have_count(0)
    page.get_by_role("link", name="Write another message").click()
    expect(page.get_by_label("Your message")).to_be_in_viewport()
    assert kept(page) == ("", "")
    assert page.evaluate("sessionStorage.length") == 0


def test_back_in_the_language_in_which_they_were_written_the_thanks_show_no_empty_card(
    visit: Visit, two_languages: FrozenSite
) -> None:
    page = visit(site=two_languages, prepare=Receiver(THANKED).attach).page
    write(page)
    switch_the_language(page)
    page.locator("#consent").check()
    send(page)
    expect(page.locator(".thanked .card-preview")).to_have_count(1)
    page.go_back()
    expect(page.locator("#thanked")).to_be_focused()
    expect(page.locator(".card-preview")).to_have_count(0)


def test_who_comes_back_from_the_receiver_s_thanks_finds_an_empty_form(
    visit: Visit, frozen_site: FrozenSite
) -> None:
    page = visit(prepare=Receiver().attach).page
    write(page)
    page.goto("about:blank")
    page.goto(f"{frozen_site.url}/mikita/en/#sent")
    assert kept(page) == ("", "")
    assert page.evaluate("sessionStorage.length") == 0


def set_the_clock_back(page: Page) -> None:
    settled(page)
    page.clock.set_system_time(page.evaluate("Date.now()") / 1000 - 3600)


@pytest.mark.parametrize("between", [settled, reload, set_the_clock_back])
def test_a_silent_receiver_is_given_up_and_the_same_words_count_once(
    between: Callable[[Page], None], visit: Visit
) -> None:
    receiver = Receiver("silence", THANKED)
    page = visit(prepare=receiver.attach).page
    write(page)
    with page.expect_request("**/mikita/messages"):  # from then on its patience is counted
        send(page)
    button = page.locator("[type=submit]")
    expect(button).to_have_text("Sending…")
    expect(page.locator(".aloud")).to_have_text("Sending…")
    page.clock.run_for(20_000)
    assert "we cannot tell whether your message has arrived" in complaint(page)
    expect(button).to_have_text("Send my message")
    between(page)
    assert kept(page) == (WORDS, "Anna")
    page.get_by_label("Print my words").check()
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    first, second = receiver.posted(0), receiver.posted(1)
    assert (first["token"], first["message"]) == (second["token"], second["message"])


# Without the script: what the receiver gives back, and what the browser keeps.


@pytest.fixture
def client(settings: Settings, database: Database) -> FlaskClient:
    """The receiver itself; its limits are on, and its tokens ripen at once."""
    app = create_app(settings, database)
    clock = Clock()
    app.extensions["candle"].tokens = Tokens(settings.secret_keys, clock)
    app.extensions["clock"] = clock
    return app.test_client()


@pytest.fixture
def plain(visit: Visit, client: FlaskClient, settings: Settings, two_languages: FrozenSite) -> Page:
    """The page without its script, written on; its posts reach the real receiver."""

    def hand_over(route: Route) -> None:
        client.application.extensions["clock"].advance(4)
        headers = {"Origin": settings.site_url[0], "Content-Type": route.request.headers["content-type"]}
        data = route.request.post_data_buffer
        answer = client.post("/mikita/messages", data=data, headers=headers)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    page = visit(
        "/mikita/en/", two_languages, java_script_enabled=False,
        prepare=lambda page: page.route("**/mikita/messages", hand_over),
    ).page  # fmt: skip
    fill_in(page)
    return page


def press(page: Page) -> None:
    page.locator("form.message-form [type=submit]").click()


def back(page: Page) -> None:
    page.go_back()


def receiver_is_gone(page: Page) -> None:
    page.unroute("**/mikita/messages")
    with page.expect_event("framenavigated"):  # to the browser's own page that says so
        press(page)
    page.wait_for_load_state()  # it would take the way back for one more that failed
    page.go_back()


def too_long(page: Page) -> None:
    page.get_by_label("Your message").fill(WORDS + "x" * 20_000)
    press(page)
    expect(page.get_by_role("heading", name="That is too long")).to_be_visible()
    page.go_back()
    assert page.locator("#message").input_value().startswith(WORDS)
    page.get_by_label("Your message").fill(WORDS)


def back_from_the_review(page: Page) -> None:
    press(page)
    expect(page.get_by_role("heading", name="This is your card")).to_be_visible()
    page.go_back()


# A fault and another language: test_plain_road.py.
@pytest.mark.parametrize(
    "leave", few(3, [back_from_the_review, receiver_is_gone, too_long, read_of_the_danger])
)
def test_without_the_script_words_are_there_on_return(leave: Callable[[Page], None], plain: Page) -> None:
    leave(plain)
    # The browser gives them back once the page has come.
    expect(plain.locator("#message")).to_have_value(WORDS)
    expect(plain.locator("#first_name")).to_have_value("Anna")


def test_without_the_script_words_that_were_changed_on_the_review_page_are_kept(plain: Page) -> None:
    press(plain)
    plain.get_by_label("Your message").fill("Other words.")
    press(plain)
    expect(plain.get_by_role("img", name="Other words. Anna")).to_be_visible()
    assert kept(plain) == ("Other words.", "Anna")


def test_without_the_script_a_busy_or_broken_receiver_keeps_the_words(
    plain: Page, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise NotStored("the disk is full")

    press(plain)
    with monkeypatch.context() as broken:
        broken.setattr(Database, "write_together", refuse)
        press(plain)
    expect(plain.get_by_role("heading", name="Not sent yet")).to_be_visible()
    assert kept(plain) == (WORDS, "Anna")
    while client.post("/mikita/messages").status_code != 429:
        pass
    press(plain)
    expect(plain.get_by_role("heading", name="One moment, please")).to_be_visible()
    assert kept(plain) == (WORDS, "Anna")


def test_without_the_script_reloading_the_thanks_gives_the_same_receipt(plain: Page) -> None:
    press(plain)
    press(plain)
    expect(plain.get_by_role("heading", name="Thank you")).to_be_in_viewport()
    receipt = plain.locator(".receipt").inner_text()
    plain.reload()
    assert plain.locator(".receipt").inner_text() == receipt
