"""Rendering: what a killed run leaves."""

from __future__ import annotations

from campaign.press import rendering


def test_a_folder_is_removed_where_a_killed_run_left_the_hidden_one(tmp_path):
    for folder in (tmp_path / "1", tmp_path / ".1.old"):
        folder.mkdir()
        (folder / "sheets.pdf").touch()
    rendering.remove_folder(tmp_path / "1")
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_unfinished_sheets_leads_them_nowhere(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".1.part").symlink_to(tmp_path / "elsewhere")
    with rendering.scratch_folder(tmp_path / "1") as part:
        (part / "sheets.pdf").touch()
    assert list((tmp_path / "elsewhere").iterdir()) == []
