"""Files that the preview takes away and brings back, and what it says while something is to mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_preview import content, page, preview, proofreader
from tests.support.editing import replace

# The fixtures: campaigns, a browser's page, a preview that rebuilds and who looks it through.
__all__ = ["content", "page", "preview", "proofreader"]
pytestmark = pytest.mark.browser


def test_a_file_that_nothing_uses_is_taken_away_and_brought_back_by_buttons(
    page: Page, preview: str, content: Path
) -> None:
    spare = content / "anna/en/spare.txt"
    spare.write_text("Ask Ina.")
    page.goto(f"{preview}/anna/")
    strip = page.locator("candle-preview .bar")
    strip.locator("summary").click()
    expect(strip.locator(".findings")).to_contain_text("spare.txt")
    strip.get_by_role("button", name="Take it away").click()
    expect(strip.get_by_role("button", name="Bring spare.txt back")).to_be_visible()
    assert not spare.exists()
    expect(strip.locator(".findings")).to_have_count(0)
    strip.get_by_role("button", name="Bring spare.txt back").click()
    expect(strip.locator("summary")).to_have_text("1 to look at")
    assert spare.read_text() == "Ask Ina."
    expect(strip.get_by_role("button", name="Bring spare.txt back")).to_have_count(0)


def test_what_should_be_looked_at_stands_folded_below_what_is_to_mend(
    page: Page, preview: str, content: Path
) -> None:
    replace(content / "anna/en/story.md", "The lead.", "The lead. TODO")
    page.goto(f"{preview}/anna/")
    expect(page.locator("candle-preview .bar summary")).to_have_text("1 to look at")
    replace(content / "anna/en/thanks.md", "# ", "{{ nmae }}\n\n# ")
    over = page.get_by_role("alert")
    expect(over.locator("mark", has_text="nmae")).to_be_visible()
    folded = over.locator(":scope > details")
    expect(folded.locator("summary")).to_have_text("1 to look at")
    expect(folded.locator("mark")).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("mark")).to_have_text("TODO")


def test_beside_the_facts_an_entry_is_begun_in_the_pages_language_and_no_picture_is_laid(
    page: Page, preview: str, content: Path, tmp_path: Path
) -> None:
    facts = (content / "anna/campaign.toml").read_text()
    picture = tmp_path / "IMG_1.png"
    Image.new("RGB", (40, 30), "#a58").save(picture)
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/campaign.toml")
    expect(page.get_by_label("Text", exact=True)).to_have_value(facts)

    page.locator("#beside").set_input_files(picture)
    expect(page.locator("#said")).to_contain_text("Choose a text first")
    expect(page.get_by_label("Text", exact=True)).to_have_value(facts)

    page.locator("summary", has_text="Files").click()
    page.get_by_role("button", name="News entry of today").click()
    expect(page.locator("#said")).to_have_text("Write it, then Save.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_have_text("Saved.")
    assert len(list((content / "anna/en/news").glob("*-what-happened.md"))) == 1


def test_a_file_that_cannot_be_read_leaves_the_one_that_is_open(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/thanks.md")
    text, said = page.get_by_label("Text", exact=True), page.locator("#said")
    expect(text).to_have_value(re.compile("# "))
    before = text.input_value()
    (content / "anna/en/story.md").write_bytes("# Анна".encode("cp1251"))
    page.locator("#file").select_option("anna/en/story.md")
    expect(said).to_contain_text("is not UTF-8")
    expect(page.locator("#file")).to_have_value("anna/en/thanks.md")
    expect(text).to_have_value(before)
    page.get_by_text("Files", exact=True).click()
    page.fill("#name", "../../anna.docx")
    page.click("#begin")
    expect(said).to_have_class("wrong")
    expect(said).not_to_contain_text("is there already")


PASTE = """(text, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_links_that_a_paste_leaves_behind_are_told(page: Page, preview: str) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/thanks.md")
    text, said = page.get_by_label("Text", exact=True), page.locator("#said")
    expect(text).to_be_editable()
    text.evaluate(PASTE, "<p><b>Words</b>")
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # so late, and no later, is it told
    expect(said).to_have_text("")
    text.evaluate(PASTE, '<p>See <a href="https://example.org">this</a>')
    expect(said).to_contain_text("Links stay behind")


def test_the_strip_is_english_on_a_page_from_right_to_left(page: Page, preview: str, content: Path) -> None:
    replace(content / "anna/en/story.md", "The lead.", "The lead is TODO.")
    # In each page that comes: the save may be seen only when the page is there, which then comes anew.
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl'; })"
    )
    page.goto(f"{preview}/anna/en/")
    summary = page.locator("candle-preview .bar summary")
    expect(summary).to_have_text("1 to look at")
    expect(page.locator("html")).to_have_css("direction", "rtl")
    expect(summary).to_have_css("direction", "ltr")
