"""The frozen page in a real browser: what it shows, to whom, and what its script does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Page, Route, expect

from campaign.content.campaign import Campaign
from campaign.content.form_fields import fields
from campaign.language.catalogue import read_catalogue
from campaign.pages.assets import STATIC
from campaign.pages.site import ROOT
from tests.browser.conftest import FrozenSite, Watched
from tests.browser.writing import (
    RIPE,
    THANKED,
    WORDS,
    Receiver,
    complaint,
    fill_in,
    refused,
    send,
    settled,
    write,
)
from tests.support.lanes import few

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]


# What is seen.


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_words_stand_where_they_are_before_the_picture_comes(
    width: int, height: int, visit: Visit
) -> None:
    page, held = visit(viewport={"width": width, "height": height}).page, list[Route]()
    heading, picture = page.locator("h1"), page.locator(".hero img")
    boxes = "(one) => Object.values(one.getBoundingClientRect().toJSON())"
    with_it = [*heading.evaluate(boxes), *picture.evaluate(boxes)]
    page.route(re.compile(r"\.(avif|webp|png|jpe?g)$"), lambda route: held.append(route))
    page.goto(page.url, wait_until="domcontentloaded")
    assert [*heading.evaluate(boxes), *picture.evaluate(boxes)] == pytest.approx(with_it, abs=1)
    assert held
    for route in held:
        route.abort()


def test_the_page_asks_its_own_origin_and_the_receiver_only(visit: Visit, frozen_site: FrozenSite) -> None:
    watched = visit()
    count = f"{frozen_site.receiver_url}/mikita/count.json"
    watched.page.wait_for_load_state("networkidle")
    assert all(request.url.startswith(frozen_site.url) for request in watched.requests)
    # It is asked for when it comes near, and nothing listens there.
    watched.page.locator(".count").scroll_into_view_if_needed()
    watched.page.wait_for_function("url => performance.getEntriesByName(url).length", arg=count)
    watched.page.wait_for_load_state("networkidle")
    asked = {request.url for request in watched.requests}
    assert all(url.startswith((frozen_site.url, frozen_site.receiver_url)) for url in asked)
    assert {url for url in asked if url.startswith(frozen_site.receiver_url)} == {count}
    assert [c for c in watched.complaints if "count.json" not in c] == []
    assert watched.page.context.cookies() == []


@pytest.mark.parametrize(
    ("width", "dots", "expected"),
    few(3, [(320, 1, 360), (412, 1.75, 800), (390, 3, 1080), (390, 1, 540), (1280, 1, 800)]),
)
def test_one_picture_of_the_right_size_is_loaded(
    width: int, dots: float, expected: int, visit: Visit
) -> None:
    watched = visit(viewport={"width": width, "height": 800}, device_scale_factor=dots)
    loaded = [r.url.rpartition("/")[2] for r in watched.requests if r.resource_type == "image"]
    assert [name.split(".")[0] for name in loaded if name.startswith("mikita")] == [f"mikita-{expected}"]


def test_nothing_is_hidden_behind_the_script_and_without_it_the_form_posts_what_was_written(
    visit: Visit, frozen_site: FrozenSite
) -> None:
    receiver = Receiver(THANKED)
    page = visit(
        java_script_enabled=False, prepare=lambda page: page.route("**/messages", receiver._message)
    ).page
    page.get_by_text("About you, if you like").click()
    for name in ("Your message", "Your first name", "Surname", "E-mail address", "Country"):
        expect(page.get_by_label(name)).to_be_visible()
    expect(page.locator(".suggestions > ul li")).to_have_count(1)
    expect(page.get_by_text("Over 12,000 people have signed")).to_be_visible()
    expect(page.locator(".card-preview")).to_be_hidden()
    expect(page.locator("[name=homepage]")).to_be_hidden()
    form = page.locator("form")
    assert form.get_attribute("action") == f"{frozen_site.receiver_url}/mikita/messages"
    fill_in(page, "Дарагі Мікіта\n🕯️")
    page.get_by_role("button", name="Send my message").click()
    expect(page.get_by_role("heading", name="This is your card")).to_be_visible()
    assert receiver.posted() == {
        "message": "Дарагі Мікіта\r\n🕯️",
        "first_name": "Anna",
        "last_name": "Ivanova",
        "email": "anna@example.org",
        "country": "PL",
        "consent": "y",
        "homepage": "",
        "language": "en",
    }


def test_the_stylesheet_as_it_is_sent_says_what_its_source_says(
    visit: Visit, frozen_site: FrozenSite
) -> None:
    page = visit().page
    rules = """async (css) => {
      const sheet = await new CSSStyleSheet().replace(css);
      // A value with a variable is kept as it is written: only between quotation marks does a space count.
      const said = ({ cssText }) => cssText.replace(/"[^"]*"|,\\s+/g, (part) => part.replace(/^,\\s+/, ","));
      return [...sheet.cssRules].map(said);
    }"""
    for name in ("page", "prose"):
        (sent,) = frozen_site.folder.glob(f"static/{name}.*.css")
        source, served = (page.evaluate(rules, one.read_text()) for one in (STATIC / f"{name}.css", sent))
        assert served == source


def test_no_line_is_too_long_to_be_read(visit: Visit) -> None:
    page = visit(viewport={"width": 1440, "height": 900}).page
    page.get_by_text("More words to borrow").click()
    widths = page.locator("main p:visible").evaluate_all(
        "(all) => all.map((p) => [p.offsetWidth, p.innerText])"
    )
    assert [told for width, told in widths if width > 34 * 18] == []


# As Firefox before 121: a rule with one selector that a browser does not know is none at all.
WITHOUT_HAS = """() => {
  const strip = (parent) => [...parent.cssRules].reverse().forEach((rule, at, { length }) => {
    if (/:has/.test(rule.selectorText)) parent.deleteRule(length - 1 - at);
    else if (rule.cssRules) strip(rule);
  });
  strip(document.styleSheets[0]);
}"""


def test_on_paper_there_is_the_story_and_no_form(visit: Visit) -> None:
    page = visit().page
    page.evaluate(WITHOUT_HAS)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("form")).to_be_hidden()
    expect(page.locator("h1")).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.locator(".how h2")).to_have_css("break-after", "avoid")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


# The count.


@pytest.mark.parametrize(
    ("signatures", "as_of", "count", "day"),
    [
        (13456, "2026-12-24T10:00:00Z", "13,400", "24 December 2026"),
        (11000, "2026-01-01T10:00:00Z", "12,000", "22 November 2026"),
        (None, "", "12,000", "22 November 2026"),
    ],
)
def test_the_newest_count_is_shown_with_its_date(
    signatures: int | None, as_of: str, count: str, day: str, visit: Visit
) -> None:
    receiver = Receiver()
    told = {"signatures": signatures, "signatures_as_of": as_of, "messages": 7}
    receiver.count = told if signatures else {}
    page = visit(prepare=receiver.attach, timezone_id="UTC").page
    page.locator(".count").scroll_into_view_if_needed()
    read = page.locator(".count [data-messages]")  # before that the page's own count stands in any case
    expect(read).to_have_attribute("data-messages", "7" if signatures else "")
    shown = f"Over {count} people have signed the petition for Mikita. The goal: 15,000. Counted on {day}."
    expect(page.locator(".count")).to_contain_text(shown, use_inner_text=True)
    assert "\u00a0" in page.locator(".count time").evaluate("(time) => time.textContent")


def test_a_new_count_is_dated_by_the_calendar_of_the_page(visit: Visit) -> None:
    """A browser's Persian would be the ninth of Azar 1405, in other digits than the rest of the page."""
    receiver = Receiver()
    receiver.count = {"signatures": 13456, "signatures_as_of": "2026-12-24T10:00:00Z"}

    def persian(page: Page) -> None:
        receiver.attach(page)
        page.route("**/mikita/en/", lambda route: route.fulfill(body=read(route), content_type="text/html"))

    def read(route: Route) -> str:
        return route.fetch().text().replace('lang="en"', 'lang="fa"', 1)

    page = visit(prepare=persian, timezone_id="UTC").page
    page.locator(".count").scroll_into_view_if_needed()
    expect(page.locator(".count time")).to_have_text("24 دسامبر 2026")
    expect(page.locator(".count strong")).to_have_text("13,400")


