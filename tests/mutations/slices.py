"""A slice: the lines of the tests, file by file, then mutants, until its time is over; all is kept."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path

import click

from tests.mutations import chosen, running
from tests.mutations.operators import Place
from tests.mutations.running import HERE, TREE, Run

FOLDERS = ("tests/text", "tests/messages", "tests/press", "tests/receiver")
# These start servers and presses as processes of their own, or send hundreds of requests: only for lines
# that no other test runs.
APART = ("apart", "contract", "contract_answers", "crashes", "every_route", "faults", "fuzz", "in_front")
APART += ("main", "printers", "slow_clients", "stopping", "two_receivers")
FIRST, MOST = (
    20,
    120,
)  # tests of a line that are tried: first a few, then those near it; some run in every test
LONGEST = 900.0  # seconds for one file of tests with its lines
PATIENCE = 60.0  # seconds more than eight times what the tests of a mutant took before it

RESULTS = HERE / "results.json"


def go_on(until: float, *, survivors: bool) -> None:
    """Do as much as there is time for."""
    HERE.mkdir(parents=True, exist_ok=True)
    if not TREE.exists():
        running.copy_tree()
    running.put_back()
    if survivors:
        for name in running.copy_tests():
            _kept(name).unlink(missing_ok=True)
    running.prepare()
    for name in _files():
        if not _kept(name).exists() and time.monotonic() < until:
            _measure(name)
    if all(_kept(name).exists() for name in _files()):
        _try_mutants(until, Tests(), survivors=survivors)


def _files() -> list[str]:
    found = (path for folder in FOLDERS for path in sorted((TREE / folder).rglob("test_*.py")))
    return [str(path.relative_to(TREE)) for path in found if path.stem.removeprefix("test_") not in APART]


def _measure(name: str) -> None:
    run = running.run([name], LONGEST, mapped=True)
    click.echo(
        f"{len(run.seconds)} tests in {sum(run.seconds.values()):.0f} s, {len(run.failed)} failed: {name}"
    )
    if not run.seconds:
        raise click.ClickException(f"{name}: no test ran; see {HERE / 'output.txt'}")
    _kept(name).write_text(json.dumps(vars(run)))


def _kept(name: str) -> Path:
    return HERE / f"lines-{name.replace('/', '-')}.json"


class Tests:
    """Which tests to try a mutant on."""

    def __init__(self) -> None:
        """Read what was measured."""
        self._lines: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        for name in _files():
            run = Run(**json.loads(_kept(name).read_text())) if _kept(name).exists() else Run()
            self.seconds |= {test: took for test, took in run.seconds.items() if test not in run.failed}
            for module, lines in run.lines.items():
                for line, tests in lines.items():
                    self._lines[module, int(line)] |= set(tests)

    def run(self, place: Place) -> set[str]:
        """Return the tests that run its lines."""
        return (
            set().union(*(self._lines[place.mutant.module, line] for line in place.lines))
            & self.seconds.keys()
        )

    def of(self, place: Place) -> list[list[str]]:
        """Return the tests of its lines in two lots: of its name, then of its room, then the quick ones."""
        module = place.mutant.module
        room, name = _room(module), f"/test_{Path(module).stem}.py::"
        found = self.run(place)
        if place.mutant.operator == "decorator":  # what it turns away never reaches the lines below it
            found |= {test for test in self.seconds if test.startswith(room)}
        ordered = sorted(found, key=lambda t: (name not in t, not t.startswith(room), self.seconds[t]))
        return [lot for lot in (ordered[:FIRST], ordered[FIRST:MOST]) if lot] or [_apart(module)]


def _room(module: str) -> str:
    return f"tests/{module.removeprefix('campaign/').rpartition('/')[0]}/"


def _apart(module: str) -> list[str]:
    """Return the tests in processes that have the module's name, else all of its part of the program."""
    top = TREE.joinpath(*Path(_room(module)).parts[:2])
    found = {path.stem[5:]: str(path.relative_to(TREE)) for path in sorted(top.rglob("test_*.py"))}
    name = Path(module).stem.strip("_")
    return [found[name]] if name in found else [found[name] for name in APART if name in found]


def read() -> dict[str, dict[str, str]]:
    """Return what is known of each mutant, by its name."""
    found: dict[str, dict[str, str]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return found


def _try_mutants(until: float, tests: Tests, *, survivors: bool) -> None:
    """Go by the draw, so that a part is a fair sample; what only tests in processes run comes last."""
    now = chosen.located((entry.mutant for entry in chosen.read()), chosen.all_places(TREE))
    results = read()
    again = {key for key, result in results.items() if survivors and result["ended"] == "survived"}
    todo = {
        chosen.key(entry.mutant): now.get(entry.mutant) for entry in chosen.read() if not entry.equivalent
    }
    places = {key: place for key, place in todo.items() if place and (key not in results or key in again)}
    for key, place in sorted(places.items(), key=lambda item: (not tests.run(item[1]), item[0])):
        if time.monotonic() > until:
            return
        results[key] = _tried(place, tests)
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1))
        mutant = place.mutant
        click.echo(
            " ".join(
                (results[key]["ended"], mutant.module, mutant.function, mutant.before, "→", mutant.after)
            )
        )


def _tried(place: Place, tests: Tests) -> dict[str, str]:
    number = 0
    with running.changed(place.mutant.module, place.applied((TREE / place.mutant.module).read_bytes())):
        for lot in tests.of(place):
            run = running.run(lot, PATIENCE + 8 * sum(tests.seconds.get(test, 10) for test in lot))
            number += len(run.seconds)
            if run.ended != "passed":
                by, why = next(iter(run.failed.items()), ("", "it took too long"))
                return {"ended": "caught", "by": by, "why": why}
    return {"ended": "survived", "tests": str(number)}
