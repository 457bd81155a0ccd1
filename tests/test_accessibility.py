"""docs/accessibility.md has a row for each criterion, and what it says holds one is there."""

from __future__ import annotations

import re

from campaign import ROOT
from tests.audit import checks, contrast, looks

PAGE = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
# Levels A and AA of https://www.w3.org/TR/WCAG22/, without 4.1.1, which it dropped.
CRITERIA = re.findall(
    r"\S+",
    """
1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5
1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13
2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.11
2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8
3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6 3.3.1 3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.2 4.1.3
    """,
)
ROW = re.compile(r"^\| (\d\.\d\.\d+) [^|]+\|([^|]+)\|([^|]+)\|$", re.MULTILINE)


def test_each_criterion_has_a_row_that_says_what_holds_it() -> None:
    rows = ROW.findall(PAGE)
    assert [number for number, _, _ in rows] == CRITERIA
    assert all(holds.strip() and held_by.strip() for _, holds, held_by in rows)


def test_what_a_row_names_is_there() -> None:
    checked = {name for module in (looks, checks, contrast) for name in vars(module)}
    checked |= set(re.findall(r"^    (\w+): \(", looks.SCRIPT, re.MULTILINE))
    tests = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    for _, _, held_by in ROW.findall(PAGE):
        for named in re.findall(r"`([^`]+)`", held_by):
            file, _, function = named.rpartition("/")[2].partition("::")
            if file.startswith("test_"):
                assert f"def {function}" in tests[file], named
            elif re.fullmatch(r"[a-z_]+", named):
                assert named in checked or f"`{named}`" in "`check`", named
