"""Rectangles on a sheet, in millimetres: how many fit, upright and rotated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Rotation = Literal[0, 90, 180, 270]

POINTS_PER_MM = 72 / 25.4
TOLERANCE = 1e-6


class Box(NamedTuple):
    """A rectangle with sides parallel to the sheet's."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def grown(self, by: float) -> Box:
        """Move every side outwards by `by` mm, inwards where it is negative."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def contains(self, other: Box, slack: float = TOLERANCE) -> bool:
        """Tell whether `other` lies inside, give or take `slack` mm."""
        return (
            other.left >= self.left - slack
            and other.bottom >= self.bottom - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def overlaps(self, other: Box) -> bool:
        """Tell whether the two overlap; touching edges do not."""
        return (
            self.left < other.right - TOLERANCE
            and other.left < self.right - TOLERANCE
            and self.bottom < other.top - TOLERANCE
            and other.bottom < self.top - TOLERANCE
        )

    def points(self) -> tuple[float, float, float, float]:
        """Give left, bottom, right and top in points."""
        return tuple(side * POINTS_PER_MM for side in (self.left, self.bottom, self.right, self.top))  # type: ignore[return-value]


Size = tuple[float, float]
Placed = tuple[tuple[Box, Rotation], ...]


def layouts(card: Size, room: Size) -> Iterator[Placed]:
    """Yield grids of upright cards with rotated ones in the rest of the sheet, above or beside them.

    The two simple grids come first: of layouts with as many cards the simplest to cut is taken.
    """
    (width, height), (room_width, room_height) = card, room
    rows, columns = _times(room_height, height), _times(room_width, width)
    rotated = (height, width)
    yield _grid(width, height, columns, rows, 0)
    yield _turned(rotated, room_width, room_height)
    for lower in range(1, rows + 1):
        rest = room_height - lower * height
        yield _grid(width, height, columns, lower, 0) + _turned(rotated, room_width, rest, 0, lower * height)
    for left in range(1, columns + 1):
        rest = room_width - left * width
        yield _grid(width, height, left, rows, 0) + _turned(rotated, rest, room_height, left * width)


def _turned(card: Size, width: float, height: float, left: float = 0.0, bottom: float = 0.0) -> Placed:
    """Fill a room with cards turned by a quarter, as many as it holds."""
    return _grid(*card, _times(width, card[0]), _times(height, card[1]), 90, left, bottom)


def _times(room: float, length: float) -> int:
    return max(0, int((room + TOLERANCE) // length))


def _grid(
    width: float,
    height: float,
    columns: int,
    rows: int,
    rotation: Rotation,
    left: float = 0.0,
    bottom: float = 0.0,
) -> Placed:
    return tuple(
        (
            Box(
                left + column * width,
                bottom + row * height,
                left + (column + 1) * width,
                bottom + (row + 1) * height,
            ),
            rotation,
        )
        for row in range(rows)
        for column in range(columns)
    )


def centred(placed: Placed, width: float, height: float) -> Iterator[tuple[Box, Rotation]]:
    """Move a layout to the middle of a sheet."""
    across = (width - max(box.right for box, _ in placed)) / 2
    up = (height - max(box.top for box, _ in placed)) / 2
    for box, rotation in placed:
        yield Box(box.left + across, box.bottom + up, box.right + across, box.top + up), rotation