# Writing.


def test_suggestions_fill_the_message_and_keep_what_was_written(visit: Visit) -> None:
    page = visit().page
    message, buttons = page.get_by_label("Your message"), page.get_by_role("button", name="Use these words: ")
    page.get_by_text("More words to borrow").click()
    offered = page.locator(".suggestions li p").all_inner_texts()
    assert buttons.evaluate_all("(all) => all.map((one) => one.ariaLabel)") == [
        f"Use these words: {words}" for words in offered
    ]
    buttons.nth(0).click()
    expect(message).to_have_value(offered[0])
    expect(message).to_be_focused()
    buttons.nth(1).click()
    expect(message).to_have_value(offered[1])
    message.fill("Dear Mikita,")
    buttons.nth(2).click()
    expect(message).to_have_value(f"Dear Mikita,\n{offered[2]}")


def test_the_card_shows_what_will_be_printed(visit: Visit) -> None:
    page = visit().page
    page.get_by_label("Your message").fill("  Be\u202e strong\u00ad,\n  Mikita 🕯️ ")
    page.get_by_label("Your first name").fill("Ann\u2066a")
    lines = page.locator(".set .card-text").evaluate("(text) => text.textContent")
    assert lines == "Be strong,\n\u00a0\u00a0Mikita 🕯️"
    expect(page.locator(".card")).to_have_attribute("translate", "no")  # as a browser may do with the page
    expect(page.locator(".card-name")).to_have_text("Anna")
    card = page.locator(".card").bounding_box()
    assert card is not None
    assert card["height"] / card["width"] == pytest.approx(148 / 105, rel=0.01)


