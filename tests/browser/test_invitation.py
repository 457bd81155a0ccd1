"""From an invitation's link to the desk in a real browser, without JavaScript and on a small phone too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign.accounts import second_factor, staff
from campaign.settings import Settings
from campaign.storage.database import Database
from commands.shared.local import free_ports
from receiver.app import create_app
from tests.browser.axe import hold_to_wcag
from tests.support.answering import answering

pytestmark = pytest.mark.browser

CHOSEN = "four words by the sea"


@pytest.fixture
def link(database: Database, settings: Settings) -> Iterator[str]:
    """A desk that asks for a second factor, and the link that invites olga to it."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    config = replace(settings, receiver_url=url, second_factor="on", ratelimit_enabled=False)
    keys = settings.approval_keys
    token = database.write(lambda c: staff.invite(c, "olga", keys, datetime.now(UTC), "reviewer"))
    with answering(create_app(config, database), port):
        yield f"{url}/staff/invitation/olga/{token}"


def seen(page: Page, *, script: bool) -> None:
    """Hold a page to WCAG, where scripts run, and to the width of its screen."""
    page.wait_for_load_state()  # a click or `goto` may have led to one that is not there yet
    if script:
        hold_to_wcag(page)
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wider)


def code(secret: bytes, later: int = 0) -> str:
    return second_factor.code_at(secret, int(time.time()) // 30 + later)


@pytest.mark.parametrize(("width", "scheme", "script"), [(320, "dark", True), (1280, "light", False)])
def test_an_invitation_leads_to_the_desk_once(
    chromium: Browser, link: str, width: int, scheme: str, script: bool
) -> None:
    options = {"viewport": {"width": width, "height": 700}, "color_scheme": scheme}
    context = chromium.new_context(**options, java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    seen(page, script=script)
    page.get_by_label("Your password").fill("too short")
    page.get_by_label("The same again").fill("too short")
    page.get_by_role("button", name="Go on to your phone").click()
    expect(page.get_by_text("It has 9 characters")).to_be_visible()
    seen(page, script=script)
    page.get_by_label("Your password").fill(CHOSEN)
    page.get_by_label("The same again").fill(CHOSEN)
    page.get_by_role("button", name="Go on to your phone").click()
    expect(page.get_by_role("heading", name="Set up your phone")).to_be_visible()
    page.get_by_text("The app is on this device").click()
    secret = second_factor.from_base32(page.locator(".secret code").inner_text().replace(" ", ""))
    seen(page, script=script)
    page.get_by_label("Then the six digits").fill(code(secret))
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".recovery li")).to_have_count(8)
    seen(page, script=script)
    page.get_by_role("link", name="I have written them down").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    page.goto(link)
    expect(page.get_by_role("heading", name="This invitation is over")).to_be_visible()
    seen(page, script=script)
    page.get_by_role("link", name="Log in").click()
    expect(page.get_by_label("Name")).to_be_visible()
    seen(page, script=script)
    page.get_by_label("Name").fill("olga")
    page.get_by_label("Password").fill(CHOSEN)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_label("Six digits")).to_be_visible()
    seen(page, script=script)
    page.get_by_label("Six digits").fill(code(secret, 1))
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    context.close()
