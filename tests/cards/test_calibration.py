"""The calibration sheet: what it says is what campaign.toml needs."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner

from build import cli
from campaign.cards.documents import calibration
from campaign.cards.sheet import POINTS_PER_MM, SHEET_SIZES
from tests.support import pdf


@pytest.fixture(params=["A4", "Letter", "A3"])
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The calibration sheet of one paper."""
    path = tmp_path / "calibration.pdf"
    with path.open("wb") as out:
        calibration.write(out, SHEET_SIZES[request.param])
    return path


def uprights(page: pymupdf.Page, thickness: float = 2.0) -> list[float]:
    """Where upright lines of the upper row stand, in mm from the left."""
    row = calibration.ROWS_FROM_EDGE * POINTS_PER_MM
    found = []
    for drawing in page.get_drawings():
        for kind, *points in drawing["items"]:
            if kind != "l" or drawing["width"] > thickness:
                continue
            start, end = points
            if abs(start.x - end.x) < 0.01 and abs((start.y + end.y) / 2 - row) < 6 * POINTS_PER_MM:
                found.append(start.x / POINTS_PER_MM)
    return sorted(found)


def labels(page: pymupdf.Page) -> dict[float, float]:
    """The numbers above the lines of the upper row, by their place in mm."""
    row = calibration.ROWS_FROM_EDGE * POINTS_PER_MM
    found = {}
    for x0, y0, x1, _y1, word, *_ in page.get_text("words"):
        number = word.replace("−", "-")
        if abs(y0 - row) < 14 * POINTS_PER_MM and number.lstrip("+-").replace(".", "").isdigit():
            found[(x0 + x1) / 2 / POINTS_PER_MM] = float(number)
    return found


@pytest.mark.parametrize("turned_over", ["long-edge", "short-edge"])
@pytest.mark.parametrize("shift", [-2.0, -0.5, 0.0, 0.5, 1.0, 2.0])
def test_the_lines_that_meet_name_the_offset_that_undoes_the_shift(sheet, shift, turned_over):
    with pymupdf.open(sheet) as document:
        front, back = document
        width = front.rect.width / POINTS_PER_MM
        # Over the short edge the row's lines come from the lower row, and keep their x.
        seen = [width - x if turned_over == "long-edge" else x for x in uprights(front)]
        printed = [x + shift for x in uprights(back)]
        line = min(printed, key=lambda x: min(abs(x - other) for other in seen))
        number = min(labels(back).items(), key=lambda item: abs(item[0] + shift - line))[1]
    assert number == -shift


def levels(page: pymupdf.Page, thickness: float = 2.0) -> list[float]:
    """Where level lines of the left column stand, in mm from the lower edge."""
    column = calibration.COLUMNS_FROM_EDGE * POINTS_PER_MM
    found = []
    for drawing in page.get_drawings():
        for kind, *points in drawing["items"]:
            if kind != "l" or drawing["width"] > thickness:
                continue
            start, end = points
            if abs(start.y - end.y) < 0.01 and abs((start.x + end.x) / 2 - column) < 6 * POINTS_PER_MM:
                found.append((page.rect.height - start.y) / POINTS_PER_MM)
    return sorted(found)


def side_labels(page: pymupdf.Page) -> dict[float, float]:
    """The numbers beside the lines of the left column, by their height in mm."""
    column = calibration.COLUMNS_FROM_EDGE * POINTS_PER_MM
    found = {}
    for x0, y0, _x1, y1, word, *_ in page.get_text("words"):
        number = word.replace("−", "-")
        if abs(x0 - column) < 20 * POINTS_PER_MM and number.lstrip("+-").replace(".", "").isdigit():
            found[(page.rect.height - (y0 + y1) / 2) / POINTS_PER_MM] = float(number)
    return found


@pytest.mark.parametrize("turned_over", ["long-edge", "short-edge"])
@pytest.mark.parametrize("shift", [-2.0, -0.5, 0.0, 0.5, 1.0, 2.0])
def test_the_columns_name_how_far_up_the_backs_must_move(sheet, shift, turned_over):
    with pymupdf.open(sheet) as document:
        front, back = document
        height = front.rect.height / POINTS_PER_MM
        seen = [height - y if turned_over == "short-edge" else y for y in levels(front)]
        printed = [y + shift for y in levels(back)]
        line = min(printed, key=lambda y: min(abs(y - other) for other in seen))
        number = min(side_labels(back).items(), key=lambda item: abs(item[0] + shift - line))[1]
    assert number == -shift


def test_it_explains_itself(sheet):
    front, back = pdf.text_of(sheet, 1), pdf.text_of(sheet, 2)
    assert "actualsize(100%)" in front
    assert "back_offset=[0.5,-1.0]" in back
    assert 'duplex="long-edge"' in back
    assert 'duplex="short-edge"' in back
    pdf.check(sheet)


def test_the_command_writes_it_for_the_paper_that_is_used(tmp_path: Path):
    path = tmp_path / "here" / "calibration.pdf"
    done = CliRunner().invoke(cli, ["calibrate", "--sheet", "Letter", "--output", str(path)])
    assert done.exit_code == 0, done.output
    assert "612 x 792 pts (letter)" in pdf.tool("pdfinfo", path)