def test_the_counter_counts_what_people_see(visit: Visit) -> None:
    page = visit().page
    for words, counter in (
        ("Dear Mikita", "Characters left: 389"),
        ("", "Characters left: 400"),
        ("a\nb", "Characters left: 397"),
        ("x" * 400, "Characters left: 0"),
        ("👩‍👩‍👧‍👦🇧🇾é", "Characters left: 397"),
        ("x" * 412, "Too many characters: 12"),
    ):
        page.get_by_label("Your message").fill(words)
        expect(page.locator(".counter")).to_have_text(counter)


# Sending.


def test_no_token_is_posted_before_it_is_ripe(visit: Visit) -> None:
    receiver = Receiver(THANKED)
    page = visit(prepare=receiver.attach).page
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    write(page)
    page.get_by_role("button", name="Send my message").click()
    page.clock.run_for(2_900)
    assert receiver.posts == []
    page.clock.run_for(1_200)
    page.clock.resume()  # for a machine that was slower than this clock
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_an_old_token_is_replaced_before_sending(visit: Visit) -> None:
    receiver = Receiver(THANKED)
    page = visit(prepare=receiver.attach).page
    write(page)
    page.clock.fast_forward("24:00:00")
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert receiver.posted()["token"] == "token-2"


@pytest.mark.parametrize("script", ["", "delete Element.prototype.ariaDisabled"])  # as in Firefox 115
def test_a_press_shows_before_the_script_has_come(script: str, visit: Visit) -> None:
    receiver = Receiver(THANKED)
    held: list[Route] = []

    def prepare(page: Page) -> None:
        receiver.attach(page)
        page.add_init_script(script)
        page.route("**/writing.*.js", lambda route: held.append(route))

    page = visit(prepare=prepare).page
    fill_in(page)
    button = page.get_by_role("button", name="Send my message")
    button.dblclick()
    expect(button).to_have_attribute("aria-disabled", "true")
    held[0].continue_()
    sending = page.get_by_role("button", name="Sending…")
    expect(sending).to_have_attribute("aria-disabled", "true")
    page.clock.run_for(RIPE)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.locator(".aloud")).to_contain_text("Your message has arrived, and it will not get lost.")
    assert len(receiver.posts) == 1


ERRORS = {
    "message": ["Please write a few words.", "Please write less."],
    "consent": ["Please tick this."],
    "country": ["Please choose one."],
    "form": ["Something else."],
}


def test_errors_look_as_if_the_receiver_had_drawn_them(visit: Visit, campaign: Campaign) -> None:
    page = visit(prepare=Receiver(refused(422, ERRORS)).attach).page
    write(page)
    send(page)
    assert complaint(page).split("\n\n")[1].split("\n") == [
        *("Please write a few words.", "Please write less."),
        *("Please choose one.", "Please tick this.", "Something else."),
    ]
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_label("Your first name")).to_have_value("Anna")
    assert page.title() == "Error: Mikita was waiting for a friend"
    in_order = {name: ERRORS[name] for name in ("message", "country", "consent", "form")}
    drawn = drawn_by_the_receiver(campaign, {"first_name": "Anna"}, in_order)
    assert page.evaluate(SKELETON, None) == page.evaluate(SKELETON, drawn)
    page.get_by_label("Your message").fill("Dear Mikita, be well.")  # which mends both of its faults
    left = ["Please choose one.", "Please tick this.", "Something else."]
    expect(page.locator(".errors li")).to_have_text(left)


