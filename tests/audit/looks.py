"""Checks of our own: what axe cannot see, measured in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.audit.contrast import dressed

SCRIPT = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
MOST_TABS = 80
# WCAG 1.4.12, text spacing; set as a reader's own stylesheet would.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""
SIZES = {"320 px": (320, 568), "phone": (390, 664), "landscape": (664, 390), "desktop": (1280, 900)}
ENLARGED = "html { font-size: 225% !important; }"  # 112.5 % is the page's own size


def ask(page: Page, check: str, *values: object) -> Any:
    return page.evaluate(f"(values) => {SCRIPT.strip().removesuffix(';')}.{check}(values)", list(values))


def markup(page: Page, language: str, direction: str) -> list[str]:
    """Language, direction, zoom, pictures, autocomplete, hints and errors tied to their fields."""
    found: list[str] = ask(page, "markup", language, direction)
    return found


def at_every_size(page: Page) -> Iterator[str]:
    """Reflow, 200 % text, text spacing, landscape: nothing cut off, nothing to scroll sideways."""
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        yield from (f"{name}: {fault}" for fault in _room(page))
    for size in ("desktop", "phone"):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        for name, css in {"200 % text": ENLARGED, "text spacing": SPACED}.items():
            with dressed(page, css):
                yield from (f"{name}, {size}: {fault}" for fault in _room(page))


def _room(page: Page) -> list[str]:
    return [*ask(page, "sideways"), *ask(page, "clipped")]


def by_eye(page: Page) -> Iterator[str]:
    """Targets, links, borders; edges in forced colours; nothing moves for who wants no motion."""
    for check in ("targets", "links", "borders"):
        yield from ask(page, check)
    page.emulate_media(forced_colors="active")
    yield from ask(page, "edges")
    page.emulate_media(forced_colors="none", reduced_motion="reduce")
    yield from ask(page, "moving")
    page.emulate_media(reduced_motion="no-preference")


def by_keyboard(page: Page) -> Iterator[str]:
    """From the page's top to its end with the tabulator: each stop is drawn and not covered."""
    page.evaluate("document.activeElement?.blur(); scrollTo({ top: 0, behavior: 'instant' })")
    page.emulate_media(reduced_motion="reduce")  # a page that still scrolls covers nothing yet
    stops: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = ask(page, "focused")
        if stop is None:
            break
        stops.append(stop["said"])
        yield from stop["faults"]
    else:
        yield "the keyboard never reaches the page's end"
    yield from ask(page, "covered")
    page.emulate_media(reduced_motion="no-preference")
