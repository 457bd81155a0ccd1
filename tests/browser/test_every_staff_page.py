"""Every page of the desk, by day and by night, on a phone and on a desk: nothing stands in anybody's way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from campaign.accounts import second_factor, staff
from campaign.settings import Settings
from campaign.storage.database import Database
from receiver.app import create_app
from tests.browser.test_desk import clean
from tests.conftest import Submit
from tests.receiver.staff.test_stored_script import pages
from tests.support import hostile_rows
from tests.support.answering import answering
from tests.support.lanes import few
from tests.support.ports import free_ports

pytestmark = pytest.mark.browser
PASSWORD = "four words by the sea"
WIDTHS = (320, 1280)
QUESTIONS = (
    "batches/1?sure=printed", "batches/2?sure=posted&on=2026-11-22", "batches/2?sure=void&cards=1&why=torn",
    "batches/2", "batches/3", "batches/4", "batches/5", "?second=1", "?flood=1",
    "messages?words=nothing+like+it",
)  # fmt: skip


@pytest.fixture
def served(database: Database, settings: Settings, submit: Submit) -> Iterator[tuple[Flask, str, list[str]]]:
    """A desk that asks for a phone, with a message in each state and rows in every table."""
    sent = [
        submit(database, f"We are with you, {n} of us. Call +48 600 100 20{n}.").message for n in range(8)
    ]
    database.write(lambda connection: hostile_rows.fill(connection, sent))
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    app = create_app(
        replace(settings, receiver_url=url, ratelimit_enabled=False, second_factor="on"), database
    )
    with answering(app, port):
        yield app, url, sent


def looked_at(page: Page, what: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        clean(page, f"{what} at {width}")


@pytest.mark.parametrize("inside", few(1, [False, True]))
def test_axe_finds_nothing_on_any_page_of_the_desk(
    chromium: Browser,
    database: Database,
    settings: Settings,
    served: tuple[Flask, str, list[str]],
    *,
    inside: bool,
) -> None:
    """From an invitation to the desk, and then on each page there."""
    app, url, sent = served
    keys, now = settings.approval_keys, datetime.now(UTC)
    token = database.write(lambda c: staff.invite(c, "vera", keys, now, "coordinator"))
    page = chromium.new_context().new_page()
    for path, what in (
        ("/staff/login", "login"),
        ("/staff/invitation/vera/none", "an invitation that is over"),
    ):
        page.goto(f"{url}{path}")
        looked_at(page, what)
    page.goto(f"{url}/staff/invitation/vera/{token}")
    looked_at(page, "invitation")
    page.get_by_label("Your password").fill("short")
    page.get_by_label("The same again").fill("other")
    page.get_by_role("button", name="Go on to your phone").click()
    looked_at(page, "a password that is too short")
    enter(page, url)
    addresses = dict.fromkeys([*pages(app, sent), *(f"/staff/mikita/{path}" for path in QUESTIONS)])
    assert not inside or sum(seen(page, url, path) for path in addresses) > 50
    page.context.close()


def enter(page: Page, url: str) -> None:
    """Choose a password, set up a phone, log out, and come back with a recovery code: each has its page."""
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Go on to your phone").click()
    page.get_by_text("The app is on this device").click()
    looked_at(page, "phone")
    secret = second_factor.from_base32(page.locator(".secret code").inner_text().replace(" ", ""))
    page.get_by_label("Then the six digits").fill(second_factor.code_at(secret, int(time.time()) // 30))
    page.get_by_role("button", name="Log in").click()
    recovery = page.locator(".recovery code").first.inner_text()
    looked_at(page, "recovery codes")
    page.get_by_role("button", name="Log out", exact=True).click()
    page.get_by_label("Name").fill("vera")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Log in").click()
    looked_at(page, "a wrong code")
    page.locator("input[name=code]").fill(recovery)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{url}/staff/mikita/")


def seen(page: Page, url: str, path: str) -> bool:
    """Look at a page, unless the address is that of a file or leads elsewhere."""
    if path.endswith((".png", ".pdf", ".zip", ".svg", ".css", ".js")) or "logout" in path:
        return False
    answer = page.goto(f"{url}{path}")
    assert answer is not None
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return False
    looked_at(page, path)
    return True
