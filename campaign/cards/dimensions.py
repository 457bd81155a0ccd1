"""The dimensions of a card: how large it is, the sizes of what is set on it, margins, gaps, the bleed."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from campaign.cards.grids import POINTS_PER_MM

SIZE = 11.0  # points, of message and first name; Alegreya runs small, so this looks like 10 of another serif
LEADING = 13.0  # points from line to line
# Sizes and leadings for a message that has a card for itself, the largest that fits is taken.
ALONE = ((15.0, 19.0), (13.0, 16.0))
WIDE = 40_000.0  # 1/1000 of the body size: longer lines, of over 90 letters, are set in these sizes too
SMALLER = 9 / 11  # of its size is what stands below a translation; never below the smallest
SMALLEST = 9.0  # points; no larger than the text itself
ABOVE_BELOW = 1  # half-lines above it, of which half is spared, so that the two belong together
GAP = 1  # half-lines at least between two messages of a card
EMPTY_LINE = 1.5  # lines from one paragraph to the next over it, as packing reckons
TURNED_OVER = 1500.0  # 1/1000 of the body size: indent of the rest of a poem's line that is too long
FIRST_LINE = 0.74  # of the first line's pitch lies above its base line
BEFORE_NAME = 1200.0  # 1/1000 of the body size, between the last word and the first name beside it
SAFE_ZONE = 7.0  # mm: office printers leave the outer 4 to 7 mm white, and no cut is exact
BLEED = 3.0  # mm beyond the cut, for a print shop
MARGIN = 10.0  # mm at the sides and above; a little more than the safe zone, so that no line looks cut
FOOT = 13.0  # mm below, where the card's number stands
NUMBER_SIZE = 7.5  # points
NUMBER_BASE = SAFE_ZONE + 1.0  # mm above the lower edge
ABOVE_SINGLE = 0.42  # of the spare space: a message alone stands a little above the middle


class CardSize(NamedTuple):
    """A trimmed card as one looks at its picture: standing, or lying."""

    name: str
    width: float
    height: float


def lying(size: str) -> str:
    """Name the same card turned by a quarter."""
    return f"{size}-landscape"


_STANDING = (
    CardSize("A6", 105, 148),
    CardSize("A5", 148, 210),
    CardSize("DL", 99, 210),
    CardSize("4x6", 101.6, 152.4),
)
_LYING = (CardSize(lying(size.name), size.height, size.width) for size in _STANDING)
CARD_SIZES = {size.name: size for size in (*_STANDING, *_LYING)}


def spared(*, alone: bool) -> float:
    """Say how many lines fewer than packing reckons lie above a paragraph, or above what a translation is of.

    They lie between the messages of a card, which tells where each ends, also on a full one.
    """
    return 0.0 if alone else 0.25


def smaller(size: float) -> tuple[float, float]:
    """Give size and leading of what stands below a text of this size, in whole half points."""
    below = min(size, max(SMALLEST, round(size * SMALLER * 2) / 2))
    return below, round(below * LEADING / SIZE * 2) / 2


@cache
def overhang(pitch: float, scale: float) -> tuple[float, float, float]:
    """Give what may stand above a base line, below one, and beside the words, in 1/1000 of a font's size.

    So much keeps inside the safe zone in the first line of a full card, in its last, and at either end of
    any, in each of the sizes. `pitch` is the distance of the lines in leadings, `scale` the font's size.
    """
    sizes = ((SIZE, LEADING), *ALONE)
    to_cut, to_foot = (POINTS_PER_MM * (mm - SAFE_ZONE) for mm in (MARGIN, FOOT))
    above = min((FIRST_LINE * pitch * leading + to_cut) / size for size, leading in sizes)
    below = min(((1 - FIRST_LINE) * pitch * leading + to_foot) / size for size, leading in sizes)
    beside = min(to_cut / size for size, _ in sizes)
    return above * 1000 / scale, below * 1000 / scale, beside * 1000 / scale
