"""Crop marks: where they may go on a sheet, in millimetres, how long they are, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from campaign.cards.grids import POINTS_PER_MM, TOLERANCE, Box
from campaign.cards.pdf import number, numbers

LONGEST = 5.0
SHORTEST = 2.0
WEIGHT = 0.25  # points: a hairline
HAIR = 0.05


class CropMark(NamedTuple):
    """A crop mark: a hairline from one point to another."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def box(self) -> Box:
        """The line as a box without an area."""
        xs, ys = sorted((self.x0, self.x1)), sorted((self.y0, self.y1))
        return Box(xs[0], ys[0], xs[1], ys[1])


def crop_marks(boxes: Sequence[Box], bleed: float, sheet: Box) -> tuple[CropMark, ...]:
    """List the crop marks at the corners of all boxes, those that run through waste only.

    Backs moved by an offset may reach beyond the sheet; a mark that would be out there is left out.
    """
    taken = [box.grown(bleed) for box in boxes]
    marks = (mark for box in boxes for mark in _of_card(box, taken, bleed, sheet))
    return tuple(mark for mark in dict.fromkeys(marks) if sheet.contains(mark.box))


def _of_card(box: Box, taken: list[Box], gap: float, sheet: Box) -> Iterator[CropMark]:
    """Yield the crop marks at one card's corners that run through waste only."""
    for y in (box.bottom, box.top):
        for x, across in ((box.left, -1), (box.right, 1)):
            end = _end(gap, x - sheet.left if across < 0 else sheet.right - x)
            mark = CropMark(x + across * gap, y, x + across * end, y)
            line = Box(min(mark.x0, mark.x1), y - HAIR, max(mark.x0, mark.x1), y + HAIR)
            if end > gap and not any(line.overlaps(other) for other in taken):
                yield mark
    for x in (box.left, box.right):
        for y, up in ((box.bottom, -1), (box.top, 1)):
            end = _end(gap, y - sheet.bottom if up < 0 else sheet.top - y)
            mark = CropMark(x, y + up * gap, x, y + up * end)
            line = Box(x - HAIR, min(mark.y0, mark.y1), x + HAIR, max(mark.y0, mark.y1))
            if end > gap and not any(line.overlaps(other) for other in taken):
                yield mark


def _end(gap: float, waste: float) -> float:
    return min(waste, gap + LONGEST) if waste - gap >= SHORTEST - TOLERANCE else 0.0


def drawn(marks: Iterable[CropMark]) -> bytes:
    """Give the operators that draw them, each as a path of its own: one of all would span the sheet."""
    lines = [
        numbers(mark.x0 * POINTS_PER_MM, mark.y0 * POINTS_PER_MM)
        + b" m "
        + numbers(mark.x1 * POINTS_PER_MM, mark.y1 * POINTS_PER_MM)
        + b" l S"
        for mark in marks
    ]
    return b"0 G %s w %s" % (number(WEIGHT), b" ".join(lines)) if lines else b""
