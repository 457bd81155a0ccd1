"""Lines of campaign.toml that can be read and were meant otherwise; a # in a text begins no remark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.slips import found, sound_campaign

NAMED = 'name = "Readers for Lena"'
UNMARKED = "where office printers show no crop marks"
PETITION = "https://petition.example.org/lena"


def told(content: Path, before: str, after: str) -> list[str]:
    path = sound_campaign(content) / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    return [one.fault for one in found(content)]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (NAMED, 'name = "Readers # TODO"', 'a blank that nobody filled in: "TODO"'),
        (NAMED, "name = 'Readers # TODO'", 'a blank that nobody filled in: "TODO"'),
        ("Lange Gasse 7", "Lange Gasse # ____", 'a blank that nobody filled in: "____"'),
        (PETITION, f"{PETITION}#/____", 'a blank that nobody filled in: "____"'),
        ("Lange Gasse 7", "=======", 'a mark of a conflict: "======="'),
        ('name = "Lena"', 'name = "Lеna"', '"Lеna" mixes Latin and Cyrillic letters'),
        ('sheet = "A4"', 'sheet = "Letter"', f"sheet: A6 on Letter leaves 3 mm, {UNMARKED}"),
    ],
)
def test_what_nobody_meant_is_told(tmp_path: Path, before: str, after: str, fault: str):
    assert told(tmp_path, before, after) == [fault]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NAMED, f"{NAMED} # TODO: ask Anna ____"),
        ("[privacy]", "# TODO\n[privacy]  # XXX"),
        (NAMED, 'name = "Readers & Lena # 7"'),
        ("Lange Gasse 7", "Lange Gasse # 7"),
        ("Lange Gasse 7", "Rue de l' Arc 'd' Or"),
        ("Lange Gasse 7", "Huis 't Zand, 's-Hertogenbosch"),
        (NAMED, "name = \"Huis 't Zand, 's-Hertogenbosch\""),
        ('"strike", "Flucht"', '"l\'an dernier, l\'été", "Flucht"'),
    ],
)
def test_a_remark_is_for_editors_alone(tmp_path: Path, before: str, after: str):
    assert told(tmp_path, before, after) == []
