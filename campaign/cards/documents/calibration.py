"""The calibration sheet: it tells which way a printer turns the paper, and by how much it shifts.

Shifts are read from verniers, as on callipers: the front's lines stand `PITCH` apart, the back's a step more,
and where two of them meet stands the number.
"""

from __future__ import annotations

from typing import BinaryIO

from campaign.cards.documents import page
from campaign.cards.documents.page import Page
from campaign.cards.imposition import POINTS_PER_MM, SHEET_SIZES, SheetSize
from campaign.cards.type.embedding import Usage

PITCH = 8.0  # mm
STEP = 0.25  # mm
STEPS = 8  # to either side
BAR = (60.0, 3.0)  # mm
BAR_FROM_EDGE = 17.0
ROWS_FROM_EDGE = 52.0
COLUMNS_FROM_EDGE = 24.0
SIZE = 11.5


def write(out: BinaryIO, sheet: SheetSize = SHEET_SIZES["A4"]) -> None:
    """Write the two pages of the calibration sheet.

    What is compared lies in pairs around the middle of the sheet, so that it meets its partner whichever
    edge the printer turns the paper over.
    """
    usage = Usage()
    pages = [_front(Page(sheet, usage)), _back(Page(sheet, usage))]
    page.write(out, pages, usage, "Calibration")


def _front(front: Page) -> Page:
    middle = front.sheet.width / 2
    bar = front.sheet.height - BAR_FROM_EDGE
    front.line(middle - BAR[0] / 2, bar, middle + BAR[0] / 2, bar, BAR[1] * POINTS_PER_MM)
    for y in _rows(front.sheet):
        for k in range(-STEPS, STEPS + 1):
            front.line(middle + k * PITCH, y - 8, middle + k * PITCH, y + 8)
    for x in _columns(front.sheet):
        for k in range(-STEPS, STEPS + 1):
            y = front.sheet.height / 2 + k * PITCH
            front.line(x - 8, y, x + 8, y)
    y = _title(front, "Front", front.sheet.height / 2 + 62)
    _text(
        front,
        y,
        "1.  Print this file as you will print the cards: the same printer, tray and paper, on both sides, "
        "in actual size (100 %).",
        "2.  Hold the sheet against a window or a lamp, with its other side towards you, and read on there.",
    )
    return front


def _back(back: Page) -> Page:
    _duplex(back, back.sheet.height - BAR_FROM_EDGE, -9.5, "long-edge")
    _duplex(back, BAR_FROM_EDGE, 7.5, "short-edge")
    for y in _rows(back.sheet):
        _across(back, y)
    for x in _columns(back.sheet):
        _upright(back, x)
    y = _title(back, "Back", back.sheet.height / 2 + 6)
    y = _text(
        back,
        y,
        "3.  In the row of upright lines above, find the one that the front’s line runs through most "
        "exactly. The number at it is how far the backs must move to the right.",
        "4.  In a column at the side do the same: that is how far they must move up.",
        "5.  Write both into campaign.toml, under [card], with their signs:",
    )
    back.text_line(back.sheet.width / 2, y - 2, "back_offset = [0.5, -1.0]", 14, align="centre")
    _text(
        back,
        y - 12,
        "Both rows should say the same, and both columns. If they do not, the paper goes in askew: "
        "straighten the stack and print again.",
    )
    return back


def _rows(sheet: SheetSize) -> tuple[float, float]:
    return sheet.height - ROWS_FROM_EDGE, ROWS_FROM_EDGE


def _columns(sheet: SheetSize) -> tuple[float, float]:
    return COLUMNS_FROM_EDGE, sheet.width - COLUMNS_FROM_EDGE


def _across(back: Page, y: float) -> None:
    """Draw the back's lines of a row: line k meets the front's when the backs must move k steps."""
    for k in range(-STEPS, STEPS + 1):
        x = back.sheet.width / 2 + k * (PITCH + STEP)
        back.line(x, y + 2.5, x, y + 5.5, 1.2 if not k else 0.6)
        if k % 2 == 0:
            back.text_line(x, y + 9.5, _label(k), 9, align="centre")


def _upright(back: Page, x: float) -> None:
    outwards = 1 if x > back.sheet.width / 2 else -1
    for k in range(-STEPS, STEPS + 1):
        y = back.sheet.height / 2 + k * (PITCH + STEP)
        back.line(x + outwards * 2.5, y, x + outwards * 5.5, y, 1.2 if not k else 0.6)
        if k % 2 == 0:
            align = "left" if outwards > 0 else "right"
            back.text_line(x + outwards * 10.5, y - 1.1, _label(k), 9, align=align)  # type: ignore[arg-type]


def _label(steps: int) -> str:
    return f"{steps * STEP:+g}".replace("-", "−") if steps else "0"


def _duplex(back: Page, y: float, words: float, duplex: str) -> None:
    """Draw the frame in which the front's bar shows through when the printer turns over this edge."""
    middle, half = back.sheet.width / 2, BAR[0] / 2 + 4
    back.box(middle - half, y - 5, middle + half, y + 5)
    question = f'Does the front’s black bar show in this frame? Then   duplex = "{duplex}"   is right.'
    back.text_line(middle, y + words, question, 10, align="centre")


def _title(side: Page, title: str, y: float) -> float:
    side.text_line(side.sheet.width / 2, y, title, 22, align="centre")
    return y - 10


def _text(side: Page, y: float, *paragraphs: str) -> float:
    left = COLUMNS_FROM_EDGE + 20
    for words in paragraphs:
        y = side.paragraph(left, y, side.sheet.width - 2 * left, words, SIZE) - 2
    return y
