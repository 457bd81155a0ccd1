"""Light on voxels: a cool sky, a low moon and one candle, computed in linear light and in steps."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from voxels import NORMAL, Face, Side, Voxel

Colour = tuple[float, float, float]  # linear light
Direction = tuple[float, float, float]

CANDLE: Colour = (1.0, 0.50, 0.17)
BLOOD: Colour = (1.0, 0.30, 0.10)  # candlelight that came through a hand
SKY: Colour = (0.27, 0.45, 1.0)
SHADE: Mapping[Face, float] = {"z": 1.0, "x": 0.62, "y": 0.42}
MOON: Direction = (0.64, -0.5, 0.58)
AROUND = [step for step in product(range(-3, 4), repeat=3) if 0 < math.hypot(*step) < 3.3]
BESIDE = [(i, j) for i in (-2, 0, 2) for j in (-2, 0, 2) if i or j]


@dataclass(frozen=True)
class Material:
    """What a voxel is made of: its colour by day, its own light, the light it lets through, its cubes."""

    day: str
    glow: float = 0.0
    through: float = 0.0
    cube: int = 1


@dataclass(frozen=True)
class Scene:
    """Voxels by material, and the points of the flame that lights them."""

    voxels: Mapping[Voxel, str]
    materials: Mapping[str, Material]
    flame: tuple[Direction, ...]
    clear: frozenset[str]  # materials that throw no shadow


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


def stepped(strength: float, steps: int) -> float:
    """Return a strength of light in steps that look even."""
    return (round(math.sqrt(strength) * steps) / steps) ** 2


def shine(side: Side, scene: Scene) -> Colour:
    """Return the light that a side sends to the eye."""
    material = scene.materials[scene.voxels[side.voxel]]
    day = linear(material.day)
    if material.glow >= 1:
        return day
    normal = _roundly(side, scene)
    direct, passing = _candlelight(side, normal, scene)
    warm, through = stepped(direct, 16), stepped(passing * material.through, 16)
    moon = max(0.0, sum(n * m for n, m in zip(normal, MOON, strict=True)))
    cool = (0.5 * SHADE[side.face] + 0.9 * stepped(moon, 6)) * round(_openness(side, scene) * 5) / 5
    light = (
        0.24 * cool * sky + (3.8 * warm + material.glow) * candle + 1.3 * through * blood
        for sky, candle, blood in zip(SKY, CANDLE, BLOOD, strict=True)
    )
    sheen = 0.016 * cool**2
    red, green, blue = (
        1 - math.exp(-1.25 * (d * v + sheen * s)) for d, v, s in zip(day, light, SKY, strict=True)
    )
    return red, green, blue


def cube_of(side: Side, scene: Scene) -> Side:
    """Return the side whose light the whole face of a larger cube takes."""
    material = scene.voxels[side.voxel]
    cube = scene.materials[material].cube
    (x, y, z), (nx, ny, nz) = side.voxel, NORMAL[side.face]
    voxel = (x if nx else x // cube * cube, y if ny else y // cube * cube, z if nz else z // cube * cube)
    return Side(voxel, side.face) if scene.voxels.get(voxel) == material else side


def _roundly(side: Side, scene: Scene) -> Direction:
    """Return the direction a side faces when the cubes around it are taken as one soft surface."""
    x, y, z = side.voxel
    weight = 1.0 if scene.materials[scene.voxels[side.voxel]].cube == 1 else 2.5
    total = [weight * n for n in NORMAL[side.face]]
    for step in AROUND:
        if (x + step[0], y + step[1], z + step[2]) not in scene.voxels:
            total = [t + 0.12 * s for t, s in zip(total, step, strict=True)]
    length = math.hypot(*total) or 1.0
    return total[0] / length, total[1] / length, total[2] / length


def _candlelight(side: Side, normal: Direction, scene: Scene) -> tuple[float, float]:
    """Return the candlelight that falls on a side, and what comes to it through what is thin."""
    start = [c + 0.5 + 1.6 * n for c, n in zip(side.voxel, normal, strict=True)]
    falls = passes = 0.0
    for flame in scene.flame:
        way = [f - s for f, s in zip(flame, start, strict=True)]
        far = math.hypot(*way)
        strength = 1 / (1 + (far / 20) ** 2)
        facing = (sum(n * w for n, w in zip(normal, way, strict=True)) / far + 0.2) / 1.2
        passes += strength**2
        if facing > 0 and not _blocked(start, way, int(far), scene):
            falls += strength * facing
    return falls / len(scene.flame), passes / len(scene.flame)


def _blocked(start: list[float], way: list[float], steps: int, scene: Scene) -> bool:
    for step in range(1, steps - 2):
        x, y, z = (math.floor(s + w * step / steps) for s, w in zip(start, way, strict=True))
        material = scene.voxels.get((x, y, z))
        if material is not None and material not in scene.clear:
            return True
    return False


def _openness(side: Side, scene: Scene) -> float:
    """Return the share of sky that a side sees: its eight neighbours in front stand in the way."""
    x, y, z = side.voxel
    if side.face == "x":
        places = [(x + 1, y + i, z + j) for i, j in BESIDE]
    elif side.face == "y":
        places = [(x + i, y + 1, z + j) for i, j in BESIDE]
    else:
        places = [(x + i, y + j, z + 1) for i, j in BESIDE]
    return 1 - 0.08 * sum(place in scene.voxels for place in places)
