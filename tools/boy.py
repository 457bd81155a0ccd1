"""The boy with the candle, as voxels: tables of blocks, a face drawn in letters, hands.

He looks along y, to the lower left of the picture; x = 0 is the middle of his face, z = 0 his chin.
"""

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from voxels import Slab, Voxel

# Lowest z, half width, back, front, roundness: from the chin to the crown.
HEAD = (
    (0, 6, 6, 19, 3),
    (1, 8, 4, 20, 3),
    (2, 10, 2, 20, 4),
    (4, 12, 0, 21, 4),
    (7, 13, -4, 21, 5),
    (11, 14, -6, 21, 6),
    (15, 15, -8, 21, 6),
    (29, 14, -8, 20, 6),
    (34, 0, 0, 0, 0),
)
FEATURES = (
    Slab((-8, 9), (-6, 8), (-14, 3), "skin", 3),
    Slab((15, 17), (-1, 5), (12, 20), "ear"),
    Slab((15, 17), (0, 4), (10, 13), "ear"),
    Slab((-1, 2), (20, 22), (11, 17), "skin"),
    Slab((-2, 3), (20, 22), (11, 13), "skin"),
)

# Seen from the front, columns x = -15 … 15.
FACE_TOP: Final = 26
FACE: Final = (
    "...............................",
    ".......bbb...........bbb.......",  # 25
    "....bbbbbb...........bbbbbb....",
    "...bbb...................bbb...",
    "...............................",
    "...............................",
    ".....sssss...........sssss.....",  # 20
    "....LLLLLLL.........LLLLLLL....",
    "...lLLLLLLLl.......lLLLLLLLl...",
    "....lLLLLLll.......llLLLLLl....",
    ".....llllll.........llllll.....",
    "......wiiw...........wiiw......",  # 15
    "...............................",
    "...............................",
    "...cccc.................cccc...",
    "...cccc.................cccc...",
    "...ccc......nn...nn......ccc...",  # 10
    "...............................",
    "..........m.........m..........",
    "..........mm.......mm..........",
    "...........mmmmmmmmm...........",
    "............uuuuuuu............",  # 5
    ".............uuuuu.............",
    "...............................",
    "...............................",
)
PAINT = {
    "b": "brow",
    "s": "crease",
    "L": "lid",
    "l": "lash",
    "w": "white",
    "i": "iris",
    "c": "cheek",
    "n": "nostril",
    "m": "mouth",
    "u": "lip",
}

HAIR = (
    Slab((-18, 18), (-12, 22), (28, 36), "hair", 4, 2),
    Slab((-16, 16), (-10, 20), (36, 38), "hair", 3, 2),
    Slab((-12, 12), (-8, 16), (38, 40), "hair", 2.6, 2),
    Slab((-18, 18), (-12, 6), (18, 28), "hair", 4, 2),
    Slab((-18, 18), (-12, 0), (8, 18), "hair", 4, 2),
    Slab((-14, 14), (-12, -2), (0, 8), "hair", 3, 2),
    Slab((14, 18), (4, 8), (20, 28), "hair", 0, 2),
    Slab((14, 18), (8, 14), (24, 28), "hair", 0, 2),
)
# Strands over the forehead: first column, columns, lowest z, how far they stand out.
FRINGE = (
    (-18, 4, 20, 0),
    (-14, 2, 23, 2),
    (-12, 4, 26, 4),
    (-8, 2, 25, 4),
    (-6, 4, 28, 4),
    (-2, 4, 30, 4),
    (2, 4, 28, 4),
    (6, 4, 26, 4),
    (10, 2, 24, 2),
    (12, 4, 25, 2),
    (16, 2, 18, -2),
)
TUFTS = (
    Slab((-8, 0), (4, 12), (40, 42), "hair", 0, 2),
    Slab((-2, 6), (-6, 2), (40, 44), "hair", 0, 2),
    Slab((6, 10), (-10, -4), (38, 42), "hair", 0, 2),
)

