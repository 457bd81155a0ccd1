"""The script comes in parts: the first view waits for little, and no words are lost where a part fails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.writing import WORDS

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]


def scripts(watched: Watched) -> list[str]:
    loaded = [request.url for request in watched.requests if request.resource_type == "script"]
    return [url.rpartition("/")[2].split(".")[0] for url in loaded]


def test_before_the_first_keystroke_there_is_one_script(visit: Visit) -> None:
    watched = visit()
    watched.page.locator(".write").scroll_into_view_if_needed()
    watched.page.wait_for_load_state("networkidle")
    assert scripts(watched) == ["page"]
    watched.page.get_by_label("Your first name").press("A")
    expect(watched.page.locator(".card-name")).to_have_text("A")
    assert scripts(watched) == ["page", "writing", "card"]


@pytest.mark.parametrize("line", ["{ saveData: true }", "{ effectiveType: '2g' }"])
def test_on_a_slow_line_the_card_is_shown_in_the_letters_that_are_there(line: str, visit: Visit) -> None:
    script = f"Object.defineProperty(navigator, 'connection', {{ value: {line} }})"
    watched = visit(prepare=lambda page: page.add_init_script(script))
    watched.page.locator("#message").fill(WORDS)
    expect(watched.page.locator(".card-text")).to_have_text(WORDS)
    expect(watched.page.get_by_text("These are your device's letters")).to_be_visible()
    assert not [request.url for request in watched.requests if re.search(r"letters|woff2", request.url)]


def test_a_suggestion_is_borrowed_where_nothing_was_touched_before(visit: Visit) -> None:
    page = visit().page
    page.locator(".suggestions button").first.evaluate("(button) => button.click()")
    words = page.locator(".suggestions li p").first.inner_text()
    expect(page.locator(".card-text")).to_have_text(words)
