"""Where each card lies on its sheet: sheets, cells, flips, bleed and crop marks, all in millimetres.

The origin is the lower left corner of the side that is looked at, x to the right and y upwards, as in PDF.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from campaign.cards import crop_marks
from campaign.cards.crop_marks import CropMark
from campaign.cards.dimensions import BLEED, CARD_SIZES, SAFE_ZONE, CardSize
from campaign.cards.grids import POINTS_PER_MM as POINTS_PER_MM
from campaign.cards.grids import Box, Rotation, centred, layouts
from campaign.errors import CandleError

UNPRINTED = 4.0  # mm: what office printers leave white at the least
Duplex = Literal["long-edge", "short-edge"]
Profile = Literal["office", "print-shop"]


class GeometryError(CandleError):
    """A card, sheet or offset that cannot be printed as described."""


class SheetSize(NamedTuple):
    """A sheet of paper, its short edges at top and bottom: so the printer's "long edge" is the side."""

    name: str
    width: float
    height: float


SHEET_SIZES = {
    size.name: size
    for size in (
        SheetSize("A4", 210, 297),
        SheetSize("Letter", 215.9, 279.4),
        SheetSize("A3", 297, 420),
        SheetSize("SRA3", 320, 450),
    )
}


class Cell(NamedTuple):
    """The place of one card's face on one side of the sheet, and its rotation counter-clockwise."""

    box: Box
    rotation: Rotation

    def matrix(self) -> tuple[float, float, float, float, float, float]:
        """Give the PDF matrix, in points, that puts the upright card, its lower left corner at 0 0, here."""
        left, bottom, right, top = self.box.points()
        return {
            0: (1.0, 0.0, 0.0, 1.0, left, bottom),
            90: (0.0, 1.0, -1.0, 0.0, right, bottom),
            180: (-1.0, 0.0, 0.0, -1.0, right, top),
            270: (0.0, -1.0, 1.0, 0.0, left, top),
        }[self.rotation]


class Imposition(NamedTuple):
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
        _check_choices(duplex, profile)
        if max(abs(shift) for shift in back_offset) > SAFE_ZONE:
            raise GeometryError(
                f"back_offset {back_offset[0]:g}, {back_offset[1]:g}: more than the safe zone of "
                f"{SAFE_ZONE:g} mm would push ink off the card; see `build.py calibrate`"
            )
        bleed = BLEED if profile == "print-shop" else 0.0
        fronts = _fronts(card, sheet, bleed, crop_marks.SHORTEST if bleed else 0.0)
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

    def crop_marks(self, side: Literal["fronts", "backs"]) -> tuple[CropMark, ...]:
        """List the crop marks, all in the waste: four A6 cards fill an A4 sheet, and have none."""
        return crop_marks.crop_marks([cell.box for cell in getattr(self, side)], self.bleed, self.media_box)

    @property
    def unmarked(self) -> float:
        """How wide the waste is, in mm, if an office printer leaves out the crop marks in it; otherwise 0."""
        box = self.trim_box("fronts")
        waste = min(box.left, box.bottom)
        shown = self.bleed or waste >= UNPRINTED + crop_marks.SHORTEST or not self.crop_marks("fronts")
        return 0.0 if shown else waste

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


def _check_choices(duplex: str, profile: str) -> None:
    for word, known, what in ((duplex, Duplex, "duplex"), (profile, Profile, "profile")):
        if word not in get_args(known):
            raise GeometryError(f"{what} {word!r}: must be one of {', '.join(get_args(known))}")


def _fronts(card: CardSize, sheet: SheetSize, bleed: float, margin: float) -> tuple[Cell, ...]:
    room = (sheet.width - 2 * margin, sheet.height - 2 * margin)
    possible = list(layouts((card.width + 2 * bleed, card.height + 2 * bleed), room))
    best = max(possible, key=len, default=())
    if not best:
        raise GeometryError(
            f"card {card.name} of {_size(card)}"
            + (f" with {bleed:g} mm bleed and crop marks of {margin:g} mm" if bleed else "")
            + f" does not fit on sheet {sheet.name} of {_size(sheet)}; "
            "choose a larger sheet or a smaller card"
        )
    cells = [Cell(box.grown(-bleed), rotation) for box, rotation in centred(best, sheet.width, sheet.height)]
    return tuple(sorted(cells, key=lambda cell: (-round(cell.box.top, 3), cell.box.left)))


def _turned_over(cell: Cell, sheet: SheetSize, duplex: Duplex, offset: tuple[float, float]) -> Cell:
    """Find the back of a front: over the long edge x -> W − x, over the short edge y -> H − y.

    A card is turned like a page, so its top stays its top: over the short edge that rotates the back by 180°.
    """
    box, (across, up) = cell.box, offset
    if duplex == "long-edge":
        flipped = Box(sheet.width - box.right, box.bottom, sheet.width - box.left, box.top)
        rotation = -cell.rotation % 360
    else:
        flipped = Box(box.left, sheet.height - box.top, box.right, sheet.height - box.bottom)
        rotation = (180 - cell.rotation) % 360
    moved = Box(flipped.left + across, flipped.bottom + up, flipped.right + across, flipped.top + up)
    return Cell(moved, rotation)  # type: ignore[arg-type]


def _size(size: CardSize | SheetSize) -> str:
    return f"{size.width:g} × {size.height:g} mm"
