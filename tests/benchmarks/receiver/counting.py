"""What a post costs in instructions, in a process that posts in itself: the difference of two sizes.

    python -m tests.benchmarks.receiver.counting [CHECKOUT [PACKAGES]]

With the folder of an older checkout, and of packages that it alone needs, both are counted and compared. No
other program changes instructions, so they are judged on a busy machine too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign import ROOT
from tests.benchmarks import table
from tests.benchmarks.instructions import MILLION, NotInstalled, instructions
from tests.benchmarks.press import corpus
from tests.benchmarks.receiver.load import filled
from tests.benchmarks.table import Row, at_most, only

FEW, MANY = 200, 600
SCRIPT = Path(__file__).with_name("posting.py")
ROADS = {"json": "by the page's script, its details sealed here", "page": "without script"}
GOAL = 0.7


def rows(older: Path | None = None, packages: str = "") -> Iterator[Row]:
    """Count a post of each kind here, and over that of an older checkout."""
    with TemporaryDirectory() as folder:
        posts = Path(folder) / "posts.json"
        posts.write_text(json.dumps([filled(one) for one in islice(corpus.messages(MANY), MANY)]))
        for road, what in ROADS.items():
            try:
                now = _each(posts, road, ROOT)
                before = _each(posts, road, older, packages) if older else None
            except NotInstalled as missing:
                yield only(what, str(missing))
                return
            yield only(f"a post {what}", f"{now / MILLION:.2f} million")
            if before:
                compared = at_most(
                    "the same over that of the older checkout", GOAL, now / before, steady=True
                )
                yield compared


def _each(posts: Path, road: str, checkout: Path, packages: str = "") -> float:
    found = [
        instructions([sys.executable, SCRIPT, posts, str(count), road], PYTHONPATH=f"{checkout}:{packages}")
        for count in (FEW, MANY)
    ]
    return (found[1] - found[0]) / (MANY - FEW)


if __name__ == "__main__":
    given = sys.argv[1:]
    table.show("A post in instructions", rows(*map(Path, given[:1]), *given[1:]))
