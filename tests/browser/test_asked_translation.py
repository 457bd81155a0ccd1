"""A translation that the desk asks for by itself: its fold stands open, and has the keys once it is begun."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaign.settings import Settings
from tests.browser.test_desk import WORDS, Desk, desk, settle
from tests.receiver.conftest import content_dir

__all__ = ["content_dir", "desk"]
pytestmark = pytest.mark.browser


@pytest.fixture
def settings(settings: Settings, content_dir: Path) -> Settings:
    """A campaign whose cards print a translation of what the recipient does not read."""
    facts = content_dir / "mikita" / "campaign.toml"
    words = facts.read_text(encoding="utf-8")
    facts.write_text(words.replace("[card]\n", '[card]\nprint = "both"\n'), encoding="utf-8")
    return replace(settings, content_dir=content_dir)


def test_the_fold_that_stands_open_has_the_keys_once_somebody_writes(desk: Desk) -> None:
    page = desk.let_in().page
    desk.look(page, f"?message={desk.messages['hebrew']}")
    field = page.get_by_label("For the card")
    expect(field).to_be_visible()
    field.focus()
    page.keyboard.type("Dear")
    page.get_by_role("heading", level=1).click()
    settle(page)
    page.keyboard.type("s1l")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    assert desk.state("hebrew") == "waiting"
    expect(field).to_have_value("Dear")


def test_who_writes_none_goes_on_by_keys(desk: Desk) -> None:
    page = desk.let_in().page
    desk.look(page, f"?message={desk.messages['hebrew']}")
    settle(page)
    page.keyboard.press("s")
    expect(page.locator(".words .text")).not_to_have_text(WORDS["hebrew"])
