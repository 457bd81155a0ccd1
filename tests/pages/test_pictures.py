"""The page's pictures of the illustration."""

from __future__ import annotations

import io
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from campaign import ROOT
from campaign.pages import pictures
from campaign.pages.pictures import PictureError, PictureFile

ILLUSTRATION = ROOT / "content" / "mikita" / "illustration.svg"


def opened(picture: PictureFile) -> Image.Image:
    return Image.open(io.BytesIO(picture.body))


SLOW = pytest.mark.slow


@pytest.fixture(
    params=["svg", pytest.param("pdf", marks=SLOW), "png", pytest.param("jpg", marks=pytest.mark.soak)]
)
def illustration(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same drawing in each format that editors may bring."""
    if request.param == "svg":
        return ILLUSTRATION
    file = tmp_path / f"illustration.{request.param}"
    with pymupdf.open(ILLUSTRATION) as drawing:
        if request.param == "pdf":
            file.write_bytes(drawing.convert_to_pdf())
        else:
            drawing[0].get_pixmap(dpi=300).save(file)
    return file


@pytest.mark.slow
def test_every_format_becomes_the_same_pictures(illustration: Path, tmp_path: Path) -> None:
    made = pictures.pictures(illustration, tmp_path / "kept")
    formats = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
    for picture, recipe in zip(made, pictures.RECIPES, strict=True):
        assert (picture.kind, picture.width) == (recipe.kind, recipe.width)
        assert opened(picture).format == formats[picture.kind]
        assert opened(picture).size == (picture.width, picture.height)
        assert picture.height / picture.width == pytest.approx(134 / 91, rel=0.01)


def test_the_picture_shows_the_drawing(tmp_path: Path) -> None:
    made = pictures.pictures(ILLUSTRATION, tmp_path)
    small = opened(made[-1]).convert("L").resize((16, 24))
    darkest, brightest = small.getextrema()
    assert brightest - darkest > 100  # a flame in the night, not one flat field


def test_a_second_build_draws_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pictures.pictures(ILLUSTRATION, tmp_path)
    monkeypatch.setattr(pictures, "opened", None)
    assert pictures.pictures(ILLUSTRATION, tmp_path) == first


@pytest.mark.slow
def test_a_changed_drawing_is_drawn_anew(tmp_path: Path) -> None:
    file = tmp_path / "illustration.png"
    Image.new("RGB", (91, 134), "navy").save(file)
    first = pictures.pictures(file, tmp_path / "kept")
    Image.new("RGB", (91, 134), "white").save(file)
    assert pictures.pictures(file, tmp_path / "kept") != first


@pytest.mark.parametrize(
    "name", ["illustration.svg", "illustration.pdf", "illustration.png", "illustration.jpg"]
)
@pytest.mark.parametrize("body", [b"", b"no picture", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused_by_name(name: str, body: bytes, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    with pytest.raises(PictureError, match=name):
        pictures.pictures(file, tmp_path / "kept")
    assert not list(tmp_path.glob("kept/*"))
