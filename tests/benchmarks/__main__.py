"""The tables of `make bench`.

    python -m tests.benchmarks [--quick] [commands] [press] [receiver]

Without a name all of them, and at the end all goals in one table; `python -m tests.benchmarks.receiver` takes
names of its parts too. Each is a package beside this module, whose `__main__` has a `main(quick=...)`.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from tests.benchmarks.table import goals

TABLES = sorted(found.parent.name for found in Path(__file__).parent.glob("*/__main__.py"))


def main() -> None:
    """Print the tables that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], help=f"of {', '.join(TABLES)}")
    parser.add_argument("--quick", action="store_true", help="small and rough, to try a change")
    chosen = parser.parse_args()
    for table in chosen.tables or TABLES:
        import_module(f"tests.benchmarks.{table}.__main__").main(quick=chosen.quick)
    goals()


if __name__ == "__main__":
    main()
