"""The preview as an editor sees it: what is to mend over the page, and the page back where the reader was."""

from __future__ import annotations

import io
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from campaign.pages.preview import proofreading, serving
from campaign.pages.preview.workbench import Workbench
from campaign.settings import Settings
from tests.browser.conftest import STILL
from tests.support.editing import replace, write_campaign
from tests.support.ports import free_ports
from tests.support.window import window_of

pytestmark = pytest.mark.browser


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    story = write_campaign(folder / "anna") / "en/story.md"
    story.write_text(story.read_text() + "".join(f"\nPart {n} of what followed.\n" for n in range(40)))
    return folder


@pytest.fixture(scope="session")
def proofreader() -> Iterator[ProcessPoolExecutor]:
    """The process in which previews look for what is to mend: to start one costs as much as a test."""
    with proofreading._pool() as pool:
        yield pool


@pytest.fixture
def preview(
    content: Path, tmp_path: Path, proofreader: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A preview of the content, built again on each save."""
    monkeypatch.setattr(
        proofreading, "_pool", lambda: SimpleNamespace(submit=proofreader.submit, shutdown=dict)
    )
    (port,) = free_ports(1)
    config = Settings(
        content_dir=content, build_dir=tmp_path / "build", site_url=(f"http://127.0.0.1:{port}",)
    )
    workbench = Workbench(config)
    with serving.serving(workbench, port) as url:
        saves = serving.rebuilding(workbench, stop := threading.Event())
        next(saves)
        rebuilder = threading.Thread(target=list, args=[saves])
        rebuilder.start()
        yield url
        stop.set()
        rebuilder.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(**STILL, viewport={"width": 900, "height": 700})
    yield context.new_page()
    context.close()


def test_a_save_is_seen_where_the_reader_was_with_what_was_typed(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/anna/")
    page.fill("[name=message]", "Be strong.")
    page.fill("[name=first_name]", "Ina")
    expect(page.locator(".card.set")).to_be_visible()  # its letters have come, and move nothing any more
    page.evaluate("scrollTo({ top: 700, behavior: 'instant' })")
    top = page.evaluate("scrollY")
    assert top > 300
    replace(content / "anna/en/story.md", "# He waits", "# She waits")
    expect(page).to_have_title("She waits")
    page.wait_for_function("(top) => scrollY === top", arg=top)
    expect(page.locator("[name=message]")).to_have_value("Be strong.")
    expect(page.locator("[name=first_name]")).to_have_value("Ina")


def test_faults_stand_over_the_page_and_are_mended_by_a_button(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/anna/")
    page.fill("[name=message]", "Be strong.")
    replace(content / "anna/en/story.md", "{{ name }}", "{{ nmae }} <b>")
    replace(content / "anna/campaign.toml", 'status = "open"', "status = “open”")
    over = page.get_by_role("alert")
    expect(over.get_by_role("heading")).to_have_text("3 things to mend")
    expect(over.locator("mark", has_text="nmae")).to_have_text("{{ nmae }}")
    expect(page.locator("[name=message]")).to_have_value("Be strong.")
    expect(page).to_have_title("He waits")
    replace(content / "anna/en/story.md", " <b>", "")
    for left, told in ((2, "2 things to mend"), (1, "One thing to mend")):
        expect(over.get_by_role("heading")).to_have_text(told)  # the save before has arrived
        expect(over.get_by_role("button", name="Mend it")).to_have_count(left)
        over.get_by_role("button", name="Mend it").first.click()
    expect(over).to_be_hidden()
    expect(page.locator("[name=message]")).to_have_value("Be strong.")
    assert 'status = "open"' in (content / "anna/campaign.toml").read_text()


def test_a_light_picture_has_no_hard_edge_at_the_top(page: Page, preview: str, content: Path) -> None:
    picture = content / "anna/illustration.svg"
    replace(picture, '<path d="M0 0h1v1z"/>', '<path fill="#fff" d="M0 0h105v148H0z"/>')
    page.goto(f"{preview}/anna/")
    assert not [width for width in (390, 900, 1280) if not comes_to_fade(page, width)]


def comes_to_fade(page: Page, width: int) -> bool:
    """Look again for some seconds: the page may have come with the picture of before, and come anew."""
    for _ in range(30):
        if fades(page, width):
            return True
        page.wait_for_timeout(300)
    return False


def fades(page: Page, width: int) -> bool:
    """Tell whether no dot of the light picture differs much from the one above, in a window of this width."""
    page.set_viewport_size({"width": width, "height": 700})
    page.wait_for_function("() => document.querySelector('.hero img').complete")
    middle = page.locator(".hero img").evaluate("(i) => i.getBoundingClientRect().x + i.clientWidth / 2")
    drawn = window_of(page).convert("L").crop((int(middle), 0, int(middle) + 1, 300))
    lights = [0, *drawn.tobytes()]  # no picture begins with the window
    return max(lights) > 200 and max(abs(one - other) for one, other in pairwise(lights)) < 30


def test_warnings_stay_in_a_strip_that_folds(page: Page, preview: str, content: Path) -> None:
    replace(content / "anna/en/story.md", "The lead.", "The lead. TODO")
    page.goto(f"{preview}/anna/")
    strip = page.locator("candle-preview summary")
    expect(strip).to_have_text("1 to look at")
    expect(page.locator("candle-preview .sheet")).to_be_hidden()
    strip.click()
    expect(page.locator("candle-preview .sheet mark")).to_have_text("TODO")


def test_a_page_that_could_not_be_made_comes_by_itself(page: Page, preview: str, content: Path) -> None:
    replace(content / "anna/campaign.toml", 'languages = ["en"]', "languages = []")
    page.goto(f"{preview}/boris/")
    write_campaign(content / "boris")
    expect(page).to_have_title("He waits")
    expect(page.get_by_role("alert")).to_contain_text("to mend")


def test_a_sentence_is_edited_beside_the_page_saved_and_taken_back(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/anna/en/")
    page.locator("candle-preview").get_by_role("link", name="Edit").click()
    shown = page.frame_locator("iframe")
    text = page.get_by_label("Text", exact=True)
    found = "() => text.value.slice(text.selectionStart).startsWith('The story of')"
    for _ in range(20):  # until the page within listens
        shown.get_by_text("The story of Mikita").click()
        with suppress(PlaywrightTimeout):
            page.wait_for_function(found, timeout=1_000)
            break
    assert page.evaluate(found)
    written = (content / "anna/en/story.md").read_bytes()
    text.fill(text.input_value().replace("The story of", "All about"))
    page.get_by_role("button", name="Save").click()
    expect(shown.get_by_text("All about Mikita")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(shown.get_by_text("The story of Mikita")).to_be_visible()
    assert (content / "anna/en/story.md").read_bytes() == written


def test_a_number_leads_to_its_fact_and_an_entry_is_begun_renamed_and_taken_away(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/")
    frame = page.frame_locator("iframe")
    expect(page.locator("#file")).to_have_value("anna/en/story.md")
    frame.locator(".count strong").click()
    expect(page.locator("#file")).to_have_value("anna/campaign.toml")
    expect(page.locator("#said")).to_contain_text("signatures_as_of")
    page.get_by_text("Files", exact=True).click()
    page.fill("#name", "anna/en/news/2999-12-01-moved.md")
    page.click("#begin")
    expect(page.locator("#said")).to_have_text("Write it, then Save.")
    page.click("#save")
    expect(frame.locator(".entry")).to_contain_text("Not on the page yet: it comes on 2999-12-01.")
    page.fill("#name", "news/2999-12-02-moved.md")
    page.click("#rename")
    expect(page.locator("#said")).to_have_text("Renamed.")  # the list shows the new name a moment before
    expect(page.locator("#file")).to_have_value("anna/en/news/2999-12-02-moved.md")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#remove")
    expect(page.locator("#said")).to_have_text("Taken away. Undo brings it back.")
    expect(frame.locator(".entry")).to_have_count(0)
    page.click("#undo")
    expect(frame.locator(".entry")).to_contain_text("2999-12-02")
    assert (content / "anna/en/news/2999-12-02-moved.md").is_file()
    asked: list[Route] = []  # what was done stays said when the page comes anew meanwhile
    page.route("**/.preview/files?*", lambda route: asked.append(route))
    page.click("#remove")
    while len(asked) < 2:  # the change, and the page that was built without the entry
        page.wait_for_timeout(50)
    for one in asked:
        one.continue_()
    said = page.locator("#said")
    expect(said).to_have_text("Taken away. Undo brings it back.")
    page.evaluate("fetch('/.preview/text?name=anna/en/story.md')")  # answered after what was asked before
    expect(said).to_have_text("Taken away. Undo brings it back.")
    expect(page.locator("#file")).to_have_value("anna/en/news/2999-12-02-moved.md")  # Undo brings it back


def test_what_changed_on_the_disk_meanwhile_is_not_overwritten(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/story.md")
    text = page.get_by_label("Text", exact=True)
    expect(text).not_to_be_empty()
    text.fill("# Mine\n")
    replace(content / "anna/en/story.md", "He waits", "They wait")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("changed on the disk")
    expect(text).to_have_value("# Mine\n")
    page.get_by_role("button", name="Read it again").click()
    expect(text).to_have_value(re.compile("# They wait"))
    assert "They wait" in (content / "anna/en/story.md").read_text()


def test_a_picture_is_chosen_and_shown_once_it_is_described(page: Page, preview: str, content: Path) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/story.md")
    expect(page.get_by_label("Text", exact=True)).not_to_be_empty()
    picture = {"name": "a candle.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    page.locator("#beside").set_input_files([picture])  # type: ignore[list-item] # one of its three shapes
    expect(page.get_by_role("status")).to_contain_text("what the picture shows")
    page.keyboard.type("a candle in a window")
    page.get_by_role("button", name="Save").click()
    shown = page.frame_locator("iframe").get_by_alt_text("a candle in a window")
    shown.evaluate("picture => picture.scrollIntoView()")  # it is loaded once it is near
    expect(shown).to_be_visible()


PICTURES = [
    ("# A\n\nOne\ntwo.\n\n\nThree.\n", "two", "# A\n\nOne\ntwo.\n\n![](a.jpg)\n\nThree.\n"),
    ("# A\n\nOne.\n", "One", "# A\n\nOne.\n\n![](a.jpg)\n"),
    ("# A\n\nOne.", "ne.", "# A\n\nOne.\n\n![](a.jpg)\n"),
    ("# A\n\n\n\nOne.\n", "\n\nOne", "# A\n\n![](a.jpg)\n\nOne.\n"),
    ("", "", "![](a.jpg)\n"),
]


def test_a_picture_stands_apart_from_the_words(page: Page, preview: str, content: Path) -> None:
    """Each is written over the one before, and nothing is saved; its picture is taken away again."""
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/story.md")
    text = page.get_by_label("Text", exact=True)
    expect(text).not_to_be_empty()
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    for written, at, becomes in PICTURES:
        text.fill(written)
        text.evaluate("(text, at) => text.setSelectionRange(at, at + 1)", written.index(at))
        page.locator("#beside").set_input_files([picture])  # type: ignore[list-item] # one of its three shapes
        expect(text).to_have_value(becomes)
        (content / "anna" / "en" / "a.jpg").unlink(missing_ok=True)


def test_page_and_file_follow_each_other(page: Page, preview: str, content: Path) -> None:
    shutil.copytree(content / "anna/en", content / "anna/de")
    replace(content / "anna/campaign.toml", 'languages = ["en"]', 'languages = ["en", "de"]')
    page.goto(f"{preview}/.preview/edit?page=/anna/en/thanks/")
    shown = page.frame_locator("iframe")
    expect(page.locator("#file")).to_have_value("anna/en/thanks.md")
    page.get_by_text("Files", exact=True).click()
    page.click("#today")
    expect(page.locator("#said")).to_have_text("Write it, then Save.")
    page.click("#save")
    expect(shown.locator(".news h1")).to_be_visible()  # the page of all news
    entry = page.locator("#file").input_value()
    shown.locator(".languages").get_by_text("Deutsch").first.click()
    expect(shown.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#file")).to_have_value(entry)  # which German does not have yet
    page.locator("#file").select_option("anna/de/privacy.md")
    expect(page).to_have_url(re.compile("page=%2Fanna%2Fde%2Fprivacy%2F"))  # it has come whole
    shown.locator(".languages").get_by_text("English").first.click()
    expect(page.locator("#file")).to_have_value("anna/en/privacy.md")


def test_a_new_illustration_asks_for_new_words_and_leads_to_them(
    page: Page, preview: str, content: Path
) -> None:
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/story.md")
    expect(page.get_by_label("Text", exact=True)).not_to_be_empty()
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    page.locator("#illustration").set_input_files([picture])  # type: ignore[list-item] # one of its three shapes
    expect(page.locator("#next")).to_have_text("Now write what it shows, in each language: en")
    page.locator("#next").get_by_role("link").click()
    expect(page.locator("#file")).to_have_value("anna/en/illustration.md")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    page.get_by_label("Text", exact=True).fill("A bus stop.\n")
    page.click("#save")
    expect(page.locator("#next")).to_be_hidden()
    page.locator("#file").select_option("anna/en/thanks.md")
    page.goto(f"{preview}/.preview/edit?page=/anna/en/&file=anna/en/story.md")
    page.frame_locator("iframe").locator(".hero img").click()
    expect(page.locator("#file")).to_have_value("anna/en/illustration.md")


def test_the_small_frames_of_the_overview_follow_a_save(page: Page, preview: str, content: Path) -> None:
    page.goto(f"{preview}/.preview/overview?campaign=anna")
    phone = page.frame_locator("[title='On a phone']")
    expect(phone.get_by_role("heading", name="He waits")).to_be_visible()
    replace(content / "anna/en/story.md", "# He waits", "# She waits")
    expect(phone.get_by_role("heading", name="She waits")).to_be_visible()
    expect(page.get_by_role("link", name="Shared link, en")).to_contain_text("She waits")


def test_the_overview_stays_where_its_reader_is(page: Page, preview: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(f"{preview}/.preview/overview?campaign=anna")
    small = page.wait_for_selector("[title='In the dark']").content_frame()
    assert small
    small.wait_for_function("() => scrollY > 300")  # the part that differs is in view
    assert page.evaluate("scrollY") == 0


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()
