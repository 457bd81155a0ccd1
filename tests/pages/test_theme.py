"""A campaign's colours and sign reach its pages and the receiver's, and cost only what they change."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from campaign.content.campaign import load_all
from campaign.content.campaign_toml.palettes import PALETTES
from campaign.pages.site import freeze
from campaign.settings import Settings
from tests.support.editing import write_campaign

MOST_OF_A_PALETTE = 200  # bytes, gzip
HEAD = re.compile(
    r'theme-color" content="(#\w+)".*?icon" href="([^"]+)".*?stylesheet" href="([^"]+)"', re.DOTALL
)


@pytest.fixture
def frozen(tmp_path: Path, settings: Settings) -> Callable[[], Path]:
    """Freeze what was written into content/."""

    def build() -> Path:
        freeze(tmp_path / "site", load_all(tmp_path / "content"), settings)
        return tmp_path / "site"

    return build


def write(folder: Path, more: str = "") -> Path:
    write_campaign(folder)
    with (folder / "campaign.toml").open("a", encoding="utf-8") as facts:
        facts.write(more)
    return folder


def head(site: Path, slug: str) -> tuple[str, bytes, bytes]:
    """Give the colour around a page, its sign and its stylesheet."""
    found = HEAD.search((site / slug / "index.html").read_text(encoding="utf-8"))
    assert found
    return found[1], (site / found[2][1:]).read_bytes(), (site / found[3][1:]).read_bytes()


@pytest.mark.slow
def test_a_palette_dresses_page_and_sign_and_costs_what_it_changes(
    tmp_path: Path, frozen: Callable[[], Path]
) -> None:
    write(tmp_path / "content" / "anna", '\n[page]\npalette = "sea"\n')
    write(tmp_path / "content" / "boris")
    site = frozen()
    night, icon, sheet = head(site, "anna")
    usual_night, usual_icon, usual = head(site, "boris")
    sea = PALETTES["sea"]
    assert (night, usual_night) == (sea.night, PALETTES["candle"].night)
    assert sheet.startswith(usual)
    assert f"--night:{sea.night};".encode() in sheet
    assert len(gzip.compress(sheet, 9)) - len(gzip.compress(usual, 9)) <= MOST_OF_A_PALETTE
    assert (sea.flame.encode() in icon, sea.flame.encode() in usual_icon) == (True, False)


@pytest.mark.slow
def test_the_card_beside_the_form_has_the_shape_of_the_one_that_is_printed(
    tmp_path: Path, frozen: Callable[[], Path]
) -> None:
    write(tmp_path / "content" / "anna", '\n[card]\nsize = "A5-landscape"\nsheet = "A3"\n')
    write(tmp_path / "content" / "boris")
    site = frozen()
    (_, _, sheet), (_, _, usual) = head(site, "anna"), head(site, "boris")
    assert sheet.removeprefix(usual) == b".card{--width:210;--height:148}"


@pytest.mark.slow
def test_a_picture_of_the_campaign_s_own_is_a_small_square_sign(
    tmp_path: Path, frozen: Callable[[], Path]
) -> None:
    folder = write(tmp_path / "content" / "anna")
    Image.effect_noise((900, 700), 90).convert("RGB").save(folder / "icon.jpg")
    _, icon, _ = head(frozen(), "anna")
    with Image.open(io.BytesIO(icon)) as sign:
        assert (sign.format, sign.size) == ("PNG", (64, 64))
    assert len(icon) < 6000
