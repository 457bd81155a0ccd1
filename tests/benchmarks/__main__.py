"""The tables of `make bench`.

    python -m tests.benchmarks [--quick] [commands] [press] [receiver]

Without a name all of them, and at the end all goals in one table; `python -m tests.benchmarks.receiver` takes
names of its parts too. Each is a package beside this module, whose `__main__` has a `main(quick=...)`, and is
measured by a process of its own: a process is born with the memory of the one that starts it.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks import table

TABLES = sorted(found.parent.name for found in Path(__file__).parent.glob("*/__main__.py"))


def main() -> None:
    """Print the tables that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], help=f"of {', '.join(TABLES)}")
    parser.add_argument("--quick", action="store_true", help="small and rough, to try a change")
    chosen = parser.parse_args()
    for name in chosen.tables or TABLES:
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            table.SHOWN += alone.submit(table.measured, name, quick=chosen.quick).result()
    table.goals()


if __name__ == "__main__":
    main()
