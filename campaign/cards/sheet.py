"""Where each card lies on its sheet: sizes, cells, flips, bleed and crop marks, all in millimetres.

The origin is the lower left corner of the side that is looked at, x to the right and y upwards, as in PDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from campaign.errors import CandleError

Duplex = Literal["long-edge", "short-edge"]
Profile = Literal["office", "print-shop"]
Turn = Literal[0, 90, 180, 270]

POINTS_PER_MM = 72 / 25.4
SAFE_ZONE = 7.0  # office printers leave the outer 4 to 7 mm white, and no cut is exact
BLEED = 3.0
LONGEST_MARK = 5.0
SHORTEST_MARK = 2.0
SMALLEST_ROOM = 40.0  # inside the safe zone; below that a line holds too few words to be read well
EXACT = 1e-6
HAIR = 0.05


class GeometryError(CandleError):
    """A card, sheet or offset that cannot be printed as described."""


@dataclass(frozen=True)
class CardSize:
    """A trimmed card, upright."""

    name: str
    width: float
    height: float

    def __post_init__(self) -> None:
        room = min(self.width, self.height) - 2 * SAFE_ZONE
        if room < SMALLEST_ROOM:
            raise GeometryError(
                f"card {self.name} of {_size(self)}: inside the safe zone of {SAFE_ZONE:g} mm it keeps "
                f"{room:g} mm, and a message needs {SMALLEST_ROOM:g} mm; choose a larger card"
            )


@dataclass(frozen=True)
class SheetSize:
    """A sheet of paper, its short edges at top and bottom: so the printer's "long edge" is the side."""

    name: str
    width: float
    height: float

    def __post_init__(self) -> None:
        if not 0 < self.width <= self.height:
            raise GeometryError(f"sheet {self.name} of {_size(self)}: give the shorter edge first")


CARD_SIZES = {
    size.name: size
    for size in (
        CardSize("A6", 105, 148),
        CardSize("A5", 148, 210),
        CardSize("DL", 99, 210),
        CardSize("4x6", 101.6, 152.4),
    )
}
SHEET_SIZES = {
    size.name: size
    for size in (
        SheetSize("A4", 210, 297),
        SheetSize("Letter", 215.9, 279.4),
        SheetSize("A3", 297, 420),
        SheetSize("SRA3", 320, 450),
    )
}


