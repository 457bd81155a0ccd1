"""Rendering: what a killed run leaves, and a card that an older program planned."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

from campaign.ledger.batches import Slot
from campaign.press import rendering
from campaign.press.stacks import CardSlots, Stack, draw_stack
from campaign.press.ticket import Setup


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


def test_messages_of_a_card_that_was_planned_with_fewer_lines_are_kept_apart():
    text = "\n".join(["a", "row", "of"] * 3)
    slots = [Slot(1, n, f"m{n}", "", True, "approved", text, "Ann", "en", None) for n in (1, 2, 3)]
    setup = Setup("A6", "A4", "long-edge", "office", (0, 0), number=False)
    (sheet,) = draw_stack(Stack(setup, [CardSlots(1, slots)])).sheets
    found = re.findall(rb"11 0 0 11 \S+ (\S+) Tm\n(\S+) TL", zlib.decompress(sheet.backs))
    first_lines = [(float(base), float(unit) * 11) for base, unit in found]
    for (one, leading), (other, _) in pairwise(first_lines):
        assert one - 8 * leading - other > 1.4 * leading
