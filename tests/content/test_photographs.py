"""A photograph that says where it was taken: told, mended, and never saved like that from the browser."""

from __future__ import annotations

import io
import struct
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from campaign.cards.illustration.photo_metadata import bare, tells_place
from campaign.content import checks, fixing
from campaign.content.campaign import load
from campaign.errors import ContentError
from campaign.pages.preview import dropped_picture
from campaign.pages.preview.files import Files
from tests.support.table import table

CAMERA = b"Secret Camera 3"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" exif:GPSLatitude="53,54N"/>' + CAMERA


def photograph(kind: str = "JPEG", *, place: bool = True) -> bytes:
    """A picture as a telephone writes it, lying on its side: the upper half is light once it is upright."""
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = CAMERA.decode(), 6
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 1.0), 3: "E", 4: (27.0, 33.0, 1.0)})
    upright = Image.new("RGB", (1240, 1748), "black")
    upright.paste("white", (0, 0, 1240, 874))
    out = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, kind, exif=exif)
    return out.getvalue()


def seen(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert not image.getexif()
    return image.convert("RGB")


def telling(folder: Path) -> list[ContentError]:
    return [one for one in checks.findings(folder.parent) if "where it was taken" in one.fault]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_bare_picture_is_the_same_upright_and_tells_nothing(kind: str) -> None:
    data = photograph(kind)
    assert tells_place(data)
    bared = bare(data)
    assert not tells_place(bared)
    assert CAMERA not in bared
    image = seen(bared)
    assert (Image.open(io.BytesIO(bared)).format, image.size) == (kind, (1240, 1748))
    expected = Image.new("RGB", (1240, 1748), "black")
    expected.paste("white", (0, 0, 1240, 874))
    assert max(ImageStat.Stat(ImageChops.difference(image, expected)).mean) < 1


def test_a_place_in_words_is_one_too() -> None:
    body = b"http://ns.adobe.com/xap/1.0/\0" + XMP
    plain = bare(photograph())
    jpeg = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG", pnginfo=info)
    for data in (jpeg, out.getvalue()):
        assert tells_place(data)
        assert CAMERA not in bare(data)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe1", b"<svg/>", photograph(place=False)])
def test_what_tells_no_place_is_not_accused(data: bytes) -> None:
    assert not tells_place(data)


def test_what_shines_through_goes_on_to_do_so() -> None:
    out = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "somebody")
    Image.new("RGBA", (9, 9), (9, 9, 9, 0)).save(out, "PNG", pnginfo=info)
    bared = Image.open(io.BytesIO(bare(out.getvalue())))
    assert (bared.mode, bared.getpixel((0, 0))) == ("RGBA", (9, 9, 9, 0))
    assert "Author" not in bared.info


@table("how", [{}, {"progressive": True}, {"restart_marker_blocks": 2}])
def test_a_jpeg_that_holds_its_dots_alone_stays_as_it_is(how: dict[str, int]) -> None:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG", quality=60, **how)
    assert bare(out.getvalue()) == out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_stands_behind_a_picture_goes(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(out, kind)
    bared = bare(out.getvalue() + b"....ftypmp42" + CAMERA)
    assert CAMERA not in bared
    assert seen(bared).size == (9, 9)


@pytest.mark.slow
def test_each_photograph_of_a_campaign_is_told_and_mended(folder: Path) -> None:
    (folder / "illustration.svg").unlink()
    (folder / "illustration.jpg").write_bytes(photograph())
    (folder / "en" / "street.JPG").write_bytes(photograph())
    (folder / "en" / "story.md").write_text("# A\n\nB\n\n![A street](street.jpg)\n")
    told = telling(folder)
    assert [one.path.name for one in told] == ["street.JPG", "illustration.jpg"]
    assert {one.level for one in told} == {"warning"}
    mended = list(fixing.fix_all(lambda: checks.findings(folder.parent)))
    assert [one.path.name for one in mended] == ["street.JPG", "illustration.jpg"]
    assert not telling(folder)
    for path in (folder / "illustration.jpg", folder / "en" / "street.JPG"):
        assert seen(path.read_bytes()).getpixel((600, 10)) == (255, 255, 255)
    load(folder, today=date(2026, 11, 22))


def test_what_is_dropped_into_the_browser_is_saved_bare(folder: Path) -> None:
    files = Files(folder.parent)
    dropped_picture.put_own(files, "mikita", "illustration", "IMG_1.JPG", photograph())
    name = dropped_picture.put_beside(files, "mikita/en/story.md", "IMG_2.jpg", photograph())
    for path in (folder / "illustration.jpg", folder / "en" / name):
        assert CAMERA not in path.read_bytes()
        assert seen(path.read_bytes()).size == (1240, 1748)
    for again in (photograph(), (folder / "en" / name).read_bytes()):  # as dragged out of the folder
        assert dropped_picture.put_beside(files, "mikita/en/story.md", "IMG_2.jpg", again) == name