@dataclass(frozen=True)
class Box:
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

    def holds(self, other: Box, slack: float = EXACT) -> bool:
        """Tell whether `other` lies inside, give or take `slack` mm."""
        return (
            other.left >= self.left - slack
            and other.bottom >= self.bottom - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def meets(self, other: Box) -> bool:
        """Tell whether the two overlap; touching edges do not."""
        return (
            self.left < other.right - EXACT
            and other.left < self.right - EXACT
            and self.bottom < other.top - EXACT
            and other.bottom < self.top - EXACT
        )

    def points(self) -> tuple[float, float, float, float]:
        """Give left, bottom, right and top in points."""
        return tuple(side * POINTS_PER_MM for side in (self.left, self.bottom, self.right, self.top))  # type: ignore[return-value]


@dataclass(frozen=True)
class Cell:
    """The place of one card's face on one side of the sheet, and how far it is turned counter-clockwise."""

    box: Box
    turn: Turn

    @property
    def safe(self) -> Box:
        """The part that may carry ink other than bleed."""
        return self.box.grown(-SAFE_ZONE)

    def matrix(self) -> tuple[float, float, float, float, float, float]:
        """Give the PDF matrix, in points, that puts the upright card, its lower left corner at 0 0, here."""
        left, bottom, right, top = self.box.points()
        return {
            0: (1.0, 0.0, 0.0, 1.0, left, bottom),
            90: (0.0, 1.0, -1.0, 0.0, right, bottom),
            180: (-1.0, 0.0, 0.0, -1.0, right, top),
            270: (0.0, -1.0, 1.0, 0.0, left, top),
        }[self.turn]


@dataclass(frozen=True)
class Mark:
    """A crop mark: a hairline from one point to another."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Imposition:
    """A sheet of cards. `fronts[i]` and `backs[i]` are the two faces of one card."""

    card: CardSize
    sheet: SheetSize
    duplex: Duplex
    profile: Profile
    back_offset: tuple[float, float]
    fronts: tuple[Cell, ...]
    backs: tuple[Cell, ...]

    @classmethod
    def plan(
        cls,
        card: CardSize,
        sheet: SheetSize,
        duplex: Duplex = "long-edge",
        profile: Profile = "office",
        back_offset: tuple[float, float] = (0.0, 0.0),
    ) -> Imposition:
        """Lay out as many cards as the sheet holds; the first is at the upper left of the fronts.

        `back_offset` moves every back by mm to the right and upwards, as one looks at the back's page, and
        makes up for a printer that shifts its second side.

        Raises:
            GeometryError: naming the numbers that do not go together.
        """
        _check_words(duplex, profile)
        if max(abs(shift) for shift in back_offset) > SAFE_ZONE:
            raise GeometryError(
                f"back_offset {back_offset[0]:g}, {back_offset[1]:g}: more than the safe zone of "
                f"{SAFE_ZONE:g} mm would push ink off the card; see `build.py calibrate`"
            )
        bleed = BLEED if profile == "print-shop" else 0.0
        fronts = _fronts(card, sheet, bleed, SHORTEST_MARK if bleed else 0.0)
        backs = tuple(_turned_over(cell, sheet, duplex, back_offset) for cell in fronts)
        return cls(card, sheet, duplex, profile, back_offset, fronts, backs)

    @property
    def per_sheet(self) -> int:
        """How many cards one sheet holds."""
        return len(self.fronts)

    @property
    def bleed(self) -> float:
        """How far the front's picture reaches beyond the cut, in mm."""
        return BLEED if self.profile == "print-shop" else 0.0

    @property
    def media_box(self) -> Box:
        """The whole sheet."""
        return Box(0, 0, self.sheet.width, self.sheet.height)

    def trim_box(self, side: Literal["fronts", "backs"]) -> Box:
        """The smallest box around all cards of one side."""
        boxes = [cell.box for cell in getattr(self, side)]
        return Box(
            min(box.left for box in boxes),
            min(box.bottom for box in boxes),
            max(box.right for box in boxes),
            max(box.top for box in boxes),
        )

    def bleed_box(self, side: Literal["fronts", "backs"]) -> Box:
        """The smallest box around all cards of one side and their bleed."""
        return self.trim_box(side).grown(self.bleed)

    def marks(self, side: Literal["fronts", "backs"]) -> tuple[Mark, ...]:
        """List the crop marks, all in the waste: four A6 cards fill an A4 sheet, and have none."""
        boxes = [cell.box for cell in getattr(self, side)]
        taken = [box.grown(self.bleed) for box in boxes]
        found = (mark for box in boxes for mark in _marks(box, taken, self.bleed, self.media_box))
        return tuple(dict.fromkeys(found))

    def sheets(self, cards: int) -> int:
        """Count the sheets that `cards` cards need."""
        return -(-cards // self.per_sheet)


def imposition(
    card: str,
    sheet: str,
    duplex: Duplex = "long-edge",
    profile: Profile = "office",
    back_offset: tuple[float, float] = (0.0, 0.0),
) -> Imposition:
    """Plan an imposition by the names of card and sheet.

    Raises:
        GeometryError: an unknown name, or a layout that does not fit.
    """
    for name, known, what in ((card, CARD_SIZES, "card"), (sheet, SHEET_SIZES, "sheet")):
        if name not in known:
            raise GeometryError(f"no {what} size is called {name!r}; there are {', '.join(known)}")
    return Imposition.plan(CARD_SIZES[card], SHEET_SIZES[sheet], duplex, profile, back_offset)


def _check_words(duplex: str, profile: str) -> None:
    for word, known, what in ((duplex, Duplex, "duplex"), (profile, Profile, "profile")):
        if word not in get_args(known):
            raise GeometryError(f"{what} {word!r}: must be one of {', '.join(get_args(known))}")


def _fronts(card: CardSize, sheet: SheetSize, bleed: float, margin: float) -> tuple[Cell, ...]:
    room = (sheet.width - 2 * margin, sheet.height - 2 * margin)
    layouts = list(_layouts((card.width + 2 * bleed, card.height + 2 * bleed), room))
    best = max(layouts, key=len, default=())
    if not best:
        raise GeometryError(
            f"card {card.name} of {_size(card)}"
            + (f" with {bleed:g} mm bleed and crop marks of {margin:g} mm" if bleed else "")
            + f" does not fit on sheet {sheet.name} of {_size(sheet)}; "
            "choose a larger sheet or a smaller card"
        )
    cells = [Cell(box.grown(-bleed), turn) for box, turn in _centred(best, sheet)]
    return tuple(sorted(cells, key=lambda cell: (-round(cell.box.top, 3), cell.box.left)))


Placed = tuple[tuple[Box, Turn], ...]


def _layouts(card: tuple[float, float], room: tuple[float, float]) -> Iterator[Placed]:
    """Yield grids of upright cards with turned ones in the rest of the sheet, above or beside them.

    The two simple grids come first: of layouts with as many cards the simplest to cut is taken.
    """
    (width, height), (room_width, room_height) = card, room
    rows, columns = _times(room_height, height), _times(room_width, width)
    turned = (height, width)
    yield _grid(width, height, columns, rows, 0)
    yield _grid(height, width, _times(room_width, height), _times(room_height, width), 90)
    for lower in range(1, rows + 1):
        rest = room_height - lower * height
        yield _grid(width, height, columns, lower, 0) + _above(turned, room_width, rest, lower * height)
    for left in range(1, columns + 1):
        rest = room_width - left * width
        yield _grid(width, height, left, rows, 0) + _beside(turned, rest, room_height, left * width)


def _above(card: tuple[float, float], width: float, height: float, bottom: float) -> Placed:
    return _grid(*card, _times(width, card[0]), _times(height, card[1]), 90, bottom=bottom)


def _beside(card: tuple[float, float], width: float, height: float, left: float) -> Placed:
    return _grid(*card, _times(width, card[0]), _times(height, card[1]), 90, left=left)


def _times(room: float, length: float) -> int:
    return max(0, int((room + EXACT) // length))


def _grid(
    width: float, height: float, columns: int, rows: int, turn: Turn, left: float = 0.0, bottom: float = 0.0
) -> Placed:
    return tuple(
        (
            Box(
                left + column * width,
                bottom + row * height,
                left + (column + 1) * width,
                bottom + (row + 1) * height,
            ),
            turn,
        )
        for row in range(rows)
        for column in range(columns)
    )


def _centred(placed: Placed, sheet: SheetSize) -> Iterator[tuple[Box, Turn]]:
    across = (sheet.width - max(box.right for box, _ in placed)) / 2
    up = (sheet.height - max(box.top for box, _ in placed)) / 2
    for box, turn in placed:
        yield Box(box.left + across, box.bottom + up, box.right + across, box.top + up), turn


def _turned_over(cell: Cell, sheet: SheetSize, duplex: Duplex, offset: tuple[float, float]) -> Cell:
    """Find the back of a front: over the long edge x -> W − x, over the short edge y -> H − y.

    A card is turned like a page, so its top stays its top: over the short edge that turns the back by 180°.
    """
    box, (across, up) = cell.box, offset
    if duplex == "long-edge":
        flipped = Box(sheet.width - box.right, box.bottom, sheet.width - box.left, box.top)
        turn = -cell.turn % 360
    else:
        flipped = Box(box.left, sheet.height - box.top, box.right, sheet.height - box.bottom)
        turn = (180 - cell.turn) % 360
    moved = Box(flipped.left + across, flipped.bottom + up, flipped.right + across, flipped.top + up)
    return Cell(moved, turn)  # type: ignore[arg-type]


def _marks(box: Box, taken: list[Box], gap: float, sheet: Box) -> Iterator[Mark]:
    """Yield the marks at one card's corners that run through waste only."""
    for y in (box.bottom, box.top):
        for x, across in ((box.left, -1), (box.right, 1)):
            end = _mark_length(gap, x - sheet.left if across < 0 else sheet.right - x)
            mark = Mark(x + across * gap, y, x + across * end, y)
            line = Box(min(mark.x0, mark.x1), y - HAIR, max(mark.x0, mark.x1), y + HAIR)
            if end > gap and not any(line.meets(other) for other in taken):
                yield mark
    for x in (box.left, box.right):
        for y, up in ((box.bottom, -1), (box.top, 1)):
            end = _mark_length(gap, y - sheet.bottom if up < 0 else sheet.top - y)
            mark = Mark(x, y + up * gap, x, y + up * end)
            line = Box(x - HAIR, min(mark.y0, mark.y1), x + HAIR, max(mark.y0, mark.y1))
            if end > gap and not any(line.meets(other) for other in taken):
                yield mark


def _mark_length(gap: float, waste: float) -> float:
    return min(waste, gap + LONGEST_MARK) if waste - gap >= SHORTEST_MARK - EXACT else 0.0


def _size(size: CardSize | SheetSize) -> str:
    return f"{size.width:g} × {size.height:g} mm"
