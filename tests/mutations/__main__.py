"""Try the committed mutants on the tests of their lines, a slice at a time.

    python -m tests.mutations [--minutes 10]   go on where the last slice ended
    python -m tests.mutations --survivors      try again those that lived, with the tests as they are now
    python -m tests.mutations --afresh         forget the copy, the lines of the tests and all results
    python -m tests.mutations --choose         fill the list up where the program has changed
    python -m tests.mutations --report         print also each that lives, in the form of docs/mutations.md

Everything happens in a copy of the tree in `_build/mutations/`.
"""

from __future__ import annotations

import argparse
import shutil
import time

from tests.mutations import chosen, report, running, slices


def main() -> None:
    """Do what is asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("--minutes", type=float, default=10, help="end the slice after so long")
    for name in ("survivors", "afresh", "choose", "report"):
        parser.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    if asked.choose:
        chosen.write(chosen.choose(running.ROOT))
    elif not asked.report:
        if asked.afresh:
            shutil.rmtree(running.HERE, ignore_errors=True)
        slices.go_on(time.monotonic() + asked.minutes * 60, survivors=asked.survivors)
    report.tell(tables=asked.report)


if __name__ == "__main__":
    main()
