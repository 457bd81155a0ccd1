"""Draw the illustration of the first campaign: a boy holding a candle whose light warms his face."""

import argparse
import math
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from boy import FLAME_POINTS, boy
from light import CANDLE, SKY, Colour, Material, Scene, cube_of, linear, shine, srgb, stepped
from voxels import Point, Side, Triangle, Voxel, outlines, straight, visible

COLUMNS, ROWS = 122, 314
ACROSS, DOWN = 7, 4  # one lattice step in the picture's units: 7/4 is the root of three, nearly
STEP = 2 * DOWN  # the edge of a voxel
WIDTH_MM = 91
CENTRE = (66, 156)  # where the lattice's origin stands, in columns and rows
FLAME = (5, 43)  # the middle of the flame on the lattice

MATERIALS = {
    "skin": Material("#f2c6a4", through=0.2),
    "ear": Material("#f0b898", through=0.3),
    "hand": Material("#f0bd98", through=0.7),
    "gap": Material("#b06a4a", through=0.5),
    "cheek": Material("#efa98c", through=0.2),
    "brow": Material("#8a6044"),
    "crease": Material("#d39878"),
    "lid": Material("#e9b896"),
    "lash": Material("#3a2320"),
    "iris": Material("#4a3026"),
    "glint": Material("#a8632e"),
    "nostril": Material("#c98464"),
    "mouth": Material("#a5604f"),
    "lip": Material("#e7a488"),
    "inner ear": Material("#c98a6c", through=0.2),
    "hair": Material("#a8642c", through=0.22, cube=2),
    "fair hair": Material("#bd7a3a", through=0.22, cube=2),
    "dark hair": Material("#935222", through=0.22, cube=2),
    "coat": Material("#576890", cube=2),
    "cuff": Material("#6f8690", through=0.15, cube=2),
    "scarf": Material("#b5a286", through=0.1, cube=2),
    "stripe": Material("#6f6878", through=0.1, cube=2),
    "wax": Material("#fff2da", glow=0.05, through=0.6),
    "pool": Material("#ffe9b0", glow=1),
    "snow": Material("#eef4ff", cube=2),
    "wick": Material("#ffb040", glow=1),
    "flame": Material("#ffd978", glow=1),
    "edge": Material("#ffbb55", glow=1),
    "core": Material("#fff6d8", glow=1),
}
CLEAR = frozenset({"wax", "pool", "wick", "flame", "edge", "core"})
ZENITH, HORIZON = linear("#131430"), linear("#2a2145")

# Snow in the air: column, row and size on the picture.
FLAKES = (
    (14, 30, 2),
    (40, 18, 1),
    (66, 34, 2),
    (98, 16, 2),
    (113, 48, 2),
    (84, 8, 1),
    (24, 78, 1),
    (8, 110, 2),
    (108, 98, 1),
    (115, 146, 2),
    (17, 152, 2),
    (36, 112, 1),
    (16, 184, 1),
    (6, 214, 2),
    (112, 198, 1),
    (117, 250, 2),
    (8, 292, 2),
    (26, 302, 1),
    (52, 50, 1),
    (104, 70, 2),
)


def flakes() -> Iterator[Voxel]:
    """Yield the voxels of the falling snow, far behind the boy."""
    for column, row, size in FLAKES:
        across, down = column - CENTRE[0], row - CENTRE[1]
        a = (across + down) // 2
        deep = 60
        for i, j, k in product(range(size), repeat=3):
            yield a - deep + i, a - across - deep + j, k - deep


def bloom(triangle: Triangle) -> float:
    """Return how much of the flame's glow the air itself shows here."""
    (x, y), (fx, fy) = on_paper(cell(triangle)), on_paper(FLAME)
    far = math.hypot(x - fx, y - fy) / STEP
    return stepped(0.35 * math.exp(-far / 6) + 0.06 * math.exp(-((far / 34) ** 2)), 28)


def rimmed(light: Colour, triangle: Triangle, seen: Mapping[Triangle, Side]) -> Colour:
    """Return the light with the moon's rim, where the sky begins to the right."""
    a, b, half = triangle
    if a - b < 5 or ((a, b - 2, half) in seen and (a + 1, b - 1, half) in seen):
        return light
    red, green, blue = (v + 0.065 * s for v, s in zip(light, SKY, strict=True))
    return red, green, blue


