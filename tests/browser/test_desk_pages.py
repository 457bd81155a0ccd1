"""The desk around the review, for everybody: how it goes, a second look, what a batch asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaign import petition
from campaign.cards import progress
from campaign.content.campaign import Campaign
from campaign.ledger import transitions
from campaign.messages import review
from campaign.press.next_batch import next_batch
from campaign.settings import Settings
from campaign.storage.database import Database
from receiver.staff import press_runs
from receiver.staff.press_runs import Asked
from tests.browser.test_desk import Desk, clean, desk, submit_more, watch
from tests.conftest import APPROVAL_KEY, NOW, TODAY
from tests.receiver.conftest import content_dir
from tests.support.lanes import few
from tests.support.press import picture

__all__ = ["content_dir", "desk", "submit_more"]
pytestmark = pytest.mark.browser

KEYS = (APPROVAL_KEY,)
SIZES = few(1, [360, 1280])


@pytest.fixture
def settings(settings: Settings, content_dir: Path) -> Settings:
    """A campaign that asks for two approvals."""
    facts = content_dir / "mikita" / "campaign.toml"
    words = facts.read_text(encoding="utf-8")
    facts.write_text(f"{words}\n[review]\nsecond_approval = true\n", encoding="utf-8")
    return replace(settings, content_dir=content_dir)


def decided(database: Database, sent: list[str]) -> None:
    """Let two people approve two of three, and reject the others."""
    for n, one in enumerate(sent):
        by = ("olga", "petr")[n % 2]
        if n % 3:
            database.write(lambda c, one=one, by=by: review.approve(c, one, by, KEYS, TODAY))
        else:
            database.write(lambda c, one=one, by=by: review.reject(c, one, by, "Spam", TODAY))


@pytest.mark.parametrize("width", SIZES)
def test_how_it_goes_is_open_to_everybody(desk: Desk, submit_more: Callable[..., str], width: int) -> None:
    decided(desk.database, [submit_more(f"Number {n}.") for n in range(12)])
    for n in range(1, 20):
        day = datetime.now(UTC).date() - timedelta(days=n)  # the page shows the last weeks
        desk.database.write(lambda c, day=day, n=n: petition.keep_day(c, "mikita", day, 12_000 - n * 7))
    page = desk.enter(java_script_enabled=False, viewport={"width": width, "height": 800}).page
    page.get_by_role("link", name="How it goes").click()
    expect(page.get_by_role("img", name="Signatures: From 11,867")).to_be_visible()
    page = desk.let_in(viewport={"width": width, "height": 800}).page
    page.goto(f"{desk.url}/staff/mikita/how-it-goes")
    clean(page, "how it goes")
    for fold in page.get_by_text("As a table").all():
        fold.click()
    expect(page.get_by_role("row", name="petr")).to_be_visible()
    clean(page, "how it goes, with its tables")


@pytest.mark.parametrize("width", SIZES)
def test_a_second_look_is_open_to_everybody(desk: Desk, submit_more: Callable[..., str], width: int) -> None:
    sent = [submit_more(words) for words in ("Hold on!", "hold  on", "A light is on.")]
    for one in sent[:2]:
        desk.database.write(lambda c, one=one: review.approve(c, one, "petr", KEYS, TODAY, two=True))
    page = desk.enter(viewport={"width": width, "height": 800}).page
    page.get_by_role("link", name="Second look").click()
    expect(page.get_by_text("Approved once, by petr")).to_be_visible()
    clean(page, "second look")
    desk.show(page, "flags")
    watch(page, 400)
    page.get_by_role("button", name="Approve").first.click()
    expect(page.get_by_text("Approved once; it needs a second pair of eyes.", exact=True)).to_be_visible()
    clean(page, "approved once")


@pytest.mark.parametrize("width", SIZES)
def test_what_a_batch_asks_is_open_to_everybody(
    desk: Desk,
    submit_more: Callable[..., str],
    settings: Settings,
    campaign: Campaign,
    tmp_path: Path,
    width: int,
) -> None:
    decided(desk.database, [submit_more(f"Number {n}.") for n in range(3)])
    next_batch(desk.database, replace(campaign, illustration=picture(tmp_path)), settings, NOW, final=True)
    desk.database.write(lambda c: transitions.mark_printed(c, "mikita", 1, NOW) and None)
    page = desk.enter(viewport={"width": width, "height": 800}).page
    page.get_by_role("link", name="Batches").click()
    clean(page, "batches")
    page.get_by_role("link", name="Batch 1").click()
    clean(page, "a batch")
    page.get_by_role("button", name="Posted…").click()
    expect(page.get_by_role("alert")).to_contain_text("was posted on")
    clean(page, "was it posted")
    page.get_by_role("link", name="No, go back").click()
    page.get_by_text("take cards back").click()
    page.get_by_label("Which cards?").fill("1")
    page.get_by_label("Why?").fill("A jam")
    page.get_by_role("button", name="Take back…").click()
    expect(page.get_by_role("alert")).to_contain_text("Take back card 1 (A jam)?")
    clean(page, "is it taken back")


def test_a_run_is_followed_by_whoever_has_the_keyboard_on_stop(
    desk: Desk, settings: Settings, monkeypatch
) -> None:
    """The page was loaded anew each two seconds, and fifteen presses of Tab lead to Stop."""
    monkeypatch.setattr(
        press_runs, "SHELL", "for n in $(seq 600); do [ -e over ] && break; sleep 0.1; done; echo 0 >ended"
    )
    folder, page = settings.build_dir / "desk", desk.let_in().page
    asked = Asked("mikita", "cards", (), "olga", "2026-11-22T12:00Z")
    press_runs.PressRuns(folder).start(asked)
    page.goto(f"{desk.url}/staff/mikita/batches")
    page.get_by_role("button", name="Stop").focus()
    progress.telling(folder / "progress")("draw sheets", 3, 40)
    expect(page.get_by_role("status")).to_have_text("Draw sheets: 3 of 40")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    (folder / "over").touch()
    expect(page.get_by_role("button", name="Make the cards")).to_be_visible()

    (folder / "over").unlink()
    press_runs.PressRuns(folder).start(asked)
    page.reload()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.route("**/batches", lambda asked_for: asked_for.fulfill(status=404, body="It is a draft now."))
    expect(page.get_by_text("It is a draft now.")).to_be_visible()  # and is not asked for ever
    (folder / "over").touch()


def test_a_link_of_another_site_leads_in_and_out_of_nothing(desk: Desk) -> None:
    """As from mail that is read in the browser: it led to the login, and ended the one that there was."""
    page = desk.let_in().page
    page.goto(f"data:text/html,<a href='{desk.url}/staff/mikita/messages%23words'>in the mail</a>")
    with page.expect_request("**/messages") as led:
        page.get_by_text("in the mail").click()
    assert led.value.all_headers()["sec-fetch-site"] == "cross-site"
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.goto(f"{desk.url}/staff/")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
