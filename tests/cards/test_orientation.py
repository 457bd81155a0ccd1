"""Whether a picture lies, told without a library that draws: the same as the libraries tell."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from campaign.cards.illustration import orientation
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.raster_decoding import Decoder
from campaign.content.campaign_toml.facts import load_facts
from tests.support.editing import replace as edit
from tests.support.editing import write_campaign

ORIENTATION = 0x0112


def image(kind: str, turned: int = 0, **options: object) -> bytes:
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = turned
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, kind, exif=exif, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("turned", [0, 1, 3, 6, 8])
def test_a_picture_of_dots_has_the_size_at_which_it_is_upright(kind: str, turned: int) -> None:
    data = image(kind, turned)
    seen = Decoder(data)
    assert orientation.size_of(data) == (seen.width, seen.height)


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}])
def test_a_webp_tells_its_size_in_each_of_its_ways(options: dict[str, bool]) -> None:
    assert orientation.size_of(image("WEBP", **options)) == (60, 40)


def test_a_jpeg_that_a_program_turned_in_xmp_alone_is_turned() -> None:
    data = image("JPEG", xmp=b'<x tiff:Orientation="6"/>')
    assert orientation.size_of(data) == (Decoder(data).width, Decoder(data).height) == (40, 60)


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('viewBox="0 0 148 105"', (148, 105)),
        ('viewBox="0,0,148,105" width="100%"', (148, 105)),
        ('width="105mm" height="14.8cm" viewBox="0 0 9 5"', None),
        ('width="300" height="200px"', (300, 200)),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis", "gb18030", "koi8-r"])
def test_a_drawing_has_the_proportions_at_which_it_is_printed(
    tmp_path: Path, root: str, size: tuple[float, float] | None, encoding: str
) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><!-- {"а" * 5000} -->'
    data += f'<svg xmlns="http://www.w3.org/2000/svg" {root}><path d="M0 0h9v9z"/></svg>'
    found = orientation.size_of(data.encode(encoding))
    (tmp_path / "a.svg").write_bytes(data.encode(encoding))
    drawn = load_illustration(tmp_path / "a.svg")
    assert found[0] / found[1] == pytest.approx(drawn.width / drawn.height, rel=0.01)
    assert size in (None, found)


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_is_as_large_as_its_page(packed: bool) -> None:
    with pymupdf.open() as pdf:
        pdf.new_page(width=420, height=298).set_cropbox(pymupdf.Rect(0, 0, 200, 298))
        data = pdf.tobytes(use_objstms=int(packed), deflate=packed)
    assert (b"CropBox" in data) != packed
    assert orientation.size_of(data) == (200, 298)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_off_anywhere_tells_nothing_and_breaks_nothing(tmp_path: Path, kind: str) -> None:
    data = image(kind, 6)
    for end in range(len(data)):
        (tmp_path / "a").write_bytes(data[:end])
        assert orientation.lies(tmp_path / "a") in {True, False}


def test_packed_objects_that_grow_without_end_are_not_unpacked() -> None:
    bomb = zlib.compress(b"0" * 20_000_000)
    data = b"%PDF-1.5\n" + (b"1 0 obj<</Type/ObjStm>>stream\n" + bomb + b"endstream\n") * 20
    assert orientation.size_of(data) is None


@pytest.fixture
def lying(tmp_path: Path) -> Path:
    """A campaign whose picture lies, and which says nothing of its cards."""
    folder = write_campaign(tmp_path / "content" / "mikita")
    edit(folder / "illustration.svg", "0 0 105 148", "0 0 148 105")
    return folder


def test_the_card_lies_where_its_picture_does(lying: Path) -> None:
    assert load_facts(lying).card.size == "A6-landscape"
    edit(lying / "illustration.svg", "0 0 148 105", "0 0 105 148")
    assert load_facts(lying).card.size == "A6"


def test_the_cards_own_picture_turns_it_and_not_the_pages(lying: Path) -> None:
    (lying / "card.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 105 148"/>')
    assert load_facts(lying).card.size == "A6"


@pytest.mark.parametrize("size", ["A6", "A5", "DL-landscape"])
def test_a_size_that_is_written_stands(lying: Path, size: str) -> None:
    edit(lying / "campaign.toml", "[contact]", f'[card]\nsize = "{size}"\n\n[contact]')
    assert load_facts(lying).card.size == size
    assert replace(load_facts(lying).card, size="A6").measures.width == 105
