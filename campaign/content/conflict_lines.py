"""Lines that another program left in a text: Git's marks of a conflict, and front matter."""

from __future__ import annotations

import re

from campaign.content.editors_file import Source

CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")
FRONT = frozenset(("---", "+++", ";;;"))
CHOOSE = (
    "keep the lines that are right, and take out the others and the lines of <<<<<<<, ======= and >>>>>>>"
)


def found_in(source: Source) -> bool:
    """Note the first such line of a text, and tell whether there is one."""
    lines = [line.rstrip() for line in source.text.split("\n")]
    if fence := _front_matter(lines):
        fault = f"begins with front matter, between two lines of {lines[fence - 1]}"
        source.fault(fence, fault, "take it out; facts stand in campaign.toml")
        return True
    for number, line in enumerate(lines, start=1):
        if CONFLICT.match(line) and not _underlines_the_title(lines[:number]):
            source.fault(number, f'a mark of a conflict: "{line[:40]}"', CHOOSE)
            return True
    return False


def _front_matter(lines: list[str]) -> int:
    first = next((number for number, line in enumerate(lines, start=1) if line), 1)
    fence = lines[first - 1]
    return first if fence in FRONT and fence in lines[first:] else 0


def _underlines_the_title(lines: list[str]) -> bool:
    """Tell whether seven = make a heading of the first line of all."""
    written = [line for line in lines if line]
    return len(written) == 2 and written[1].startswith("=") and bool(lines[-2])
