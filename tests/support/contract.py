"""docs/contract.md as data: its sections, the rows of its tables, its blocks of code."""

from __future__ import annotations

import re

from campaign import ROOT

FILE = "docs/contract.md"
AGREE = f"{FILE} and the program differ: mend the one that is wrong"
PAGE = (ROOT / FILE).read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")


def section(title: str) -> str:
    """Return what stands below a heading, up to the next one."""
    _, found, rest = PAGE.partition(f"\n## {title}\n")
    assert found, f"{FILE} has no section {title!r}"
    return rest.partition("\n## ")[0]


def rows(title: str, header: str) -> list[list[str]]:
    """Return the cells of each row of the section's table whose first column is called `header`."""
    _, found, rest = section(title).partition(f"\n| {header} |")
    assert found, f"{title!r} has no table of {header!r}"
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]


def codes(cell: str) -> list[str]:
    """Return what a cell shows in code."""
    return CODE.findall(cell)


def blocks(title: str, language: str) -> list[str]:
    """Return the section's blocks of code in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)
