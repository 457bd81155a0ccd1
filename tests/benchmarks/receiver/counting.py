"""What a post costs, in a process that posts in itself: the difference of two sizes, here and before.

    python -m tests.benchmarks.receiver instructions

Before is the commit that the work on speed began from, with the packages of its own requirements. No other
program changes instructions, so they are judged on a busy machine too; CPU time stands beside them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign import ROOT
from tests.benchmarks import peers
from tests.benchmarks.instructions import MILLION, NotInstalled, instructions
from tests.benchmarks.press import corpus
from tests.benchmarks.process import run
from tests.benchmarks.receiver.load import filled
from tests.benchmarks.table import Row, at_most, only

FEW, MANY = 60, 460
LONG = 1800  # for time, which varies
SCRIPT = Path(__file__).with_name("posting.py")
ROADS = {"json": "by the page's script, its details sealed here", "page": "without script"}
BEFORE = "6b2a6d6"
GOAL = 0.7


@dataclass(frozen=True)
class Tree:
    """A checkout, and the Python that runs it."""

    folder: Path
    python: str | Path

    def instructions(self, posts: Path, road: str) -> float:
        """Count those of a post."""
        few, many = (
            instructions(self._command(posts, count, road), PYTHONPATH=str(self.folder))
            for count in (FEW, MANY)
        )
        return (many - few) / (MANY - FEW)

    def milliseconds(self, posts: Path, road: str) -> float:
        """Measure those of CPU that a post takes."""
        few, many = (
            run(self._command(posts, count, road), PYTHONPATH=str(self.folder)).cpu for count in (FEW, LONG)
        )
        return (many - few) / (LONG - FEW) * 1e3

    def _command(self, posts: Path, count: int, road: str) -> list[str | Path]:
        return [self.python, SCRIPT, posts, str(count), road]


def rows(rounds: int) -> Iterator[Row]:
    """Count and time a post of each kind here, and over that of the commit before."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        counted, timed = (_posts(folder / f"{count}.json", count) for count in (MANY, LONG))
        now, before = Tree(ROOT, sys.executable), _before(folder / "before")
        for road, what in ROADS.items():
            yield from _instructions(counted, road, what, now, before)
            yield from _time(timed, road, now, before, rounds)
        if before is None:
            yield only(f"the same over that of {BEFORE}", "its commit is not in this clone's history")


def _posts(file: Path, count: int) -> Path:
    file.write_text(json.dumps([filled(one) for one in islice(corpus.messages(count), count)]))
    return file


def _instructions(posts: Path, road: str, what: str, now: Tree, before: Tree | None) -> Iterator[Row]:
    try:
        counted = now.instructions(posts, road)
    except NotInstalled as missing:
        yield only(f"a post {what}", str(missing))
        return
    yield only(f"a post {what}", f"{counted / MILLION:.2f} million instructions")
    if before:
        over = counted / before.instructions(posts, road)
        yield at_most(f"the same over that of {BEFORE}: instructions", GOAL, over, steady=True)


def _time(posts: Path, road: str, now: Tree, before: Tree | None, rounds: int) -> Iterator[Row]:
    trees = [now, before] if before else [now]
    turns = [[tree.milliseconds(posts, road) for tree in trees] for _ in range(rounds)]
    least = [min(times) for times in zip(*turns, strict=True)]
    yield only("the same, CPU", f"{least[0]:.2f} ms")
    if before:
        yield at_most(f"the same over that of {BEFORE}: CPU", GOAL, least[0] / least[1])


def _before(folder: Path) -> Tree | None:
    """Take the commit before out of the history, and install what it needs."""
    archive = ["git", "archive", "--format=tar", BEFORE]
    found = subprocess.run(archive, cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        return None
    with tarfile.open(fileobj=BytesIO(found.stdout)) as files:
        files.extractall(folder, filter="data")
    return Tree(folder, peers.python("before", folder / "requirements.txt"))
