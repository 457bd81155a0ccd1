"""What axe finds on a page: WCAG 2.2 AA and its own best practices."""

from __future__ import annotations

from pathlib import Path

import axe_core_python
from playwright.sync_api import Page

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def hold_to_wcag(page: Page) -> None:
    """Fail with what stands in somebody's way on the page as it is now."""
    page.evaluate(AXE)
    found = page.evaluate("(values) => axe.run({ runOnly: { type: 'tag', values } })", TAGS)
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []
    unsure = {fault["id"] for fault in found["incomplete"]}
    assert unsure <= {"color-contrast"}  # of what lies over a picture, which axe cannot see through
