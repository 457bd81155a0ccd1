"""Draw the illustration of the first campaign: a boy holding a candle whose light warms his face."""

import argparse
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from boy import FLAME_POINTS, boy
from voxels import NORMAL, Face, Point, Side, Triangle, Voxel, corners, outlines, straight, visible

COLUMNS, ROWS = 128, 327
ACROSS, DOWN = 26, 15  # one lattice step in the picture's units: 26/15 is the root of three, nearly
WIDTH_MM = 91
CENTRE = (68, 162)  # where the lattice's origin stands, in columns and rows

Colour = tuple[float, float, float]  # linear light

WARM: Colour = (1.0, 0.50, 0.17)
COOL: Colour = (0.27, 0.45, 1.0)
BLOOD: Colour = (1.0, 0.30, 0.10)
MOON = (0.75, -0.25, 0.61)
BALL = [
    (i, j, k)
    for i in range(-3, 4)
    for j in range(-3, 4)
    for k in range(-3, 4)
    if 0 < i * i + j * j + k * k <= 10
]
SHADE: Mapping[Face, float] = {"z": 1.0, "x": 0.62, "y": 0.42}


@dataclass(frozen=True)
class Material:
    """What a voxel is made of: its colour by day, its own light, the light it lets through, its cubes."""

    day: str
    glow: float = 0.0
    through: float = 0.0
    cube: int = 1


MATERIALS = {
    "skin": Material("#f2c6a4"),
    "ear": Material("#e8ac8c"),
    "hand": Material("#f0bd98", through=0.5),
    "finger": Material("#e8ae88", through=0.45),
    "cheek": Material("#efa98c"),
    "brow": Material("#8a6044"),
    "crease": Material("#cf9272"),
    "lid": Material("#e6b492"),
    "lash": Material("#3a2320"),
    "white": Material("#f6ead8"),
    "iris": Material("#4a3026"),
    "nostril": Material("#c98464"),
    "mouth": Material("#a8554a"),
    "lip": Material("#dd8c78"),
    "hair": Material("#9a6a42", cube=2),
    "coat": Material("#4a7080", cube=2),
    "cuff": Material("#30505c", cube=2),
    "scarf": Material("#e2cfae", cube=2),
    "wax": Material("#fff2da", glow=0.05, through=0.6),
    "pool": Material("#ffe9b0", glow=1),
    "snow": Material("#eef4ff", cube=2),
    "wick": Material("#ffb040", glow=1),
    "flame": Material("#fff0b8", glow=1),
    "tip": Material("#ffc85a", glow=1),
}
NIGHT = ("#4a2f3f", "#402b41", "#362741", "#2d2440", "#25203c", "#1f1d38", "#1a1a33")
FIRE = ("flame", "tip", "wick", "pool", "wax")


def linear(colour: str) -> Colour:
    """Return an sRGB colour, #rrggbb, as linear light."""
    values = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def srgb(colour: Colour) -> str:
    """Return linear light as #rrggbb."""
    values = (min(max(v, 0.0), 1.0) for v in colour)
    curved = (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in values)
    return "#" + "".join(f"{round(v * 255):02x}" for v in curved)


def colour(side: Side, voxels: Mapping[Voxel, str]) -> str:
    """Return the colour of a side in the night, by cool sky and warm candle, in steps."""
    material = MATERIALS[voxels[side.voxel]]
    day = linear(material.day)
    if material.glow >= 1:
        return srgb(day)
    normal = roundly(side, voxels)
    direct, near = candlelight(side, normal, voxels)
    warm = (round(math.sqrt(direct) * 16) / 16) ** 2
    through = (round(math.sqrt(near * material.through) * 16) / 16) ** 2
    open_sky = round(openness(side, voxels) * 5) / 5
    moon = max(0.0, sum(n * m for n, m in zip(NORMAL[side.face], MOON, strict=True)))
    sky = (0.5 * SHADE[side.face] + 0.9 * moon) * open_sky
    light = [
        0.24 * sky * cool + 3.2 * warm * candle + 1.3 * through * blood + material.glow * candle
        for cool, candle, blood in zip(COOL, WARM, BLOOD, strict=True)
    ]
    red, green, blue = (1 - math.exp(-1.25 * d * v) for d, v in zip(day, light, strict=True))
    return srgb((red, green, blue))


def roundly(side: Side, voxels: Mapping[Voxel, str]) -> tuple[float, float, float]:
    """Return the direction that a side faces when its cubes are taken as one soft surface."""
    x, y, z = side.voxel
    total = [2.5 * n for n in NORMAL[side.face]]
    for i, j, k in BALL:
        if (x + i, y + j, z + k) not in voxels:
            weight = 0.12
            total[0] += weight * i
            total[1] += weight * j
            total[2] += weight * k
    length = math.hypot(*total) or 1.0
    return total[0] / length, total[1] / length, total[2] / length


