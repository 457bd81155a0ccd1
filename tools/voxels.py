"""Voxels seen in isometric view, as a mosaic of triangles that becomes a few flat polygons.

Looking along (1, 1, 1), every face of every voxel falls on one triangular lattice, two triangles to a face.
So what hides what is decided triangle by triangle, exactly, and nothing overlaps in the finished picture.
x runs down to the right, y down to the left, z up.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Face = Literal["x", "y", "z"]
Voxel = tuple[int, int, int]
Point = tuple[int, int]  # on the lattice: (x - z, y - z)
Triangle = tuple[int, int, int]  # the lattice square (a, b) and its half: 0 left, 1 right

# The triangles of a face, as steps from the voxel's own lattice square.
TRIANGLES: Mapping[Face, tuple[Triangle, Triangle]] = {
    "x": ((0, 0, 1), (0, -1, 0)),
    "y": ((0, 0, 0), (-1, 0, 1)),
    "z": ((-1, -1, 0), (-1, -1, 1)),
}
FACES: tuple[Face, ...] = ("x", "y", "z")
NORMAL: Mapping[Face, Voxel] = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}


@dataclass(frozen=True)
class Slab:
    """A block: half-open ranges, its material, the edge of its cubes, and how round it is seen from above.

    `roundness` is the exponent of a superellipse: 2 an ellipse, 4 a cushion, 0 square corners.
    """

    x: tuple[int, int]
    y: tuple[int, int]
    z: tuple[int, int]
    material: str
    roundness: float = 0
    cube: int = 1

    def voxels(self) -> Iterator[Voxel]:
        """Yield the voxels of the block."""
        for x in range(*self.x):
            for y in range(*self.y):
                if self._holds(x, y):
                    for z in range(*self.z):
                        yield x, y, z

    def _holds(self, x: int, y: int) -> bool:
        if not self.roundness:
            return True
        across = _off_middle(x, self.x, self.cube)
        along = _off_middle(y, self.y, self.cube)
        return math.pow(across, self.roundness) + math.pow(along, self.roundness) <= 1


def _off_middle(place: int, extent: tuple[int, int], cube: int) -> float:
    """Return how far the cube at this place is from the middle: 0 there, 1 at the ends."""
    start, end = extent
    middle_of_cube = start + (place - start) // cube * cube + cube / 2
    return abs(2 * middle_of_cube - start - end) / (end - start)


@dataclass(frozen=True)
class Side:
    """One face of one voxel."""

    voxel: Voxel
    face: Face


def visible(voxels: Iterable[Voxel]) -> dict[Triangle, Side]:
    """Return, for each triangle of the lattice, the side that is seen there."""
    nearest: dict[Triangle, tuple[int, Side]] = {}
    for x, y, z in voxels:
        depth = x + y + z
        for face in FACES:
            for a, b, half in TRIANGLES[face]:
                triangle = (x - z + a, y - z + b, half)
                if triangle not in nearest or nearest[triangle][0] < depth:
                    nearest[triangle] = (depth, Side((x, y, z), face))
    return {triangle: side for triangle, (_, side) in nearest.items()}


def corners(triangle: Triangle) -> tuple[Point, Point, Point]:
    """Return the three lattice points of a triangle, always turning the same way."""
    a, b, half = triangle
    if half:
        return (a, b), (a + 1, b), (a + 1, b + 1)
    return (a, b), (a + 1, b + 1), (a, b + 1)


def outlines(triangles: Iterable[Triangle]) -> list[list[Point]]:
    """Return the closed outlines of a set of triangles; holes turn the other way."""
    edges: set[tuple[Point, Point]] = set()
    for triangle in triangles:
        p, q, r = corners(triangle)
        for start, end in ((p, q), (q, r), (r, p)):
            if (end, start) in edges:
                edges.remove((end, start))
            else:
                edges.add((start, end))
    following: dict[Point, list[Point]] = {}
    for start, end in sorted(edges, reverse=True):
        following.setdefault(start, []).append(end)
    found = []
    for start in sorted(following):
        while following[start]:
            found.append(_walk(start, following))
    return found


def _walk(start: Point, following: dict[Point, list[Point]]) -> list[Point]:
    outline = [start]
    while (point := following[outline[-1]].pop()) != start:
        outline.append(point)
    return outline


def straight(outline: list[Point]) -> list[Point]:
    """Leave out the points at which an outline of short steps does not turn."""
    kept: list[Point] = []
    for before, point, after in zip(outline[-1:] + outline, outline, outline[1:] + outline[:1], strict=False):
        way, next_way = _step(before, point), _step(point, after)
        if way != next_way:
            kept.append(point)
    return kept


def _step(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]
