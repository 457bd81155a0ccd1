"""What axe finds on a page: WCAG 2.2 AA and its own best practices."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import axe_core_python
from playwright.sync_api import Page

from tests.audit.contrast import too_little

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules whose answer depends on the colours
# What passes is neither described nor brought over: that takes longer than all the rules. No rule of these
# reads the stylesheets' files, which axe would fetch once more.
RUN = """([type, values]) => axe
  .run({ runOnly: { type, values }, preload: false, resultTypes: ["violations", "incomplete"] })
  .then(({ violations, incomplete }) => ({ violations, incomplete }))"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def faults(page: Page, rules: tuple[str, list[str]] = ("tag", TAGS)) -> list[str]:
    """List what stands in somebody's way; where axe is not certain of a contrast, the screen is read."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, rules)
    listed = [
        f"{fault['id']}: {node['html']}"
        for fault in found["violations"]
        for node in fault["nodes"]
        if fault["id"] != "color-contrast" or is_seen(page, node["target"][0])
    ]
    unsure = {fault["id"]: fault["nodes"] for fault in found["incomplete"]}
    listed += too_little(page, [node["target"][0] for node in unsure.pop("color-contrast", [])])
    return listed + [f"unsure: {rule}: {node['html']}" for rule, nodes in unsure.items() for node in nodes]


def is_seen(page: Page, selector: str) -> bool:
    """Tell whether an element is drawn: axe lays what is in a closed fold over whatever follows it."""
    return bool(page.locator(selector).first.evaluate("(node) => node.checkVisibility()"))


def hold_to_wcag(page: Page) -> None:
    """Fail with what stands in somebody's way on the page as it is now, by day and by night.

    By night only the colours are others; test_everybody.py holds dark pages to all rules.
    """
    page.wait_for_load_state()  # a click is over once the next page begins to come
    day, night = SCHEMES
    page.emulate_media(color_scheme=day)
    assert faults(page) == [], day
    page.emulate_media(color_scheme=night)
    assert faults(page, ("rule", COLOURS)) == [], night
