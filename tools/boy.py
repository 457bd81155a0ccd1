"""The boy with the candle, as voxels: tables of blocks, a face drawn in letters, hands.

He looks along y, to the lower left of the picture; x = 0 is the middle of his face, z = 0 his chin.
"""

from collections.abc import Iterator
from itertools import pairwise, product
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
    Slab((15, 18), (-1, 5), (12, 20), "ear"),
    Slab((15, 18), (0, 4), (10, 13), "ear"),
    Slab((15, 17), (1, 4), (13, 18), "ear"),
    Slab((17, 18), (1, 4), (14, 18), "inner ear"),
    Slab((-1, 2), (20, 22), (10, 17), "skin"),
    Slab((-2, 3), (20, 22), (10, 13), "skin"),
    Slab((-1, 2), (20, 23), (10, 13), "skin"),
)

# Seen from the front, columns x = -15 … 15.
FACE_TOP: Final = 26
FACE: Final = (
    "...............................",
    "...............................",  # 25
    ".......bbb...........bbb.......",
    "....bbbbbb...........bbbbbb....",
    "...bbb...................bbb...",
    "...............................",
    ".....sssss...........sssss.....",  # 20
    "....LLLLLLL.........LLLLLLL....",
    "...LLLLLLLLL.......LLLLLLLLL...",
    "...lLLLLLLll.......lLLLLLLll...",
    "....lllllll.........lllllll....",
    "......igi.............igi......",  # 15
    ".................s.............",
    ".................s.............",
    "...cccc..........s......cccc...",
    "...ccccc...............ccccc...",
    "....ccc.................ccc....",  # 10
    ".............nn.nn.............",
    "...............................",
    ".........mm........mm..........",
    "..........mmmmmmmmmm...........",
    "............uuuuuu.............",  # 5
    ".............uuuu..............",
    "...............................",
    "...............................",
)
PAINT = {
    "b": "brow",
    "s": "crease",
    "L": "lid",
    "l": "lash",
    "i": "iris",
    "g": "glint",
    "c": "cheek",
    "n": "nostril",
    "m": "mouth",
    "u": "lip",
}

HAIR = (
    Slab((-18, 18), (-12, 18), (28, 36), "hair", 4, 2),
    Slab((-16, 16), (-10, 16), (36, 38), "hair", 3, 2),
    Slab((-12, 12), (-8, 14), (38, 40), "hair", 2.6, 2),
    Slab((-18, 18), (-12, 4), (24, 28), "hair", 4, 2),
    Slab((-17, 17), (-12, 0), (10, 24), "hair", 4, 2),
    Slab((-14, 14), (-12, -4), (-2, 10), "hair", 3, 2),
)
# Strands over the temples, on both sides: first row, rows, lowest z, how far they stand out.
TEMPLES = (
    (-10, 4, 4, 0),
    (-8, 2, 10, 2),
    (-6, 2, 4, 0),
    (-4, 2, 14, 0),
    (-2, 4, 20, 2),
    (2, 2, 22, 0),
    (4, 4, 20, 2),
    (8, 2, 14, 0),
    (10, 2, 20, 0),
    (12, 4, 26, 0),
)
# How far the hair stands out over the forehead: lowest z and front, from the crown down.
FALL = ((38, 14), (36, 18), (34, 20), (30, 22), (0, 24))
# Strands over the forehead: first column, columns, lowest z, how much further they stand out.
FRINGE = (
    (-18, 2, 18, -6),
    (-16, 4, 21, -2),
    (-12, 4, 25, 0),
    (-8, 4, 27, 2),
    (-4, 4, 28, 0),
    (0, 2, 25, 2),
    (2, 4, 29, 0),
    (6, 4, 31, 0),
    (10, 2, 28, 0),
    (12, 4, 25, -2),
    (16, 2, 18, -6),
)
STRANDS = ("hair", "fair hair", "hair", "dark hair", "hair", "fair hair", "dark hair")
TUFTS = (
    Slab((-10, 0), (2, 12), (40, 42), "hair", 0, 2),
    Slab((-4, 6), (-6, 4), (40, 42), "hair", 0, 2),
    Slab((-2, 2), (-4, 2), (42, 44), "hair", 0, 2),
    Slab((4, 10), (-10, -4), (38, 42), "hair", 0, 2),
    Slab((10, 14), (0, 6), (36, 40), "hair", 0, 2),
)

