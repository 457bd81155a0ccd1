"""The table of the small commands: `python -m tests.benchmarks commands`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.instructions import MILLION, instructions
from tests.benchmarks.table import Row, at_most, only, show

IMPORTS = ["-c", "import click, sqlalchemy"]
SMALL = (["--help"], ["messages", "mikita", "list"], ["batches", "mikita", "list"], ["check"])
GOAL = 2.0


def main(*, quick: bool = False) -> None:
    """Count what the small commands take beside the imports that they cannot do without."""
    with tempfile.TemporaryDirectory() as folder:
        show("Instructions, over importing click and SQLAlchemy", rows(Path(folder)))


def rows(folder: Path) -> Iterator[Row]:
    """Measure each on a migrated database, after a first run whose count stands beside it."""
    place = {
        "CANDLE_DATABASE_URL": f"sqlite:///{folder}/candle.sqlite",
        "CANDLE_BUILD_DIR": f"{folder}/_build",
    }
    bare = instructions([sys.executable, *IMPORTS])
    yield only("importing click and SQLAlchemy alone", f"{bare / MILLION:,.0f} million")
    for arguments in SMALL:
        command = [sys.executable, "build.py", *arguments]
        cold, warm = (instructions(command, **place) for _ in range(2))
        yield at_most(f"`build.py {' '.join(arguments)}`", GOAL, warm / bare)
        yield only("  the same for the first time", f"{cold / bare:.2f} times")
