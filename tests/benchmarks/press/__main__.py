"""The press's table.

    python -m tests.benchmarks.press [--quick]

Every figure is whole-process CPU time against that of another process of the same run.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks import table
from tests.benchmarks.press import corpus
from tests.benchmarks.process import run

MESSAGES, QUICK = 12_000, 1_000
RUNS = 5


def main(*, quick: bool) -> None:
    """Measure, and print the table."""
    count = QUICK if quick else MESSAGES
    with TemporaryDirectory() as folder:
        messages = Path(folder, "messages.jsonl")
        corpus.write(messages, count)
        table.show(f"The press, {count} messages", [_limit(messages)])


def _limit(messages: Path) -> table.Row:
    out = messages.with_name("out")
    ours = [sys.executable, "-m", "tests.benchmarks.press.ours", messages, out, "one"]
    limit = [sys.executable, "-m", "tests.benchmarks.press.limit", messages, out]
    pairs = [(run(ours).cpu, run(limit).cpu) for _ in range(RUNS)]
    return table.at_most("the physical limit", 3, median(a / b for a, b in pairs))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
