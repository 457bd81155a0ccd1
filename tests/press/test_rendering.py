"""Rendering: what a killed run leaves, and which messages a card that cannot be read is blamed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.cards.proof.report import Report
from campaign.content.schema import CardFacts
from campaign.ledger.batches import Slot
from campaign.press import rendering
from campaign.press.drawing import CardSlots
from campaign.press.setup import Setup


def test_a_folder_is_removed_where_a_killed_run_left_the_hidden_one(tmp_path):
    for folder in (tmp_path / "1", tmp_path / ".1.old"):
        folder.mkdir()
        (folder / "sheets.pdf").touch()
    rendering.remove_folder(tmp_path / "1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("cards", "blamed"), [(3, ["m1"]), (2, [])])
def test_a_whole_card_is_blamed_only_where_most_others_are_read(cards, blamed):
    slots = [
        Slot(i, i, f"m{i}", "", True, "approved", "Be well", "Ann", "en", None) for i in range(1, cards + 1)
    ]
    report = Report(Path("sheets.pdf"), (), (1,))
    setup = Setup.from_facts(CardFacts())
    found = rendering._unreadable(report, setup, [CardSlots(slot.card, [slot]) for slot in slots])
    assert [slot.message for slot in found] == blamed
