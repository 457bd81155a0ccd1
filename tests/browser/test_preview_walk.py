"""What editors stumbled over in the preview: what is said where they look, and a way back from everywhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_preview import content, page, preview, proofreader
from tests.support.editing import replace, write_campaign

__all__ = ["content", "page", "preview", "proofreader"]
pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}


def test_what_a_save_left_to_look_at_stands_below_it_and_leads_to_its_line(page: Page, preview: str) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/")
    text = page.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile("The lead"))
    written = text.input_value()
    text.fill(written.replace("The lead.", "The **lead."))
    page.click("#save")
    told = page.get_by_role("list", name="To look at in this file").get_by_role("button")
    expect(told).to_have_text(['Line 3: the sign "**" is left over'])
    told.click()
    assert text.evaluate("(field) => getSelection().toString()") == "The **lead."
    page.locator("#file").select_option("anna/en/thanks.md")  # of which there is nothing to say
    expect(told).to_have_count(0)
    page.locator("#file").select_option("anna/en/story.md")
    expect(text).to_have_value(re.compile(r"The \*\*lead"))
    text.fill(written)
    page.click("#save")
    expect(page.locator("#told")).to_be_hidden()


def test_an_entry_that_was_begun_and_not_written_is_told_and_taken_away_with_its_page(
    page: Page, preview: str
) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/")
    text = page.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile("The lead"))
    page.get_by_text("Files", exact=True).click()
    page.click("#today")
    expect(text).to_have_value(re.compile("The heading"))
    page.click("#save")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".entry")).to_contain_text("What there is to say.")
    expect(page.locator("#told button")).to_have_count(2)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#remove")
    expect(frame.locator("h1")).to_have_text("He waits")  # the page of the news went with its only entry
    expect(page.locator("#said")).to_have_text("Taken away. Undo brings it back.")


def test_on_a_telephone_the_strip_leaves_the_page_s_button_and_the_overview_fits(
    page: Page, preview: str, content: Path
) -> None:
    replace(content / "anna/en/thanks.md", "It arrived.", "It arrived. TODO")
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{preview}/anna/")
    bar = page.locator("candle-preview .bar")
    expect(bar.locator("summary")).to_have_text("1 to look at")
    strip, ask = bar.bounding_box(), page.locator(".hero-words .button").bounding_box()
    assert strip is not None
    assert ask is not None
    assert strip["y"] + strip["height"] <= ask["y"]

    bar.get_by_role("link", name="Overview").click()
    expect(page.locator("figure iframe").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
    edges = page.locator("figure > a").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().right)"
    )
    assert max(edges) <= TELEPHONE["width"]
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator("#file")).to_have_value("anna/en/story.md")


def test_what_is_about_the_campaign_that_is_shown_comes_first(
    page: Page, preview: str, content: Path
) -> None:
    write_campaign(content / "zoe")
    for slug in ("anna", "zoe"):
        replace(content / slug / "en/thanks.md", "It arrived.", "It arrived. TODO")
    for slug in ("anna", "zoe"):
        page.goto(f"{preview}/{slug}/")
        expect(page.locator("candle-preview .bar summary")).to_have_text("2 to look at")
        assert f"{slug}/en/thanks.md" in str(page.locator("candle-preview .bar .place").first.text_content())


def test_a_language_that_is_pressed_before_all_has_come_is_followed(
    page: Page, preview: str, content: Path
) -> None:
    shutil.copytree(content / "anna/en", content / "anna/de")
    replace(content / "anna/campaign.toml", 'languages = ["en"]', 'languages = ["en", "de"]')
    held: list[Route] = []
    page.route("**/.preview/files?*", lambda route: held.append(route), times=1)
    page.goto(f"{preview}/.preview/edit?page=/anna/en/")
    shown, file = page.frame_locator("iframe"), page.locator("#file")
    shown.locator(".languages").get_by_text("Deutsch").first.click()
    expect(shown.locator("html")).to_have_attribute("lang", "de")
    held[0].continue_()
    expect(file).to_have_value("anna/de/story.md")
    page.route("**/anna/de/closed/", lambda route: held.append(route), times=1)
    with page.expect_request("**/anna/de/closed/"):
        file.select_option("anna/de/closed.md")
    shown.locator(".languages").get_by_text("English").first.click()
    expect(file).to_have_value("anna/en/closed.md")
    expect(shown.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(file).to_have_value("anna/en/closed.md")
