"""A text's picture is found by the name that people see, and published under a plain one."""

from __future__ import annotations

import io
import shutil
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from campaign import ROOT
from campaign.cards.illustration.web_picture import published
from campaign.content.campaign import load
from campaign.errors import ContentErrors
from tests.support.editing import SVG, TODAY, all_faults, write_campaign
from tests.support.slips import found, sound_campaign

NFD = unicodedata.normalize("NFD", "café.jpg")


def shown(folder: Path, on_disk: str, written: str) -> tuple[str, str]:
    """Say under which name a picture is published, and what the page says where it is."""
    Image.new("RGB", (3, 2)).save(folder / "en" / on_disk)
    (folder / "en" / "story.md").write_text(f"# A\n\nB\n\n![A street]({written})\n", encoding="utf-8")
    edition = load(folder, today=TODAY).edition
    (name,) = edition.pictures
    return name, str(edition.story.body_html).partition('src="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("on_disk", "written", "published", "address"),
    [
        ("street.png", "street.png", "street.png", "street.png"),
        ("IMG_1.JPG", "IMG_1.JPG", "IMG_1.jpg", "IMG_1.jpg"),
        ("IMG_1.JPG", "img_1.jpg", "IMG_1.jpg", "IMG_1.jpg"),
        ("p.jpeg", "./p.jpeg", "p.jpg", "p.jpg"),
        ("my photo.jpg", "my%20photo.jpg", "my photo.jpg", "my%20photo.jpg"),
        ("my photo.jpg", "<my photo.jpg>", "my photo.jpg", "my%20photo.jpg"),
        ("100%.jpg", "100%.jpg", "100%.jpg", "100%25.jpg"),
        (NFD, "café.jpg", "café.jpg", "caf%C3%A9.jpg"),
        ("café.jpg", NFD, "café.jpg", "caf%C3%A9.jpg"),
    ],
)
def test_a_picture_is_found_by_the_name_people_see(
    folder: Path, on_disk: str, written: str, published: str, address: str
) -> None:
    assert shown(folder, on_disk, written) == (published, f"/mikita/en/{address}")


def test_two_names_that_look_alike_are_a_fault(folder: Path) -> None:
    Image.new("RGB", (3, 2)).save(folder / "en" / "street.jpeg")
    with pytest.raises(ContentErrors, match=r"street\.jpg: cannot be told from street\.jpeg by its name"):
        shown(folder, "street.jpg", "street.jpg")


@pytest.mark.parametrize("name", ["a.tiff", "a.gif"])
def test_a_kind_that_pages_do_not_show_is_told_which_they_do(folder: Path, name: str) -> None:
    (folder / "en" / name).write_bytes(b"x")
    (folder / "en" / "story.md").write_text(f"# A\n\nB\n\n![A street]({name})\n")
    with pytest.raises(ContentErrors, match="put it beside this one as JPEG, PNG, WebP or SVG"):
        load(folder, today=TODAY)


@pytest.mark.parametrize("name", ["illustration.PNG", "Illustration.Jpg"])
def test_the_illustration_is_found_whatever_its_letters(folder: Path, name: str) -> None:
    (folder / "illustration.svg").unlink()
    Image.new("RGB", (3, 2)).save(folder / name)
    assert load(folder, today=TODAY).illustration.name == name


@pytest.mark.parametrize("kind", ["MPO", "WEBP", "PNG"])
def test_the_illustration_is_known_by_its_bytes_and_not_by_its_name(folder: Path, kind: str) -> None:
    """A phone writes two pictures into one JPEG, and a site's WebP is saved as .jpg."""
    (folder / "illustration.svg").unlink()
    more = {"save_all": True, "append_images": [Image.new("RGB", (40, 30), "blue")]} if kind == "MPO" else {}
    Image.new("RGB", (1240, 1748), "red").save(folder / "illustration.jpg", kind, **more)
    illustration = load(folder, today=TODAY).illustration
    assert illustration.name == "illustration.jpg"
    with Image.open(io.BytesIO(published(illustration, ".jpg"))) as shown:
        assert (shown.format, shown.size, getattr(shown, "n_frames", 1)) == ("JPEG", (1240, 1748), 1)
        assert shown.convert("RGB").getpixel((600, 800))[0] > 200


@pytest.mark.parametrize("name", ["illustration.svg~", "illustration.svg.license", "illustration.svg.bak"])
def test_what_programs_leave_beside_the_illustration_is_no_second_one(folder: Path, name: str) -> None:
    (folder / name).write_text("x")
    assert load(folder, today=TODAY).illustration.name == "illustration.svg"


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b"<!--" + b"x" * 4800 + b"-->" + SVG.encode(),
        ('<?xml version="1.0" encoding="UTF-16"?>' + SVG).encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-2"?>' + SVG.encode(),
    ],
    ids=["a long comment first", "UTF-16", "an old encoding"],
)
def test_an_svg_is_known_by_what_it_is(folder: Path, data: bytes) -> None:
    from campaign.pages import pictures

    (folder / "illustration.svg").write_bytes(data)
    illustration = load(folder, today=TODAY).illustration
    assert pictures.pictures(illustration, folder / "kept")[-1].width == 720


@pytest.mark.slow
def test_a_picture_that_cannot_be_shown_is_named_by_the_check(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "content" / "mikita", tmp_path / "content" / "mikita"))
    (folder / "en" / "bad.jpg").write_bytes(b"1234567")
    with (folder / "en" / "thanks.md").open("a") as text:
        text.write("\n![A street](bad.jpg)\n")
    (fault,) = all_faults(folder.parent)
    assert (fault.path.name, fault.fault, fault.stops_site) == ("bad.jpg", "is no picture", True)


def test_a_strip_that_site_would_refuse_is_named_by_the_check(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "content" / "mikita")
    Image.new("RGB", (401, 100)).save(folder / "icon.png")
    (fault,) = all_faults(folder.parent)
    assert (fault.path.name, fault.fault, fault.stops_site) == ("icon.png", "is a strip of 401 × 100", True)


def test_words_in_a_drawing_that_no_card_shows_are_told(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/>{}</svg>'
    (sound_campaign(tmp_path) / "icon.svg").write_text(svg.format("\n<text>L</text>"))
    (told,) = found(tmp_path)
    assert (told.line, told.level) == (2, "warning")
