"""What `illustration` shows of a picture, and what it says of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageColor

from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.illustration.card_front import load_illustration
from campaign.content.campaign_toml.palettes import CANDLE
from campaign.pages import illustration_sheet, share_image
from campaign.pages.illustration_sheet import on_card
from commands.illustration import illustration
from tests.support.editing import write_campaign

LYING, STANDING = CARD_SIZES["A6-landscape"], CARD_SIZES["A6"]


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Save a picture, and show it with `build.py illustration`."""
    monkeypatch.setenv("CANDLE_BUILD_DIR", str(tmp_path / "_build"))

    def run(name: str, image: Image.Image, *options: str) -> Result:
        image.save(tmp_path / name)
        return CliRunner().invoke(illustration, [str(tmp_path / name), *options])

    return run


@pytest.mark.slow
def test_a_picture_is_shown_on_one_sheet(tmp_path: Path, show):
    done = show("candle.png", Image.new("RGB", (1240, 1748), "teal"))
    assert done.exit_code == 0, done.output
    sheet = tmp_path / "_build" / "illustration" / "candle.png"
    assert done.stdout == f"{sheet}\n"
    with Image.open(sheet) as shown:
        assert shown.width >= 2 * 1240
        colours = {colour for _, colour in shown.getcolors(1 << 24)}
    assert {(0, 128, 128), (91, 91, 91), (255, 255, 255)} <= colours  # the picture, in grey, the card's edge


@pytest.mark.parametrize(("card", "size"), [(STANDING, (1240, 1748)), (LYING, (1748, 1240))])
def test_a_card_is_shown_as_it_is_printed_at_300_dpi(tmp_path: Path, card, size):
    Image.new("RGB", size, "teal").save(tmp_path / "a.png")
    printed = on_card(load_illustration(tmp_path / "a.png", card), card)
    assert (abs(printed.width - size[0]) <= 2, abs(printed.height - size[1]) <= 2) == (True, True)
    assert printed.getpixel((size[0] // 2, size[1] // 2)) == (0, 128, 128)
    assert printed.getpixel((40, size[1] // 2)) == (255, 255, 255)  # the safe zone


@pytest.mark.slow
def test_a_picture_that_lies_is_told_how_to_turn_the_card(show):
    lying = Image.new("RGB", (1748, 1240), "teal")
    assert "note" not in show("a.png", lying).stdout
    assert 'write size = "A6-landscape" below [card]' in show("a.png", lying, "--card", "A6").stdout
    assert "note" not in show("a.png", lying, "--card", "A6-landscape").stdout
    assert (
        'write size = "A6" below [card]'
        in show("b.png", Image.new("RGB", (1748, 2480), "teal"), "--card", "A6-landscape").stdout
    )


@pytest.mark.parametrize(
    ("name", "image", "told"),
    [
        ("small.png", Image.new("RGB", (600, 800)), "300 are needed; save 1240 × 1748 dots"),
        ("inks.jpg", Image.new("CMYK", (1240, 1748)), "is in CMYK colours"),
    ],
)
def test_what_is_wrong_is_refused_with_its_remedy(
    tmp_path: Path, show, name: str, image: Image.Image, told: str
):
    done = show(name, image)
    assert done.exit_code == 1
    assert told in str(done.exception)
    assert not (tmp_path / "_build" / "illustration").exists()


@pytest.mark.parametrize(("ground", "kept"), [("#1d3a2a", True), ("#bababa", False)])
def test_words_beside_a_link_stand_on_the_picture_s_ground_where_they_can_be_read(ground: str, kept: bool):
    said = share_image.Words("She waits", "Write to Anna", "en", "ltr")
    link = share_image.draw(Image.new("RGB", (900, 1200), ground), said)
    assert link.getpixel((5, 5)) == ImageColor.getrgb(ground if kept else CANDLE.night)


@pytest.mark.slow
def test_a_campaign_stands_for_its_illustration_and_its_own_name_is_drawn(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("CANDLE_BUILD_DIR", str(tmp_path / "_build"))
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    folder = write_campaign(tmp_path / "content" / "mikita")
    (folder / "illustration.svg").unlink()
    Image.new("RGB", (1240, 1748), "teal").save(folder / "illustration.jpg")
    drawn: list[str] = []
    draw = illustration_sheet.draw
    monkeypatch.setattr(
        illustration_sheet, "draw", lambda file, card, name: drawn.append(name) or draw(file, card, name)
    )
    for words in ("mikita", str(folder), str(folder / "illustration.jpg")):
        done = CliRunner().invoke(illustration, [words])
        assert done.stdout == f"{tmp_path / '_build' / 'illustration' / 'illustration.png'}\n", done.output
    assert drawn == ["Mikita"] * 3
    gone = CliRunner().invoke(illustration, [str(folder / "illustration.svg")])
    assert gone.exit_code == 2
    assert "is shown by its word: mikita" in gone.stderr