def candlelight(
    side: Side, normal: tuple[float, float, float], voxels: Mapping[Voxel, str]
) -> tuple[float, float]:
    """Return the candlelight that falls on a side, and what would fall on it if nothing stood between."""
    start = [c + 0.5 + 0.6 * n for c, n in zip(side.voxel, NORMAL[side.face], strict=True)]
    falls = passes = 0.0
    for flame in FLAME_POINTS:
        way = [f - s for f, s in zip(flame, start, strict=True)]
        far = math.hypot(*way)
        strength = 1 / (1 + (far / 20) ** 2)
        facing = (sum(n * w for n, w in zip(normal, way, strict=True)) / far + 0.2) / 1.2
        passes += strength**2
        if facing > 0 and not _blocked(start, way, far, voxels):
            falls += strength * facing
    return falls / len(FLAME_POINTS), passes / len(FLAME_POINTS)


def _blocked(start: list[float], way: list[float], far: float, voxels: Mapping[Voxel, str]) -> bool:
    steps = int(far)
    for step in range(1, steps - 2):
        x, y, z = (math.floor(s + w * step / steps) for s, w in zip(start, way, strict=True))
        if voxels.get((x, y, z), "flame") not in FIRE:
            return True
    return False


def openness(side: Side, voxels: Mapping[Voxel, str]) -> float:
    """Return the share of sky that a side sees: its eight neighbours in front stand in the way."""
    x, y, z = side.voxel
    near = [(i, j) for i in (-2, 0, 2) for j in (-2, 0, 2) if i or j]
    if side.face == "x":
        around = [(x + 1, y + i, z + j) for i, j in near]
    elif side.face == "y":
        around = [(x + i, y + 1, z + j) for i, j in near]
    else:
        around = [(x + i, y + j, z + 1) for i, j in near]
    return 1 - 0.1 * sum(place in voxels for place in around)


def cube_of(side: Side, voxels: Mapping[Voxel, str]) -> Side:
    """Return the side whose light the whole face of a larger cube takes."""
    cube = MATERIALS[voxels[side.voxel]].cube
    if cube == 1:
        return side
    voxel = tuple(c if n else c // cube * cube for c, n in zip(side.voxel, NORMAL[side.face], strict=True))
    return Side(voxel, side.face) if voxels.get(voxel) == voxels[side.voxel] else side


def night(triangle: Triangle) -> str:
    """Return the colour of the sky, warmer in steps around the flame."""
    x, y = on_paper(triangle[:2])
    fx, fy = on_paper((0 - -5, 38 - -5))
    far = math.hypot(x - fx, y - fy) / 30
    return NIGHT[min(int(far / 15), len(NIGHT) - 1)]


def on_paper(point: Point) -> Point:
    """Return where a lattice point stands in the picture."""
    a, b = point
    return (CENTRE[0] + a - b) * ACROSS, (CENTRE[1] + a + b) * DOWN


def mosaic() -> dict[str, list[Triangle]]:
    """Return the triangles of the picture by colour."""
    voxels = boy()
    seen = visible(voxels)
    colours: dict[Side, str] = {}
    found: dict[str, list[Triangle]] = {}
    for a in range(-300, 300):
        for b in range(-300, 300):
            for half in (0, 1):
                triangle = (a, b, half)
                points = [on_paper(p) for p in corners(triangle)]
                if min(x for x, _ in points) < 0 or max(x for x, _ in points) > COLUMNS * ACROSS:
                    continue
                if max(y for _, y in points) <= 0 or min(y for _, y in points) >= ROWS * DOWN:
                    continue
                if triangle in seen:
                    side = cube_of(seen[triangle], voxels)
                    if side not in colours:
                        colours[side] = colour(side, voxels)
                    found.setdefault(colours[side], []).append(triangle)
                else:
                    found.setdefault(night(triangle), []).append(triangle)
    return found


def path(triangles: list[Triangle]) -> str:
    """Return the outlines of the triangles as the data of an SVG path."""
    parts = []
    for outline in outlines(triangles):
        points = straight([(x, min(max(y, 0), ROWS * DOWN)) for x, y in map(on_paper, outline)])
        if len(points) < 3:
            continue
        x, y = points[0]
        parts.append(f"M{x} {y}")
        for nx, ny in points[1:]:
            dx, dy = nx - x, ny - y
            parts.append(f"v{dy}" if dx == 0 else f"h{dx}" if dy == 0 else f"l{dx} {dy}")
            x, y = nx, ny
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
        f'<rect width="{width}" height="{height}" fill="{NIGHT[-1]}"/>\n'
        f'<g stroke-width="6" stroke-linejoin="round">\n{paths}</g>\n</svg>\n'
    )


def main() -> None:
    """Write the illustration to the file that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parent.parent / "content/mikita/illustration.svg"
    parser.add_argument("--output", type=Path, default=default)
    parser.parse_args().output.write_text(drawing(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
