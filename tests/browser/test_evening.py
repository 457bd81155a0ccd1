"""The evening of whoever prints at home: a browser without JavaScript, and no shell on the server."""

from __future__ import annotations

import os
import secrets
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign import settings
from campaign.accounts import second_factor, staff
from campaign.storage import database
from commands.shared.local import receiving
from tests.browser.axe import hold_to_wcag
from tests.conftest import APPROVAL_KEY, Submit
from tests.support import pdf
from tests.support.ports import free_ports

pytestmark = pytest.mark.browser
GERMAN, NAMED = "Mehr Licht für dich.", "a river, a field and a bird."
TEXTS = ["We are with you, and wait for you.", "A song for you.", "A house in Minecraft, with a light on."]


@dataclass(frozen=True)
class Evening:
    """A desk that is served by a process of its own, and where its page is open."""

    page: Page
    folder: Path

    def shown(self, words: str) -> None:
        """Wait until the page says so, by itself where a run goes on."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=60_000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def open(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()  # a run leads to its batch too

    def download(self, name: str) -> Path:
        """Press a link that is a download, and keep what comes."""
        with self.page.expect_download() as download:
            self.open(name)
        path = self.folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


@pytest.fixture
def newcomer(tmp_path: Path, chromium: Browser, submit: Submit) -> Iterator[Evening]:
    """Somebody with an invitation to a desk of a process of its own, which asks for a phone."""
    (origin,) = (f"http://127.0.0.1:{port}" for port in free_ports(1))
    variables = {
        "CANDLE_RECEIVER_URL": origin,
        "CANDLE_SITE_URL": origin,
        "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/instance/candle.sqlite",
        "CANDLE_SECRET_KEY": secrets.token_urlsafe(48),
        "CANDLE_SECOND_FACTOR": "on",
        "CANDLE_APPROVAL_KEY": APPROVAL_KEY,
        "CANDLE_BUILD_DIR": str(tmp_path / "build"),
    }
    config = settings.load(variables, file=None)
    opened = database.connect(config.database_url)
    database.migrate(opened)
    for words in (*TEXTS, GERMAN, f"Anna Kowalska and I send {NAMED}"):
        submit(opened, words)
    keys = config.approval_keys
    token = opened.write(lambda c: staff.invite(c, "olga", keys, datetime.now(UTC), "coordinator"))
    opened.close()
    context = chromium.new_context(java_script_enabled=False, accept_downloads=True)
    with receiving(config, tmp_path / "receiver.log", {**os.environ, **variables}):
        page = context.new_page()
        page.goto(f"{origin}/staff/invitation/olga/{token}")
        yield Evening(page, tmp_path)
    context.close()


def make_cards(evening: Evening) -> None:
    evening.open("Batches")
    evening.page.get_by_label("Also cards and sheets that are not full").check()
    evening.press("See what it would be")
    evening.shown("It would print")
    evening.press("Make the cards")
    evening.shown("proofed")


def test_from_an_invitation_to_the_keepsake_in_the_browser_alone(newcomer: Evening) -> None:
    """The pages of its batches are open to everybody."""
    enrol(newcomer.page)
    review(newcomer)
    try_the_printer(newcomer)
    words = print_and_post(newcomer, [*TEXTS, GERMAN, NAMED])
    assert "Kowalska" not in words
    assert "Morelight" not in words  # a translation for staff alone is on no card


def enrol(page: Page) -> None:
    """Choose a password, set up a phone, and write recovery codes down."""
    page.get_by_label("Your password").fill("four words by the sea")
    page.get_by_label("The same again").fill("four words by the sea")
    page.get_by_role("button", name="Go on to your phone").click()
    page.get_by_text("The app is on this device").click()
    secret = second_factor.from_base32(page.locator(".secret code").inner_text().replace(" ", ""))
    page.get_by_label("Then the six digits").fill(second_factor.code_at(secret, int(time.time()) // 30))
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="I have written them down").click()


def review(evening: Evening) -> None:
    """Approve all that waits: one is translated for staff first, and of one a name is cut out."""
    page = evening.page
    for _ in (*TEXTS, GERMAN, NAMED):
        words = page.locator(".words .text").inner_text()
        if words == GERMAN:
            page.locator(".translation summary").click()
            page.get_by_label("For staff alone").fill("More light for you.")
            evening.press("Keep it")
        if "Kowalska" in words:
            evening.open("Cut words out…")
            for word in ("Kowalska", "Anna"):
                page.locator(".choices label:not(.of-name)", has_text=word).click()
            page.get_by_label("Why?").fill("a third person")
            evening.press("Cut out")
        page.get_by_role("button", name="Approve").click()
    evening.shown("Nothing waits")


def print_and_post(evening: Evening, texts: list[str]) -> str:
    """Take approved messages to the letter box, one card taken back; returns the keepsake's words."""
    make_cards(evening)
    look_over(evening.page)
    evening.open("Batch 1")
    archive = zipfile.ZipFile(evening.download("Download sheets, cover and list"))
    archive.extractall(evening.folder)
    sheets = pdf.text_of(evening.folder / "mikita-batch-0001" / "sheets.pdf")
    assert all("".join(text.split()) in sheets for text in texts)
    evening.press("All sheets are on paper…")
    evening.press("They are on paper")
    evening.shown("It is on paper.")
    evening.page.get_by_text("Cards are missing").click()
    evening.page.get_by_label("Which cards?").fill("1")
    evening.page.get_by_label("Why?").fill("cut through the words")
    evening.press("Take back…")
    evening.shown("This cannot be undone.")
    evening.press("Take it back")
    evening.shown("Messages that wait for a new card:")
    make_cards(evening)
    evening.open("Batch 2")
    evening.page.get_by_text("Sheets were spoiled").click()
    evening.page.get_by_label("Which sheets?").fill("1")
    evening.press("Make sheets again")
    evening.shown("reprint-sheets-1-1.pdf")
    evening.open("Batch 2")
    evening.press("All sheets are on paper…")
    evening.press("They are on paper")
    evening.press("Posted…")
    evening.shown("From then on nothing of it can be taken back")
    evening.press("It was posted")
    evening.shown("Posted on")
    evening.open("Batches")
    evening.press("Make the keepsake")
    evening.shown("Download the keepsake")
    kept = pdf.text_of(evening.download("Download the keepsake"))
    assert all("".join(text.split()) in kept for text in texts)
    return kept


def try_the_printer(evening: Evening) -> None:
    """Print what is there to try it with, before there is a batch."""
    evening.open("Batches")
    assert "Holdthesheet" in pdf.text_of(evening.download("Download the calibration sheet"))
    evening.press("Make sample sheets")
    evening.shown("Download the sample sheets")
    assert "Minecraft" in pdf.text_of(evening.download("Download the sample sheets"))


def look_over(open_page: Page) -> None:
    """Hold the pages of batches to WCAG on a phone, in a browser with scripts and the same login."""
    chromium = open_page.context.browser
    assert chromium
    storage = open_page.context.storage_state()
    context = chromium.new_context(storage_state=storage, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for name in ("batches", "batches/1"):
        page.goto(open_page.url.partition("/staff/")[0] + f"/staff/mikita/{name}")
        for fold in page.locator("details").all():
            fold.locator("summary").click()
        hold_to_wcag(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