def test_what_is_lacking_is_said_at_once_and_goes_as_it_is_mended(visit: Visit) -> None:
    receiver = Receiver(THANKED)
    page = visit(prepare=receiver.attach).page
    expect(page.locator("#consent")).to_have_attribute("aria-invalid", "false")  # else Chromium says "true"
    send(page)
    assert complaint(page).split("\n\n")[1].split("\n") == [
        *("Write your message.", "Write your first name."),
        "Tick the box that lets us print your words: without it we print nothing.",
    ]
    page.get_by_label("Your message").fill("Dear Mikita, be well.")
    expect(page.locator(".errors a")).to_have_count(2)
    write(page)
    expect(page.locator(".errors")).to_be_hidden()
    expect(page.locator(".error, [aria-invalid=true]")).to_have_count(0)
    assert page.title() == "Mikita was waiting for a friend"
    assert receiver.posts == []


def test_what_would_be_refused_next_is_said_with_what_is_lacking(visit: Visit) -> None:
    receiver = Receiver()
    page = visit(prepare=receiver.attach).page
    page.locator("#message").fill("a" * 410)
    page.locator(".details > summary").click()
    page.locator("#email").fill("anna")
    send(page)
    assert complaint(page).split("\n\n")[1].split("\n") == [
        *("Too many characters: 10", "Write your first name."),
        "Write an e-mail address like name@example.org, or none.",
        "Tick the box that lets us print your words: without it we print nothing.",
    ]
    expect(page.get_by_text("Too many characters: 10").locator("visible=true")).to_have_count(2)
    assert receiver.posts == []


# The parts of a form that tell somebody of its errors.
SKELETON = """(html) => {
  const root = html === null ? document : new DOMParser().parseFromString(html, "text/html");
  return [...root.querySelectorAll(".errors li, .error, [aria-invalid], [aria-describedby]")]
    .map((part) => [
      part.tagName, part.id, part.getAttribute("aria-describedby"), part.getAttribute("aria-invalid"),
      part.classList.contains("error") || part.tagName === "LI" ? part.innerHTML.trim() : "",
      part.classList.contains("error") ? part.previousElementSibling.tagName : "",
    ]);
}"""


def drawn_by_the_receiver(campaign: Campaign, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    app = Flask(__name__, root_path=str(ROOT / "site"))
    with app.test_request_context():
        return render_template_string(
            '{% from "_form.html" import message_form %}'
            "{{ message_form(words, '/', fields, campaign, campaign.edition, '/', (), values, errors) }}",
            words=read_catalogue("en"),
            fields=fields(400, campaign.form.details),
            campaign=campaign,
            values=values,
            errors=errors,
        )


@pytest.mark.parametrize(
    ("answer", "said", "token"),
    [
        ("connectionrefused", "we cannot tell whether", "token-1"),
        ((201, {}), "we cannot tell whether", "token-1"),  # it arrived, and its answer was cut off
        (refused(409), "An earlier version of your message has already arrived", "token-2"),
        pytest.param(refused(410), "takes no more messages", "token-1", marks=pytest.mark.soak),
        pytest.param(refused(413), "shorten your message", "token-1", marks=pytest.mark.soak),
        pytest.param(refused(429), "try again in a few minutes", "token-1", marks=pytest.mark.soak),
        (refused(429, {"form": ["Please send them in 40 seconds."]}), "in 40 seconds", "token-1"),
        pytest.param(refused(503), "try again in a minute", "token-1", marks=pytest.mark.soak),
        pytest.param(refused(500), "we cannot tell whether", "token-1", marks=pytest.mark.soak),
    ],
)
def test_a_failure_is_said_plainly_and_keeps_the_words(
    answer: Any, said: str, token: str, visit: Visit
) -> None:
    receiver = Receiver(answer, THANKED)
    page = visit(prepare=receiver.attach).page
    write(page)
    send(page)
    assert said in complaint(page)
    expect(page.get_by_label("Your message")).to_have_value(WORDS)
    settled(page)
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert receiver.posted()["token"] == token  # the same one: if the first post did arrive, it counts once


def test_without_a_token_the_words_stay_and_can_be_sent_later(visit: Visit) -> None:
    receiver = Receiver(THANKED)

    def prepare(page: Page) -> None:
        receiver.attach(page)
        page.route("**/mikita/token", lambda route: route.abort())

    page = visit(prepare=prepare).page
    write(page)
    send(page)
    assert "we could not be reached" in complaint(page)
    settled(page)
    page.unroute("**/mikita/token")
    page.route("**/mikita/token", receiver._token)
    send(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
