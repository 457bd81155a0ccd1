"""The whole road in real browsers: page, message, review, card; with JavaScript, without, and in Firefox."""

import base64
import csv
import os
import re
import secrets
import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign import settings
from campaign.accounts import staff
from campaign.content.campaign import load_all
from campaign.keys import sealing
from campaign.pages.local_server import hosting
from campaign.pages.site import freeze
from campaign.storage import database
from commands.shared.local import receiving
from tests.browser.conftest import STILL, in_english
from tests.browser.firefox import firefox
from tests.support.commands import Commands
from tests.support.ports import free_ports

TODAY = datetime.now(UTC).date()
pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]

CYRILLIC = "Мікіта, трымайся! Мы з табой, і ўвесь свет чакае цябе дома. ґ ї ё"
UMLAUTS = "Es grünt schon draußen, und die Störche sind zurück."
EMOJI = "A candle burns in our window for you 🕯️ and it stays lit."
SURNAME = "Zzyzxova"
EMAIL = "nobody.at.all@example.org"


@dataclass(frozen=True)
class Road:
    page: str
    receiver: str
    staff_password: str
    environ: dict[str, str]
    build_dir: Path
    identity: Path
    build_py: Commands

    def build(self, *arguments: str) -> str:
        """Run build.py as a person would and return what it printed."""
        done = self.build_py.run(*arguments, environ=self.environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def road(tmp_path, build_dir, build_py):
    folder = tmp_path
    public, secret = sealing.new_key()
    identity = folder / "identity.txt"
    identity.write_text(secret + "\n")
    page, receiver = (f"http://127.0.0.1:{port}" for port in free_ports(2))
    variables = {
        "CANDLE_SITE_URL": page,
        "CANDLE_RECEIVER_URL": receiver,
        "CANDLE_DATABASE_URL": f"sqlite:///{folder}/candle.sqlite",
        "CANDLE_SECRET_KEY": secrets.token_urlsafe(48),
        "CANDLE_SECOND_FACTOR": "off",
        "CANDLE_APPROVAL_KEY": secrets.token_urlsafe(48),
        "CANDLE_AGE_RECIPIENTS": public,
        "CANDLE_BUILD_DIR": str(build_dir),
        "CANDLE_LIMITS_URL": "memory://",
        "CANDLE_PROXY_HOPS": "0",
    }
    config = settings.load(variables, file=None)
    opened = database.connect(config.database_url)
    database.migrate(opened)
    keys = config.approval_keys
    password = opened.write(lambda connection: staff.add(connection, "reviewer", keys, TODAY))
    opened.close()
    site = folder / "site"
    freeze(site, {slug: in_english(one) for slug, one in load_all(config.content_dir).items()}, config)
    port = int(page.rpartition(":")[2])
    environ = {**os.environ, **variables}
    with hosting(site, port), receiving(config, folder / "receiver.log", environ):
        yield Road(page, receiver, password, environ, build_dir, identity, build_py)


def test_words_go_from_the_page_to_a_card_and_nothing_else_does(road, chromium, tmp_path):
    send_with_javascript(road, chromium)
    send_without_javascript(road, chromium)
    send_with_firefox(road, tmp_path / "profile")
    approve_them(road, chromium)
    check_the_cards(road)
    check_the_details(road)


def write(page, text, first_name):
    page.fill("[name=message]", text)
    page.fill("[name=first_name]", first_name)
    page.click(".details:not([open]) summary")
    page.fill("[name=last_name]", SURNAME)
    page.fill("[name=email]", EMAIL)
    page.check("[name=consent]")


def send_with_javascript(road, chromium):
    context = chromium.new_context(**STILL, locale="en-GB")
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{road.page}/mikita/en/")
    write(page, CYRILLIC, "Алеся")
    page.wait_for_timeout(3200)  # a token younger than three seconds is taken for a machine's
    page.click("form.message-form [type=submit]")
    page.get_by_role("heading", name="Thank you").wait_for()
    assert page.url.startswith(f"{road.page}/mikita/en/")
    assert errors == []
    context.close()


def send_without_javascript(road, chromium):
    context = chromium.new_context(**STILL, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{road.page}/mikita/en/")
    write(page, EMOJI, "Zoë")
    page.click("form.message-form [type=submit]")
    assert page.url.startswith(road.receiver)
    assert EMOJI in (page.get_attribute(".card", "aria-label") or "")
    assert page.input_value("[name=message]").strip() == EMOJI
    page.wait_for_timeout(3200)
    page.click("form.message-form [type=submit]")
    assert "Thank you" in page.inner_text("h1")
    assert re.search(r"[?&]", page.url) is None, "the receipt never stands in an address"
    context.close()


def send_with_firefox(road, profile):
    with firefox(profile) as browser:
        browser.open(f"{road.page}/mikita/en/")
        browser.type("[name=message]", UMLAUTS)
        browser.type("[name=first_name]", "Jörg")
        browser.click(".details summary")
        browser.type("[name=last_name]", SURNAME)
        browser.type("[name=email]", EMAIL)
        browser.run("document.querySelector('[name=country]').value = 'PL'")
        browser.click("[name=consent]")
        browser.click("form.message-form [type=submit]")
        browser.wait("document.querySelector('.thanked')")
        assert browser.run("return location.href").startswith(road.page)  # in place: not the receiver's page


def approve_them(road, chromium):
    page = chromium.new_page()
    page.goto(f"{road.receiver}/staff/")
    page.fill("[name=name]", "reviewer")
    page.fill("[name=password]", road.staff_password)
    page.click("button[type=submit], form button")
    page.goto(f"{road.receiver}/staff/mikita/")
    for words in (CYRILLIC, EMOJI, UMLAUTS):
        page.locator(".desk").get_by_text(words).wait_for()
        page.wait_for_timeout(1000)  # sooner it would be a second press, not a second decision
        with page.expect_response("**/approve"):
            page.keyboard.press("a")
    page.close()


def check_the_cards(road):
    road.build("cards", "mikita", "--final")
    batch = road.build_dir / "cards" / "mikita" / "batch-0001"
    text = subprocess.run(
        ["pdftotext", "-raw", batch / "sheets.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    flowed = " ".join(text.split())
    for words in (CYRILLIC, EMOJI, UMLAUTS, "Алеся", "Zoë", "Jörg"):
        assert words.replace("\N{VARIATION SELECTOR-16}", "") in flowed.replace(
            "\N{VARIATION SELECTOR-16}", ""
        )
    for file in batch.iterdir():
        everything = file.read_bytes() + printed(file).encode()
        assert SURNAME.encode() not in everything
        assert EMAIL.encode() not in everything
    lines = (batch / "manifest.csv").read_text(encoding="utf-8").splitlines()
    assert len(list(csv.DictReader(lines))) == 3


def printed(file: Path) -> str:
    """All that poppler finds in a PDF: its text and its metadata."""
    if file.suffix != ".pdf":
        return ""
    tools = (["pdftotext", file, "-"], ["pdfinfo", file], ["pdfinfo", "-meta", file])
    return "".join(subprocess.run(tool, capture_output=True, text=True, check=True).stdout for tool in tools)


def is_a_browser_s(sealed):
    """Tell whether a seal has the page's shape; the receiver's own has lines that the page's has not."""
    try:
        return sealing.read_seal(base64.b64encode(sealed).decode(), 1) == sealed
    except sealing.SealingError:
        return False


def check_the_details(road):
    database_file = Path(road.environ["CANDLE_DATABASE_URL"].removeprefix("sqlite:///"))
    with sqlite3.connect(database_file) as connection:
        seals = [sealed for (sealed,) in connection.execute("SELECT sealed FROM details")]
    assert sorted(map(is_a_browser_s, seals)) == [False, True, True]
    for file in database_file.parent.glob("candle.sqlite*"):
        assert SURNAME.encode() not in file.read_bytes()
    printed = road.build("details", "mikita", "--all", "--identity", str(road.identity))
    rows = [(row["last_name"], row["email"], row["country"]) for row in csv.DictReader(printed.splitlines())]
    assert sorted(rows) == sorted((SURNAME, EMAIL, country) for country in ("", "", "PL"))
