"""The first campaign's illustration is what its generator draws, and only what prints as it looks."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pymupdf
import pytest

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / "content/mikita/illustration.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def elements() -> list[ElementTree.Element]:
    return list(ElementTree.parse(COMMITTED).iter())


@pytest.fixture(scope="module")
def picture() -> Iterator[pymupdf.Pixmap]:
    with pymupdf.open(COMMITTED) as document:
        yield document[0].get_pixmap(alpha=True)


@pytest.mark.slow
def test_the_generator_draws_the_committed_file_byte_for_byte(tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.svg"
    subprocess.run([sys.executable, ROOT / "tools/illustration.py", "--output", drawn], check=True)
    assert drawn.read_bytes() == COMMITTED.read_bytes()


def test_it_has_a_title_and_a_description(elements: list[ElementTree.Element]) -> None:
    words = {element.tag: (element.text or "").strip() for element in elements}
    assert words[SVG + "title"]
    assert words[SVG + "desc"]


def test_its_size_in_millimetres_has_the_shape_of_its_view_box(elements: list[ElementTree.Element]) -> None:
    width, height = (float(elements[0].attrib[name].removesuffix("mm")) for name in ("width", "height"))
    left, top, across, down = map(float, elements[0].attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert width / height == pytest.approx(across / down, rel=1e-4)
    assert width / height == pytest.approx(91 / 134, rel=0.01)


def test_it_stays_light() -> None:
    assert COMMITTED.stat().st_size < 150_000


def test_it_covers_its_whole_area(picture: pymupdf.Pixmap) -> None:
    inside = ((x, y) for x in range(1, picture.width - 1) for y in range(1, picture.height - 1))
    assert all(picture.pixel(x, y)[3] == 255 for x, y in inside)


def test_the_flame_is_bright_and_the_sky_dark(picture: pymupdf.Pixmap) -> None:
    grey = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(picture, 0))
    assert max(grey.samples) > 220
    assert grey.pixel(grey.width - 5, 5)[0] < 60
