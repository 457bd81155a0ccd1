"""Saves of an editor in a hurry: twice at once, in two windows, before a reload, and after a rename."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_preview import a_picture, content, page, preview, proofreader
from tests.support.editing import replace

__all__ = ["content", "page", "preview", "proofreader"]
pytestmark = pytest.mark.browser


def opened(page: Page, preview: str) -> str:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/story.md")
    text = page.get_by_label("Text", exact=True)
    expect(text).not_to_be_empty()
    return text.input_value()


def test_a_save_begins_from_what_the_one_before_left(page: Page, preview: str, content: Path) -> None:
    before = opened(page, preview)
    held: list[Route] = []
    page.route("**/.preview/save", lambda route: route.continue_() if held else held.append(route))
    text = page.get_by_label("Text", exact=True)
    for words in ("\nOne.\n", "\nOne. Two.\n"):
        text.fill(before + words)
        page.keyboard.press("Control+s")
        page.keyboard.press("Control+s")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("#said")).to_have_text("Saved.")
    expect(page.locator("#save")).to_be_disabled()
    assert (content / "anna/en/story.md").read_text("utf-8").endswith("\nOne. Two.\n")


def test_what_was_not_saved_is_there_after_a_reload(page: Page, preview: str) -> None:
    before = opened(page, preview)
    page.on("dialog", lambda dialog: dialog.accept())
    text = page.get_by_label("Text", exact=True)
    text.fill(f"{before}\nMine.\n")
    page.reload()
    expect(text).to_have_value(f"{before}\nMine.\n")
    expect(page.locator("#said")).to_have_text("Not saved yet.")
    page.click("#undo")
    expect(text).to_have_value(before)
    page.reload()
    expect(text).to_have_value(before)


def test_mine_is_saved_in_its_place_and_not_the_file_that_was_opened_meanwhile(
    page: Page, preview: str, content: Path
) -> None:
    before, path, other = opened(page, preview), content / "anna/en/story.md", content / "anna/en/thanks.md"
    thanks = other.read_text("utf-8")
    held: list[Route] = []
    page.route("**/.preview/save", lambda route: route.continue_() if held else held.append(route))
    text, file = page.get_by_label("Text", exact=True), page.locator("#file")
    text.fill(f"{before}\nMine.\n")
    replace(path, "He waits", "They wait")
    page.click("#save")
    file.select_option("anna/en/thanks.md")
    expect(text).to_have_value(thanks)
    text.fill(f"{thanks}\nHalf a sent")
    held[0].continue_()
    page.get_by_role("button", name="Save mine in its place").click()
    expect(page.locator("#said")).to_have_text(re.compile("saved", re.IGNORECASE))
    assert path.read_text("utf-8") == f"{before}\nMine.\n"
    assert other.read_text("utf-8") == thanks


@pytest.mark.parametrize(
    "storage",
    [
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('blocked') }})",
        "sessionStorage.setItem('preview drafts', '[[')",
        "sessionStorage.setItem('preview drafts', '7')",
    ],
    ids=["blocked", "cut off", "a number"],
)
def test_an_editor_whose_browser_keeps_no_drafts_saves_all_the_same(
    page: Page, preview: str, content: Path, storage: str
) -> None:
    page.add_init_script(storage)
    before = opened(page, preview)
    page.get_by_label("Text", exact=True).fill(f"{before}\nMine.\n")
    page.click("#save")
    expect(page.locator("#said")).to_have_text("Saved.")
    assert (content / "anna/en/story.md").read_text("utf-8") == f"{before}\nMine.\n"


BLOCKED = """
const refuse = () => { throw new DOMException("Access is denied for this document.", "SecurityError") };
for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(window, name, { get: refuse });
navigator.locks.request = async () => refuse();
"""


def test_a_browser_that_keeps_nothing_shows_saves_and_what_there_is_to_mend(
    page: Page, preview: str, content: Path
) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(BLOCKED)
    page.goto(f"{preview}/anna/en/")
    replace(content / "anna/en/story.md", "He waits", "They wait")
    expect(page.get_by_text("They wait")).to_be_visible()
    replace(content / "anna/en/story.md", "They wait", "{{ nme }} waits")
    page.get_by_role("button", name="Look at the page").click()
    page.get_by_role("button", name="1 to mend").click()
    page.get_by_role("button", name="Mend it").click()
    expect(page.get_by_text("Mikita waits")).to_be_visible()
    (content / "anna/en/notes.md").write_text("Notes.\n", "utf-8")
    page.get_by_text("to look at").click()
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_role("button", name="Take it away")).to_have_count(0)
    assert complaints == []


def test_a_rename_that_is_taken_back_shows_the_old_name(page: Page, preview: str) -> None:
    before = opened(page, preview)
    page.get_by_text("Files", exact=True).click()
    page.fill("#name", "won.md")
    page.click("#rename")
    expect(page.locator("#said")).to_have_text("Renamed.")
    page.click("#undo")
    expect(page.locator("#said")).to_have_text("Taken back.")
    expect(page.locator("#file")).to_have_value("anna/en/story.md")
    expect(page.get_by_label("Text", exact=True)).to_have_value(before)


def test_what_is_no_picture_is_refused_each_time_it_is_chosen(page: Page, preview: str) -> None:
    opened(page, preview)
    letter = {"name": "letter.docx", "mimeType": "application/zip", "buffer": b"PK"}
    for _ in range(2):
        page.locator("#beside").set_input_files([letter])  # type: ignore[list-item] # one of three shapes
        expect(page.locator("#said")).to_contain_text("is a text and no picture")
        expect(page.locator("#beside")).to_have_value("")
        page.evaluate("said.textContent = ''")


DROP = """(text, [names, bytes]) => {
  const dataTransfer = new DataTransfer();
  names.forEach((name) => dataTransfer.items.add(new File([new Uint8Array(bytes)], name)));
  text.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


def dropped(text: Locator, *names: str) -> None:
    text.evaluate(DROP, [names, list(a_picture())])


def test_a_picture_that_was_refused_is_told_when_the_next_one_was_laid(page: Page, preview: str) -> None:
    opened(page, preview)
    text = page.get_by_label("Text", exact=True)
    dropped(text, "letter.docx", "a.jpg")
    expect(text).to_have_value(re.compile(r"!\[\]\(a\.jpg\)"))
    expect(page.locator("#said")).to_have_class("wrong")
    expect(page.locator("#said")).to_contain_text("letter.docx: is a text and no picture")
    expect(page.locator("#said")).to_contain_text("what the picture shows")


def test_a_picture_that_takes_long_goes_into_no_file_that_was_opened_meanwhile(
    page: Page, preview: str, content: Path
) -> None:
    opened(page, preview)
    thanks = (content / "anna/en/thanks.md").read_text("utf-8")
    held: list[Route] = []
    page.route("**/.preview/picture?*", lambda route: held.append(route))
    text = page.get_by_label("Text", exact=True)
    with page.expect_request("**/.preview/picture?*"):
        dropped(text, "a.jpg", "b.jpg")
    page.locator("#file").select_option("anna/en/thanks.md")
    expect(text).to_have_value(thanks)
    held[0].continue_()
    for picture in ("a.jpg", "b.jpg"):
        expect(page.locator("#said")).to_contain_text(f"{picture}: another file was opened meanwhile")
    expect(text).to_have_value(thanks)
    assert len(held) == 1


def test_a_page_in_a_browser_that_keeps_nothing_asks_before_what_was_typed_is_lost(
    page: Page, preview: str, content: Path
) -> None:
    page.add_init_script(BLOCKED)
    page.goto(f"{preview}/anna/en/")
    message = page.locator("form textarea").first
    message.click()
    page.keyboard.type("Half a sentence")
    page.on("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        replace(content / "anna/en/story.md", "He waits", "They wait")
    assert asked.value.type == "beforeunload"
    expect(message).to_have_value("Half a sentence")