COAT = (
    Slab((-22, 22), (-14, 14), (-18, -12), "coat", 3, 2),
    Slab((-28, 28), (-14, 14), (-26, -18), "coat", 4, 2),
    Slab((-24, 24), (-14, 14), (-140, -26), "coat", 4, 2),
    *(Slab((-26, 26), (-14, 16), (z - 8, z), "coat", 4, 2) for z in range(-26, -120, -10)),
    Slab((-32, -24), (-8, 10), (-48, -22), "coat", 6, 2),
    Slab((24, 32), (-8, 10), (-48, -22), "coat", 6, 2),
    *(Slab((-34, -24), (-10, 12), (z - 8, z), "coat", 6, 2) for z in (-24, -34)),
    *(Slab((24, 34), (-10, 12), (z - 8, z), "coat", 6, 2) for z in (-24, -34)),
    Slab((-34, -20), (-6, 12), (-54, -38), "coat", 0, 2),
    Slab((-28, -14), (10, 24), (-52, -38), "coat", 0, 2),
    Slab((-22, -8), (22, 36), (-50, -38), "coat", 0, 2),
    Slab((20, 34), (-6, 12), (-54, -38), "coat", 0, 2),
    Slab((14, 28), (10, 24), (-52, -38), "coat", 0, 2),
    Slab((8, 22), (22, 36), (-50, -38), "coat", 0, 2),
    Slab((-18, -8), (32, 42), (-48, -38), "cuff", 0, 2),
    Slab((8, 18), (32, 42), (-48, -38), "cuff", 0, 2),
)
SCARF = (
    Slab((-16, 16), (-12, 20), (-6, -2), "scarf", 3, 2),
    Slab((-20, 20), (-16, 24), (-12, -6), "scarf", 3.4, 2),
    Slab((-18, 18), (-14, 22), (-16, -12), "scarf", 3, 2),
    Slab((6, 16), (16, 20), (-40, -14), "scarf", 0, 2),
    Slab((6, 16), (16, 20), (-34, -30), "stripe", 0, 2),
    Slab((6, 16), (16, 20), (-28, -26), "stripe", 0, 2),
    *(Slab((x, x + 1), (17, 19), (-44, -40), "scarf") for x in range(6, 16, 2)),
)
# Fingers, from the first to the little one: lowest z, then where the right hand's and the left hand's end.
FINGERS = ((-25, -1, 3), (-29, 0, 4), (-33, -1, 3), (-36, -3, 5))
HANDS = (
    Slab((-9, -3), (33, 43), (-40, -25), "hand", 2.4),
    Slab((4, 10), (33, 43), (-40, -25), "hand", 2.4),
    Slab((-9, -3), (35, 43), (-25, -23), "hand", 2.4),
    Slab((4, 10), (35, 43), (-25, -22), "hand", 2.4),
    Slab((-8, -3), (42, 44), (-37, -23), "gap"),
    Slab((4, 9), (42, 44), (-37, -23), "gap"),
    *(Slab((-8, right), (42, 45), (z, z + 3), "hand") for z, right, _ in FINGERS),
    *(Slab((left, 9), (42, 45), (z + 1, z + 4), "hand") for z, _, left in FINGERS),
    *(Slab((-9, right - 1), (42, 46), (z, z + 3), "hand") for z, right, _ in FINGERS[:3]),
    *(Slab((left + 1, 10), (42, 46), (z + 1, z + 4), "hand") for z, _, left in FINGERS[:3]),
    Slab((-5, -2), (36, 43), (-23, -20), "hand"),
    Slab((3, 6), (36, 43), (-22, -19), "hand"),
)
CANDLE = (
    Slab((-3, 4), (35, 42), (-38, -13), "wax", 2.4),
    Slab((-2, 3), (36, 41), (-13, -12), "pool", 2.4),
    Slab((1, 3), (40, 42), (-19, -13), "wax"),
    Slab((0, 1), (38, 39), (-12, -9), "wick"),
)
# Layers of the flame: lowest z, half width, how far it leans.
FLAME = ((-11, 1, 0), (-10, 2, 0), (-8, 3, 0), (-4, 2, 0), (-1, 1, 1), (1, 1, 1), (3, 0, 1), (6, 0, 1))
FIRE = ("core", "core", "flame", "flame", "edge", "edge", "edge")  # from the middle outwards, as it is seen
FLAME_POINTS = ((0.5, 38.5, -7), (0.5, 38.5, -3), (-2, 40, -6), (2, 40, -5), (0.5, 42, -5))

