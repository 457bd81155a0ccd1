"""Front matter, as other programs want it at the top of a text: between two lines of ---."""

from __future__ import annotations

from campaign.content.editors_file import Source

FENCES = frozenset(("---", "+++", ";;;"))


def found_in(source: Source) -> bool:
    """Note it, and tell whether a text has any."""
    lines = [line.rstrip() for line in source.text.split("\n")]
    first = next((number for number, line in enumerate(lines, start=1) if line), 1)
    fence = lines[first - 1]
    if fence not in FENCES or fence not in lines[first:]:
        return False
    remedy = "take it out; facts stand in campaign.toml"
    source.fault(first, f"begins with front matter, between two lines of {fence}", remedy)
    return True
