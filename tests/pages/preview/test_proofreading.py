"""What the preview says where a text cannot be looked through."""

from datetime import date

import pytest

from campaign.content import checks
from campaign.pages.preview import proofreading
from tests.support.editing import write_campaign


def test_what_cannot_be_looked_through_is_told_and_ends_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch):
    folder = write_campaign(tmp_path / "anna")

    def fail(*_: object) -> None:
        raise ValueError("a text that nobody thought of")

    monkeypatch.setattr(checks, "of_campaign", fail)
    (found,) = proofreading.of_campaign(folder, date(2026, 11, 29))
    assert (found.path, found.level) == (folder / "campaign.toml", "warning")
    assert "was not looked through for slips: ValueError" in found.fault
