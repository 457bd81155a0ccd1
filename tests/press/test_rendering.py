"""Rendering: what a killed run leaves."""

from __future__ import annotations

from campaign.press import rendering


def test_a_folder_is_removed_where_a_killed_run_left_the_hidden_one(tmp_path):
    for folder in (tmp_path / "1", tmp_path / ".1.old"):
        folder.mkdir()
        (folder / "sheets.pdf").touch()
    rendering.remove_folder(tmp_path / "1")
    assert list(tmp_path.iterdir()) == []