COAT = (
    Slab((-22, 22), (-14, 14), (-18, -12), "coat", 3, 2),
    Slab((-28, 28), (-14, 14), (-26, -18), "coat", 4, 2),
    Slab((-26, 26), (-14, 16), (-140, -26), "coat", 4, 2),
    Slab((-34, -24), (-10, 12), (-62, -24), "coat", 6, 2),
    Slab((24, 34), (-10, 12), (-62, -24), "coat", 6, 2),
    Slab((-34, -22), (4, 24), (-62, -48), "coat", 0, 2),
    Slab((22, 34), (4, 24), (-62, -48), "coat", 0, 2),
    Slab((-28, -16), (16, 32), (-56, -42), "coat", 0, 2),
    Slab((16, 28), (16, 32), (-56, -42), "coat", 0, 2),
    Slab((-20, -8), (26, 40), (-50, -36), "coat", 0, 2),
    Slab((10, 22), (26, 40), (-50, -36), "coat", 0, 2),
    Slab((-14, -6), (32, 42), (-44, -34), "cuff", 0, 2),
    Slab((8, 16), (32, 42), (-44, -34), "cuff", 0, 2),
)
SCARF = (
    Slab((-16, 16), (-12, 20), (-6, -2), "scarf", 2.6, 2),
    Slab((-20, 20), (-16, 24), (-12, -6), "scarf", 2.8, 2),
    Slab((-18, 18), (-14, 22), (-16, -12), "scarf", 2.6, 2),
    Slab((6, 16), (16, 20), (-44, -14), "scarf", 0, 2),
)
HANDS = (
    Slab((-9, -3), (32, 43), (-38, -22), "hand", 3),
    Slab((4, 10), (32, 43), (-38, -22), "hand", 3),
    Slab((-8, 2), (43, 45), (-27, -23), "hand"),
    Slab((-8, 3), (43, 45), (-31, -27), "finger"),
    Slab((-8, 2), (43, 45), (-35, -31), "hand"),
    Slab((-7, 0), (43, 45), (-38, -35), "finger"),
    Slab((2, 9), (43, 46), (-25, -21), "hand"),
    Slab((1, 9), (43, 46), (-29, -25), "finger"),
    Slab((2, 9), (43, 46), (-33, -29), "hand"),
    Slab((3, 9), (43, 46), (-36, -33), "finger"),
)
CANDLE = (
    Slab((-3, 4), (35, 42), (-38, -13), "wax", 2.4),
    Slab((-2, 3), (36, 41), (-13, -12), "pool", 2.4),
    Slab((1, 3), (40, 42), (-19, -13), "wax"),
)
FLAME = (
    Slab((0, 1), (38, 39), (-12, -9), "wick"),
    Slab((-1, 2), (37, 40), (-10, -9), "flame"),
    Slab((-2, 3), (36, 41), (-9, -4), "flame", 2.4),
    Slab((-3, 4), (35, 42), (-8, -5), "flame", 2.4),
    Slab((-1, 2), (37, 40), (-4, -1), "flame"),
    Slab((0, 1), (38, 39), (-1, 4), "tip"),
    Slab((-1, 1), (38, 40), (-1, 1), "tip"),
)
FLAME_POINTS = ((0.5, 38.5, -7), (0.5, 38.5, -3), (-2, 40, -6), (2, 40, -5), (0.5, 42, -5))


def boy() -> dict[Voxel, str]:
    """Return the material of every voxel of the figure."""
    voxels: dict[Voxel, str] = {}
    for slab in (*COAT, *SCARF, *_head(), *FEATURES, *HAIR, *_fringe(), *TUFTS, *HANDS, *CANDLE, *FLAME):
        voxels.update(dict.fromkeys(slab.voxels(), slab.material))
    _paint_face(voxels)
    _let_it_snow(voxels)
    return voxels


def _head() -> Iterator[Slab]:
    for (z, half, back, front, roundness), (top, *_) in pairwise(HEAD):
        yield Slab((-half, half + 1), (back, front), (z, top), "skin", roundness)


def _fringe() -> Iterator[Slab]:
    for x, columns, lowest, out in FRINGE:
        yield Slab((x, x + columns), (12, 19 + out), (lowest, 32), "hair", 0, 2)
        yield Slab((x, x + columns), (4, 17 + out), (32, 40), "hair", 0, 2)


def _paint_face(voxels: dict[Voxel, str]) -> None:
    """Colour the foremost skin of each column and row as the drawing of the face says."""
    for row, line in enumerate(FACE):
        for column, letter in enumerate(line):
            x, z = column - 15, FACE_TOP - row
            front = max((y for y in range(5, 24) if voxels.get((x, y, z)) == "skin"), default=None)
            if letter in PAINT and front is not None:
                voxels[x, front, z] = PAINT[letter]


def _let_it_snow(voxels: dict[Voxel, str]) -> None:
    """Lay snow in patches on what lies open to the sky."""
    chance = random.Random(7)  # noqa: S311 -- a drawing, not a secret
    tops: dict[tuple[int, int], int] = {}
    for x, y, z in voxels:
        tops[x, y] = max(z, tops.get((x, y), z))
    patches = {(x // 4, y // 4) for x, y in sorted(tops) if chance.random() < 0.02}
    for (x, y), z in sorted(tops.items()):
        if (x // 4, y // 4) in patches and voxels[x, y, z] in ("hair", "coat") and y < 14:
            voxels[x, y, z + 1] = "snow"
            voxels[x, y, z + 2] = "snow"
