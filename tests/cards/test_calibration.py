"""The calibration sheet: what it says is what campaign.toml needs."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner

from build import cli
from campaign.cards.documents import calibration
from campaign.cards.imposition import POINTS_PER_MM, SHEET_SIZES
from tests.support import pdf


@pytest.fixture(scope="module", params=["A4", "Letter", "A3"])
def sheet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calibration sheet of one paper."""
    path = tmp_path_factory.mktemp("calibration") / "calibration.pdf"
    with path.open("wb") as out:
        calibration.write(out, SHEET_SIZES[request.param])
    return path


# Which coordinate is read on a scale, and how far from the upper left corner the scale lies, in mm.
SCALES = {"row": (0, calibration.ROWS_FROM_EDGE), "column": (1, calibration.COLUMNS_FROM_EDGE)}
MIRRORED_BY = {"row": "long-edge", "column": "short-edge"}


def lines(page: pymupdf.Page, scale: str) -> list[float]:
    """Where the lines of the upper row or of the left column stand, in mm from the left or from below."""
    along, away = SCALES[scale]
    return sorted(
        _measured(page, along, start[along])
        for drawing in page.get_drawings()
        if drawing["width"] <= 2
        for start, end in (points for kind, *points in drawing["items"] if kind == "l")
        if abs(start[along] - end[along]) < 0.01
        and abs((start[1 - along] + end[1 - along]) / 2 / POINTS_PER_MM - away) < 6
    )


def labels(page: pymupdf.Page, scale: str) -> dict[float, float]:
    """The numbers at the lines of the upper row or of the left column, by their place as of `lines`."""
    along, away = SCALES[scale]
    found = {}
    for *box, word, _block, _line, _number in page.get_text("words"):
        number = word.replace("−", "-")
        is_near = abs(box[1 - along] / POINTS_PER_MM - away) < 20
        if is_near and number.lstrip("+-").replace(".", "").isdigit():
            found[_measured(page, along, (box[along] + box[along + 2]) / 2)] = float(number)
    return found


def _measured(page: pymupdf.Page, along: int, points: float) -> float:
    """MuPDF counts downwards, the calibration upwards."""
    return (page.rect.height - points if along else points) / POINTS_PER_MM


@pytest.mark.parametrize("scale", SCALES)
def test_the_lines_that_meet_name_the_offset_that_undoes_the_shift(sheet, scale):
    with pymupdf.open(sheet) as document:
        front, back = document
        length = (front.rect.width, front.rect.height)[SCALES[scale][0]] / POINTS_PER_MM
        shown, told = lines(front, scale), labels(back, scale)
        behind = lines(back, scale)
    assert len(shown) == len(behind) == 2 * calibration.STEPS + 1
    for turned_over in ("long-edge", "short-edge"):
        # Turned over the other edge, what shows here comes from the scale's partner, in the same places.
        seen = [length - at if turned_over == MIRRORED_BY[scale] else at for at in shown]
        for shift in (-2.0, -0.5, 0.0, 0.5, 1.0, 2.0):
            printed = [at + shift for at in behind]
            line = min(printed, key=lambda at: min(abs(at - other) for other in seen))
            number = min(told.items(), key=lambda item: abs(item[0] + shift - line))[1]
            assert (turned_over, number) == (turned_over, -shift)


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
