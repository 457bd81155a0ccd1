"""A page, a form and a card in scripts that run from right to left."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from campaign.content.campaign import Campaign
from campaign.text.letters import direction
from tests.browser.conftest import FrozenSite, Watched
from tests.text.test_flags import GLUED, NOT_GLUED

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]
LATIN_FIRST = "Minecraft هي لعبتي المفضّلة أيضًا! أنتظرك (قريبًا) لنلعب معًا، يا ميكيتا."
WORDS = [
    "Minecraft",
    "KGB",
    "12",
    "«yo»",
    "🕯️",
    "(2×)",
    "Дарагі",
    "هي",
    "لعبتي",
    "יא",
    "(חבר)",
    "خانه\u200cهای",
    "١٢٣",
    "好",
]

TYPE = "(field, text) => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); }"

RISKY = ("KGB", "freedom", "حرية", "حر")


@pytest.fixture(scope="module")
def arabic(serve: Callable[..., AbstractContextManager[FrozenSite]]) -> Iterator[FrozenSite]:
    """The page in what is called Arabic here, with words for which a card may be stopped."""

    def made(campaign: Campaign) -> Campaign:
        edition = replace(campaign.edition, language="ar", direction="rtl", language_name="العربية")
        facts = replace(campaign.recipient, risky_words=RISKY)
        return replace(campaign, languages=("ar",), editions={"ar": edition}, recipient=facts)

    with serve(made) as site:
        yield site


def edges(page: Page, part: str) -> tuple[float, float]:
    """Tell how far a part's words stand from the card's left and right edge."""
    left, right = page.locator(".card").evaluate(
        """(card, part) => {
          const range = document.createRange(), whole = card.getBoundingClientRect();
          range.selectNodeContents(card.querySelector(part));
          const words = range.getBoundingClientRect();
          return [words.left - whole.left, whole.right - words.right];
        }""",
        part,
    )
    return left, right


def write(page: Page, text: str, name: str) -> None:
    page.locator("#first_name").fill(name)
    page.locator("#message").fill(text)
    expect(page.locator(".card-text")).to_have_text(text.strip())
    expect(page.locator(".card-name")).to_have_text(name.strip())


def test_the_picture_stands_before_the_title_as_in_a_mirror(visit: Visit, arabic: FrozenSite) -> None:
    page = visit("/mikita/", arabic, viewport={"width": 1280, "height": 800}).page
    picture, title = (page.locator(part).bounding_box() for part in ("picture", "h1"))
    assert picture is not None
    assert title is not None
    assert picture["x"] < title["x"]


def test_field_and_card_run_as_the_printed_card_does(visit: Visit, arabic: FrozenSite) -> None:
    page = visit("/mikita/", arabic).page
    chance = random.Random(3)
    some = [" ".join(chance.choices(WORDS, k=chance.randint(1, 9))) for _ in range(150)]
    for text in (LATIN_FIRST, "12", *some):
        page.locator("#message").evaluate(TYPE, text)
        if text == LATIN_FIRST:
            expect(page.locator(".card-own")).to_have_attribute("dir", "rtl")  # the script has come
        shown = page.evaluate("['#message', '.card-own'].map((part) => document.querySelector(part).dir)")
        assert shown == [direction(text)] * 2, text


@pytest.mark.parametrize(
    ("text", "name"),
    [(LATIN_FIRST, "Salma"), ("Hello", "سلمى"), ("سلام", "سلمى"), ("سلام " * 6, "سلمى " * 8), ("سلام", "")],
)
def test_the_name_stands_at_the_far_end_of_the_words_as_in_print(
    visit: Visit, arabic: FrozenSite, text: str, name: str
) -> None:
    page = visit("/mikita/", arabic).page
    write(page, text, name)
    left, right = edges(page, ".card-name")
    assert (left < right) is (direction(text) == "rtl")
    width = page.locator(".card").evaluate("(card) => card.offsetWidth")
    assert min(left, right) == pytest.approx(width / 10.5, rel=0.1)  # at the margin
    last, place = page.locator(".card").evaluate(
        """(card) => {
          const range = document.createRange();
          range.selectNodeContents(card.querySelector(".card-text"));
          const name = card.querySelector(".card-name").getBoundingClientRect();
          return [[...range.getClientRects()].at(-1).bottom, name.top];
        }"""
    )
    assert (place > last - 3) is (name == "سلمى " * 8)  # on a line of its own only for want of room


def test_an_empty_card_waits_for_words_at_the_side_of_the_page(visit: Visit, arabic: FrozenSite) -> None:
    page = visit("/mikita/", arabic).page
    page.locator("#message").fill("Hello")
    page.locator("#message").fill("")
    for part in ("#message", ".card-text", ".card-name"):
        expect(page.locator(part)).to_have_css("direction", "rtl")


def test_several_words_for_which_a_card_may_be_stopped_are_listed_as_the_language_does(
    visit: Visit, arabic: FrozenSite
) -> None:
    page = visit("/mikita/", arabic).page
    page.locator("#message").fill("freedom KGB")
    expect(page.locator(".risk").first).to_contain_text("KGB” و“freedom”")


def test_words_are_found_behind_what_is_glued_to_them_as_the_receiver_finds_them(
    visit: Visit, arabic: FrozenSite
) -> None:
    page = visit("/mikita/", arabic).page
    for risk, word in GLUED + NOT_GLUED:
        if risk in RISKY:
            page.locator("#message").fill(f"Hello {word}!")
            listed = page.locator(".risk").first
            expect(listed).to_contain_text(f"“{word}”") if (risk, word) in GLUED else expect(
                listed
            ).to_be_empty()


def test_an_e_mail_address_runs_from_the_left_and_begins_at_the_side_of_the_page(
    visit: Visit, arabic: FrozenSite
) -> None:
    page = visit("/mikita/", arabic).page
    expect(page.locator("#email")).to_have_css("direction", "ltr")
    expect(page.locator("#email")).to_have_css("text-align", "right")


def test_joined_letters_are_not_spaced_and_no_line_touches_their_dots(
    visit: Visit, arabic: FrozenSite
) -> None:
    page = visit("/mikita/", arabic).page
    expect(page.locator("h1")).to_have_css("letter-spacing", "normal")
    expect(page.locator("footer a").first).to_have_css("text-underline-offset", "6.3px")
