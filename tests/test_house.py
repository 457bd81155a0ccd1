"""The house has few doors, and no stair that runs up: what a newcomer sees of it."""

from __future__ import annotations

import ast

import pytest

import build
from campaign import ROOT
from tests.test_structure import imports, modules, within

MOST_ENTRIES = {"campaign": 16, "receiver": 12}
LONGEST_FACE = 30  # lines
# From the ground up: each floor may need those before it, and rooms of one floor need none of each other.
FLOORS = {
    "campaign": [
        ["errors"],
        ["keys"],
        ["settings"],
        ["storage", "language", "cards"],
        ["accounts", "petition", "text"],
        ["content", "ledger"],
        ["messages"],
        ["press", "pages"],
        ["keeping"],
        ["doctor"],
    ],
    "receiver": [
        ["roles"],
        ["state"],
        ["services"],
        ["http"],
        ["supporters", "petition", "staff", "process"],
        ["app"],
        ["__main__"],
    ],
}


def rooms(package: str) -> dict[str, set[str]]:
    """Which rooms of a package each of them imports."""
    found: dict[str, set[str]] = {}
    for module in modules(package):
        room = module.relative_to(ROOT).with_suffix("").parts[1]
        if room != "__init__":
            needed = {name.split(".")[1] for name in within(imports(module), package) if "." in name}
            found.setdefault(room, set()).update(needed - {room})
    return {room: needed & found.keys() for room, needed in found.items()}


@pytest.mark.parametrize("package", FLOORS)
def test_no_arrow_runs_up_or_along_a_floor(package: str) -> None:
    floor = {room: number for number, floor in enumerate(FLOORS[package]) for room in floor}
    needs = rooms(package)
    assert needs.keys() == floor.keys()
    upwards = {
        (room, other) for room, needed in needs.items() for other in needed if floor[other] >= floor[room]
    }
    assert not upwards


@pytest.mark.parametrize(("package", "most"), MOST_ENTRIES.items())
def test_a_newcomer_takes_a_package_in_at_a_glance(package: str, most: int) -> None:
    """A folder of compiled files alone is what a room leaves behind that has moved."""
    files = [path.relative_to(ROOT / package) for path in (ROOT / package).rglob("*") if path.is_file()]
    entries = {path.parts[0] for path in files if "__pycache__" not in path.parts} - {"__init__.py"}
    assert len(entries) <= most, sorted(entries)


def test_each_command_is_in_the_module_of_its_name() -> None:
    modules = {path.stem for path in (ROOT / "commands").glob("*.py")} - {"__init__"}
    assert modules == {name.replace("-", "_") for name in build.NAMES}


def test_an_init_says_what_its_room_is_and_does_nothing() -> None:
    for package in ("campaign", "commands", "receiver"):
        for face in (ROOT / package).rglob("__init__.py"):
            tree = ast.parse(face.read_text(encoding="utf-8"))
            assert len(face.read_text(encoding="utf-8").splitlines()) < LONGEST_FACE, face
            allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign)
            assert all(isinstance(node, allowed) for node in tree.body), face
