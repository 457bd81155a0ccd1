"""The road without JavaScript, by keyboard: in Debian's Firefox with its scripts off, and in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.audit.stage import RIGHT_TO_LEFT, Stage, listening, staged
from tests.browser.conftest import STILL
from tests.browser.firefox import firefox
from tests.browser.keyboard import ENTER, SPACE, InChromium, InFirefox, Keyboard
from tests.support.lanes import few

pytestmark = pytest.mark.browser
WORDS = "We are with you."
# The road itself is gone in both, and what a browser does of its own; what the receiver answers is the same.
IN_CHROMIUM = pytest.mark.parametrize("browser", few(1, ["chromium", "firefox"]), indirect=True)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The page in two languages and a receiver that listens; each request comes seconds later."""
    pictures = tmp_path_factory.getbasetemp() / "pictures"
    with staged(tmp_path_factory.mktemp("road"), pictures, sparing=()) as stage, listening(stage):
        yield stage


@pytest.fixture(scope="module")
def plain_firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyboard]:
    with firefox(tmp_path_factory.mktemp("firefox") / "profile", scripts=False) as browser:
        yield InFirefox(browser)


@pytest.fixture(params=["firefox", "chromium"])
def browser(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Keyboard]:
    if request.param == "firefox":
        yield request.getfixturevalue("plain_firefox")
        return
    context = chromium.new_context(**STILL, java_script_enabled=False)
    yield InChromium(context.new_page())
    context.close()


def write(browser: Keyboard, stage: Stage, name: str = "Anna", words: str = WORDS) -> None:
    browser.open(f"{stage.url}/mikita/en/")
    browser.tab_to("#message")
    browser.press(words)
    browser.tab_to("#first_name")
    browser.press(name)
    browser.tab_to("#consent")
    browser.press(SPACE)
    press_button(browser, "[type=submit]")


def press_button(browser: Keyboard, selector: str) -> None:
    browser.tab_to(selector)
    browser.press(ENTER)


def test_words_are_reviewed_sent_and_taken_back(browser: Keyboard, stage: Stage) -> None:
    write(browser, stage)
    browser.see("This is your card")
    browser.see(f"{WORDS}\nAnna")
    press_button(browser, "[type=submit]")
    browser.see("Your receipt code")
    browser.see(f"{WORDS}\nAnna")
    assert browser.title() == browser.text("h1")
    receipt = browser.text(".receipt")
    assert re.fullmatch(r"\w{4}(-\w{4})+", receipt)
    browser.open(f"{stage.receiver}/mikita/withdraw?language=en")
    browser.tab_to("#receipt")
    browser.press(receipt + ENTER)
    browser.see("It is taken back")


@IN_CHROMIUM
def test_a_fault_is_named_and_mended(browser: Keyboard, stage: Stage) -> None:
    write(browser, stage, name=" ")
    browser.see("Write your first name.")
    assert browser.title() == "Error: Please look at this again"
    assert browser.property_of("#message") == WORDS
    press_button(browser, ".errors a")
    browser.press("Anna")
    press_button(browser, "[type=submit]")
    browser.see("This is your card")


def test_the_language_is_switched_and_the_words_come_back(browser: Keyboard, stage: Stage) -> None:
    browser.open(f"{stage.url}/mikita/en/")
    browser.tab_to("#message")
    browser.press(WORDS)
    browser.tab_to("#first_name")
    browser.press("Anna")
    press_button(browser, f"nav [hreflang={RIGHT_TO_LEFT}]")
    browser.arrive(f"html[lang={RIGHT_TO_LEFT}][dir=rtl]")
    browser.back()
    browser.arrive("html[lang=en]")
    assert browser.property_of("#message") == WORDS
    assert browser.property_of("#first_name") == "Anna"
