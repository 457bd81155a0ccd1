"""HEIC, what phones write, is not taken: whoever brings one is told how to come by a picture that is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from campaign.cards.illustration.file_kinds import HEIC_REMEDY
from campaign.content.campaign import load
from campaign.pages.preview import dropped_picture
from campaign.pages.preview.files import Files, RefusedFile
from tests.support.editing import all_faults, the_fault

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)
RENAMED = ["illustration.heic", "illustration.HEIF", "illustration.jpg", "illustration.png"]


@pytest.mark.parametrize("name", RENAMED)
def test_an_illustration_is_met_with_a_way_to_one_that_is_taken(folder: Path, name: str) -> None:
    (folder / "illustration.svg").unlink()
    (folder / name).write_bytes(HEIC)
    assert the_fault(folder)[3] == HEIC_REMEDY
    (folder / name).unlink()
    Image.new("RGB", (1748, 1240)).save(folder / "illustration.jpg")  # what the remedy leads to
    assert load(folder).illustration.name == "illustration.jpg"


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "renamed.jpg"])
def test_so_is_a_picture_of_a_text(folder: Path, name: str) -> None:
    (folder / "en" / name).write_bytes(HEIC)
    (folder / "en" / "story.md").write_text(f"# A\n\nB\n\n![A street]({name})\n")
    assert any(found.remedy.endswith(HEIC_REMEDY) for found in all_faults(folder.parent))


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "renamed.jpg"])
def test_so_is_what_is_dropped_into_the_browser(folder: Path, name: str) -> None:
    files = Files(folder.parent)
    with pytest.raises(RefusedFile, match="export it as JPEG"):
        dropped_picture.put_beside(files, "mikita/en/story.md", name, HEIC)
    with pytest.raises(RefusedFile, match="export it as JPEG"):
        dropped_picture.put_own(files, "mikita", "illustration", name, HEIC)


def test_the_way_names_a_phone_and_a_computer() -> None:
    assert "on an iPhone: Settings, Camera, Formats, Most Compatible" in HEIC_REMEDY
    assert "Windows" in HEIC_REMEDY


@pytest.mark.parametrize(("brand", "kind"), [(b"qt  ", "QuickTime"), (b"mp42", "MP4"), (b"avif", "AVIF")])
def test_a_film_is_not_called_a_picture_of_a_phone(folder: Path, brand: bytes, kind: str) -> None:
    (folder / "illustration.svg").unlink()
    (folder / "illustration.jpg").write_bytes(HEIC.replace(b"heic", brand))
    assert f"is a {kind} picture" in the_fault(folder)[2]
