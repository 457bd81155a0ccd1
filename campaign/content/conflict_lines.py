"""Git's marks of a conflict in a text."""

from __future__ import annotations

import re

from campaign.content.editors_file import Source

CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")
CHOOSE = (
    "keep the lines that are right, and take out the others and the lines of <<<<<<<, ======= and >>>>>>>"
)


def found_in(source: Source) -> bool:
    """Note the first of a text, and tell whether there is one."""
    lines = [line.rstrip() for line in source.text.split("\n")]
    for number, line in enumerate(lines, start=1):
        if CONFLICT.match(line) and not _underlines_the_title(lines[:number]):
            source.fault(number, f'a mark of a conflict: "{line[:40]}"', CHOOSE)
            return True
    return False


def _underlines_the_title(lines: list[str]) -> bool:
    """Tell whether seven = make a heading of the first line of all."""
    written = [line for line in lines if line]
    return len(written) == 2 and written[1].startswith("=") and bool(lines[-2])
