"""A campaign's colours: each palette can be read, and of a pale colour the nearest that can is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content import checks, fixing
from campaign.content.campaign import load
from campaign.content.campaign_toml.palettes import (
    CANDLE,
    DUSK,
    EMBER,
    MOON,
    PALETTES,
    Palette,
    contrast,
    pale,
)
from tests.support.editing import all_faults
from tests.support.table import table

CSS = (ROOT / "site/static/page.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#767676", "#ffffff", 4.54)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(one, one) == 1


@table("palette", PALETTES.values(), ids=PALETTES)
def test_each_palette_can_be_read(palette: Palette) -> None:
    assert list(pale(palette)) == []


def test_the_colours_are_measured_against_those_of_the_stylesheet() -> None:
    written = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", CSS.split("@media")[0]))
    assert {name: written[name] for name in ("night", "dawn", "flame", "accent")}.items() <= vars(
        CANDLE
    ).items()
    assert (written["moon"], written["dusk"], written["ember"]) == (MOON, DUSK, EMBER)
    assert f"--accent: {CANDLE.accent_dark};" in CSS


@pytest.mark.parametrize("name", ["night", "dawn", "flame", "accent", "accent_dark"])
def test_a_pale_colour_is_a_fault_with_one_that_can_be_read_which_fix_writes(folder: Path, name: str) -> None:
    grey = "#8a8078" if name != "accent_dark" else "#555555"
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text("utf-8") + f'\n[colours]\n{name} = "{grey}"\n', encoding="utf-8")
    (fault,) = all_faults(folder.parent)
    assert (fault.path, fault.line) == (facts, len(facts.read_text("utf-8").splitlines()))
    right = re.search(r'write "(#[0-9a-f]{6})"', fault.remedy)
    assert right, fault
    assert fault.fault.startswith(f"[colours] {name}: {grey} has a contrast of ")
    list(fixing.fix_all(lambda: checks.findings(folder.parent)))
    assert getattr(load(folder).palette, name) == right[1]


def test_a_dawn_on_which_the_palette_s_flame_fades_is_to_give_way(folder: Path) -> None:
    facts = folder / "campaign.toml"
    words = facts.read_text("utf-8") + '\n[page]\npalette = "berry"\n[colours]\ndawn = "#4f5359"\n'
    facts.write_text(words, encoding="utf-8")
    (fault,) = all_faults(folder.parent)
    flame = PALETTES["berry"].flame
    assert fault.fault.startswith("[colours] dawn: #4f5359 has a contrast of 3.7 to " + flame)
    facts.write_text(words + 'flame = "#ffc8d8"\n', encoding="utf-8")
    assert not all_faults(folder.parent)


def test_a_colour_of_three_digits_is_one_of_six(folder: Path) -> None:
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text("utf-8") + '\n[colours]\nnight = "#123"\n', encoding="utf-8")
    assert load(folder).palette.night == "#112233"


def test_what_is_no_colour_is_shown_one(folder: Path) -> None:
    facts = folder / "campaign.toml"
    facts.write_text(facts.read_text("utf-8") + '\n[colours]\nnight = "brown"\n', encoding="utf-8")
    (fault,) = all_faults(folder.parent)
    assert fault.fault == '[colours] night: "brown" is no colour'
    assert 'write "#8a4708"' in fault.remedy