# Snow that lies on hair and shoulders: x, y, columns, rows.
DRIFTS = (
    (-8, -2, 8, 6),
    (-4, -6, 6, 6),
    (6, 2, 4, 4),
    (10, -8, 4, 6),
    (-14, 6, 4, 2),
    (20, -10, 8, 4),
    (24, -6, 4, 2),
    (28, -8, 4, 10),
    (32, -4, 2, 4),
    (28, 4, 2, 4),
    (-32, -6, 6, 10),
    (-26, 2, 4, 4),
)


def boy() -> dict[Voxel, str]:
    """Return the material of every voxel of the figure."""
    voxels: dict[Voxel, str] = {}
    hair = (*HAIR, *_temples(), *_fringe(), *TUFTS)
    for slab in (*COAT, *SCARF, *_head(), *FEATURES, *hair, *HANDS, *CANDLE, *_flame()):
        voxels.update(dict.fromkeys(slab.voxels(), slab.material))
    _paint_face(voxels)
    _comb(voxels)
    _kindle(voxels)
    _let_it_snow(voxels)
    return voxels


def _head() -> Iterator[Slab]:
    for (z, half, back, front, roundness), (top, *_) in pairwise(HEAD):
        yield Slab((-half, half + 1), (back, front), (z, top), "skin", roundness)


def _fringe() -> Iterator[Slab]:
    for x, columns, lowest, out in FRINGE:
        top = 40
        for z, front in FALL:
            z = max(z, lowest)
            yield Slab((x, x + columns), (4, front + out), (z, top), "hair", 0, 2)
            top = z


def _temples() -> Iterator[Slab]:
    for y, rows, lowest, out in TEMPLES:
        yield Slab((-18 - out, -12), (y, y + rows), (lowest, 30), "hair", 0, 2)
        yield Slab((12, 18 + out), (y, y + rows), (lowest, 30), "hair", 0, 2)


def _flame() -> Iterator[Slab]:
    for (z, half, lean), (top, *_) in pairwise(FLAME):
        yield Slab((lean - half, lean + half + 1), (38 - half, 39 + half), (z, top), "flame", 2.4)


def _kindle(voxels: dict[Voxel, str]) -> None:
    """Make the middle of the flame, as it is seen, its brightest part."""
    for (x, y, z), material in voxels.items():
        if material == "flame" and z < 2:
            voxels[x, y, z] = FIRE[abs(x - y + 38)]


def _comb(voxels: dict[Voxel, str]) -> None:
    """Give the hair strands, which fall to the front and to the sides."""
    for (x, y, z), material in voxels.items():
        if material == "hair":
            strand = (y if x >= 16 else x) // 2
            voxels[x, y, z] = STRANDS[strand * 3 % len(STRANDS)]


def _paint_face(voxels: dict[Voxel, str]) -> None:
    """Colour the foremost skin of each column and row as the drawing of the face says."""
    for row, line in enumerate(FACE):
        for column, letter in enumerate(line):
            x, z = column - 15, FACE_TOP - row
            front = max((y for y in range(5, 24) if voxels.get((x, y, z)) == "skin"), default=None)
            if letter in PAINT and front is not None:
                voxels[x, front, z] = PAINT[letter]


def _let_it_snow(voxels: dict[Voxel, str]) -> None:
    """Lay snow on what lies open to the sky."""
    tops: dict[tuple[int, int], int] = {}
    for x, y, z in voxels:
        tops[x, y] = max(z, tops.get((x, y), z))
    for left, back, columns, rows in DRIFTS:
        for x, y in product(range(left, left + columns), range(back, back + rows)):
            if (x, y) in tops:
                voxels.update(dict.fromkeys(((x, y, tops[x, y] + 1), (x, y, tops[x, y] + 2)), "snow"))
