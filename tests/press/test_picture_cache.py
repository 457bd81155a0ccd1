"""The picture is prepared once, and what is kept of it is believed only where our key signed it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from campaign import ROOT
from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.illustration import card_front
from campaign.cards.illustration.prepared_picture import Illustration, IllustrationError
from campaign.press import made_with
from campaign.press import picture_cache as pictures
from tests.support.press import PICTURE

A6, KEYS = CARD_SIZES["A6"], ["a key of this campaign, long enough"]
Looked = Callable[..., Illustration]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The pictures that were read anew."""
    found: list[Path] = []
    real = card_front.load_illustration

    def reading(path: Path, card=A6) -> Illustration:
        found.append(path)
        return real(path, card)

    monkeypatch.setattr(card_front, "load_illustration", reading)
    return found


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    path = tmp_path / "illustration.svg"
    path.write_text(PICTURE)
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    (tmp_path / "_build").mkdir()
    return tmp_path / "_build" / "mikita.picture"


def with_dots(path: Path) -> Path:
    Image.new("RGB", (1240, 1748), (200, 40, 30)).save(path)
    return path


def with_a_font(path: Path) -> Path:
    with pymupdf.open() as document:
        page = document.new_page(width=298, height=420)
        page.insert_font(fontname="F0", fontfile=ROOT / "campaign/cards/fonts/Alegreya-Regular.ttf")
        page.insert_text((50, 50), "Hello", fontname="F0")
        document.save(path)
    return path


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: ROOT / "content/mikita/illustration.svg",
        lambda folder: with_dots(folder / "a.png"),
        lambda folder: with_dots(folder / "a.jpg"),
        lambda folder: with_a_font(folder / "a.pdf"),
    ],
    ids=["svg", "png", "jpg", "pdf"],
)
def test_what_is_kept_is_the_very_picture_that_was_read(tmp_path, kept, read, make):
    path = make(tmp_path)
    first = pictures.prepared(path, A6, kept, KEYS)
    again = pictures.prepared(path, A6, kept, KEYS)
    assert again == first == card_front.load_illustration(path, A6)
    assert len(read) == 2  # the first time, and in the line above


def test_another_picture_another_card_or_another_program_is_read_anew(drawing, kept, read, monkeypatch):
    pictures.prepared(drawing, A6, kept, KEYS)
    pictures.prepared(drawing, CARD_SIZES["A5"], kept, KEYS)
    drawing.write_text(PICTURE.replace("#fb4", "#bf4"))
    other = pictures.prepared(drawing, CARD_SIZES["A5"], kept, KEYS)
    assert other == card_front.load_illustration(drawing, CARD_SIZES["A5"])
    monkeypatch.setattr(made_with, "versions", lambda: {"pymupdf": "another"})
    pictures.prepared(drawing, CARD_SIZES["A5"], kept, KEYS)
    assert len(read) == 5


@pytest.mark.parametrize("place", [0, 31, 32, 63, 64, 200, -1])
def test_one_changed_byte_is_not_believed(drawing, kept, read, place):
    first = pictures.prepared(drawing, A6, kept, KEYS)
    written = bytearray(kept.read_bytes())
    written[place] ^= 1
    kept.write_bytes(written)
    assert pictures.prepared(drawing, A6, kept, KEYS) == first
    assert len(read) == 2


@pytest.mark.parametrize("length", [0, 1, 32, 64, 100])
def test_half_a_file_is_not_believed(drawing, kept, read, length):
    first = pictures.prepared(drawing, A6, kept, KEYS)
    kept.write_bytes(kept.read_bytes()[:length])
    assert pictures.prepared(drawing, A6, kept, KEYS) == first
    assert len(read) == 2


def test_what_another_key_signed_is_not_believed_and_an_older_key_of_ours_is(drawing, kept, read):
    pictures.prepared(drawing, A6, kept, ["a key of somebody else, long enough"])
    pictures.prepared(drawing, A6, kept, KEYS)
    pictures.prepared(drawing, A6, kept, ["a newer key of this campaign, also long", *KEYS])
    assert len(read) == 2


def test_a_fault_is_not_kept_and_is_told_each_time(drawing, kept, read):
    drawing.write_text(PICTURE.replace("<rect", "<text>Hello</text><rect", 1))
    for _ in range(2):
        with pytest.raises(IllustrationError, match="would print otherwise than it looks"):
            pictures.prepared(drawing, A6, kept, KEYS)
    assert len(read) == 2
    assert not kept.exists()
    drawing.unlink()
    with pytest.raises(IllustrationError, match="cannot be read"):
        pictures.prepared(drawing, A6, kept, KEYS)


def test_a_picture_that_is_saved_while_it_is_read_is_not_kept(drawing, kept, monkeypatch):
    real = card_front.load_illustration

    def saving(path: Path, card) -> Illustration:
        found = real(path, card)
        path.write_text(PICTURE.replace("#fb4", "#bf4"))
        return found

    monkeypatch.setattr(card_front, "load_illustration", saving)
    pictures.prepared(drawing, A6, kept, KEYS)
    assert not kept.exists()


def test_where_nothing_can_be_kept_the_picture_is_read(drawing, tmp_path, read):
    (tmp_path / "file").touch()
    for _ in range(2):
        pictures.prepared(drawing, A6, tmp_path / "file" / "mikita.picture", KEYS)
    assert len(read) == 2


def test_a_kept_picture_is_given_without_the_libraries_that_read_pictures(drawing, kept):
    pictures.prepared(drawing, A6, kept, KEYS)
    code = (
        "import sys\nfrom pathlib import Path\nfrom campaign.press import picture_cache\n"
        "from campaign.cards.imposition import CARD_SIZES\n"
        f"picture_cache.prepared(Path({str(drawing)!r}), CARD_SIZES['A6'], Path({str(kept)!r}), {KEYS!r})\n"
        "heavy = {'pymupdf', 'PIL', 'resvg_py', 'sqlalchemy', 'campaign.cards.illustration.svg_features'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
