"""Slips of editors, one of each kind; all of them are in the soak."""

from pathlib import Path

from tests.support.slips import found, sound_campaign


def test_the_campaign_that_slips_are_made_in_has_none(tmp_path: Path):
    sound_campaign(tmp_path)
    assert not found(tmp_path)