def dimmed(light: Colour, triangle: Triangle) -> Colour:
    """Return the light as it fades into the night at the foot of the picture."""
    low = on_paper(cell(triangle))[1] / (ROWS * DOWN) - 0.82
    kept = 1 - 0.75 * min(max(round(low / 0.18 * 5) / 5, 0.0), 1.0)
    red, green, blue = (kept * v + (1 - kept) * h for v, h in zip(light, HORIZON, strict=True))
    return red, green, blue


def night(triangle: Triangle) -> Colour:
    """Return the light of the sky, in broad bands from zenith to horizon."""
    height = round(on_paper(cell(triangle))[1] / (ROWS * DOWN) * 9) / 9
    red, green, blue = (z + (h - z) * height for z, h in zip(ZENITH, HORIZON, strict=True))
    return red, green, blue


def cell(triangle: Triangle) -> Point:
    """Return the corner of the larger square in which the light of the air is even."""
    a, b, _ = triangle
    return a // 2 * 2, b // 2 * 2


def on_paper(point: Point) -> Point:
    """Return where a lattice point stands in the picture."""
    a, b = point
    return (CENTRE[0] + a - b) * ACROSS, (CENTRE[1] + a + b) * DOWN


def lattice() -> Iterator[Triangle]:
    """Yield the triangles of the picture; those that its upper and lower edge cut belong to it."""
    for column, row, half in product(range(COLUMNS), range(-2, ROWS + 1), (0, 1)):
        across, down = column - CENTRE[0] + 1 - half, row - CENTRE[1]
        if (across + down) % 2 == 0:
            yield (across + down) // 2, (down - across) // 2, half


def mosaic() -> dict[str, list[Triangle]]:
    """Return the triangles of the picture by colour."""
    voxels = dict.fromkeys(flakes(), "snow") | boy()
    scene = Scene(voxels, MATERIALS, FLAME_POINTS, CLEAR)
    seen = visible(voxels)
    lights: dict[Side, Colour] = {}
    found: dict[str, list[Triangle]] = {}
    for triangle in lattice():
        if triangle in seen:
            side = cube_of(seen[triangle], scene)
            if side not in lights:
                lights[side] = shine(side, scene)
            light = dimmed(rimmed(lights[side], triangle, seen), triangle)
        else:
            light = night(triangle)
        glow = bloom(triangle)
        red, green, blue = (v + (1 - v) * glow * c for v, c in zip(light, CANDLE, strict=True))
        found.setdefault(srgb((red, green, blue)), []).append(triangle)
    return found


def path(triangles: list[Triangle]) -> str:
    """Return the outlines of the triangles as the data of an SVG path."""
    parts = []
    pen = (0, 0)
    for outline in outlines(triangles):
        inside = straight([(x, min(max(y, 0), ROWS * DOWN)) for x, y in map(on_paper, outline)])
        if len(inside) < 3:
            continue
        x, y = inside[0]
        parts.append(f"m{x - pen[0]} {y - pen[1]}")
        pen = x, y
        for next_x, next_y in inside[1:]:
            across, down = next_x - x, next_y - y
            parts.append(f"v{down}" if across == 0 else f"h{across}" if down == 0 else f"l{across} {down}")
            x, y = next_x, next_y
        parts.append("z")
    return "".join(parts).replace(" -", "-")


def drawing() -> str:
    """Return the illustration as SVG."""
    width, height = COLUMNS * ACROSS, ROWS * DOWN
    paths = "".join(
        f'<path fill="{fill}" stroke="{fill}" d="{path(triangles)}"/>\n'
        for fill, triangles in sorted(mosaic().items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" '
        f'height="{WIDTH_MM * height / width:.3f}mm" viewBox="0 0 {width} {height}">\n'
        "<title>A boy holding a candle</title>\n"
        "<desc>At night, in the snow, a boy in a winter coat holds a candle in both hands. He looks down at\n"
        "the flame with the hint of a smile, and its light warms his face.</desc>\n"
        f'<rect width="{width}" height="{height}" fill="{srgb(ZENITH)}"/>\n'
        f'<g stroke-width="2" stroke-linejoin="round">\n{paths}</g>\n</svg>\n'
    )


def main() -> None:
    """Write the illustration to the file that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parent.parent / "content/mikita/illustration.svg"
    parser.add_argument("--output", type=Path, default=default)
    parser.parse_args().output.write_text(drawing(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
