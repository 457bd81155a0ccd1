"""Contrast of words that lie over a picture or a gradient: read from the screen, where axe is not certain."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page

LARGE = 24  # CSS pixels from which on text is large (WCAG 1.4.3)
DRESS = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
EDGE = 4  # CSS pixels
UNWRITTEN = "*, ::marker, ::before { color: transparent !important; text-decoration: none !important; }"
ROOM = 0.002  # of the pixels behind a text that may fall short: single stars and edges


def too_little(page: Page, selector: str) -> str:
    """Say by how much an element's text misses WCAG 1.4.3 against what lies behind it; "" when not."""
    element = page.locator(selector).first
    if not element.evaluate("(node) => node.checkVisibility()"):
        return ""  # in a closed fold, which axe takes for open
    size, colour = element.evaluate(
        "(node) => [parseFloat(getComputedStyle(node).fontSize), getComputedStyle(node).color]"
    )
    element.evaluate("(node) => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
    with dressed(page, UNWRITTEN):
        picture = Image.open(io.BytesIO(page.screenshot(clip=_inside(element))))
    text = _luminance(tuple(int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]))
    pixels = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    needed = 3.0 if size >= LARGE else 4.5
    short = sum(count for count, pixel in pixels if _contrast(text, _luminance(pixel)) < needed)
    share = short / (picture.width * picture.height)
    return f"{selector}: {share:.1%} of its ground is below {needed}:1" if share > ROOM else ""


@contextmanager
def dressed(page: Page, css: str) -> Iterator[None]:
    """Lay a stylesheet over a page for a while, past its content policy."""
    page.evaluate(DRESS, css)
    yield
    page.evaluate("document.adoptedStyleSheets = []")


def _inside(element: Locator) -> FloatRect:
    """Leave out an element's own border and outline."""
    box = element.bounding_box()
    assert box is not None
    edge = min(EDGE, box["width"] / 4, box["height"] / 4)
    return {
        "x": box["x"] + edge,
        "y": box["y"] + edge,
        "width": box["width"] - 2 * edge,
        "height": box["height"] - 2 * edge,
    }


def _contrast(one: float, other: float) -> float:
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(pixel: tuple[int, ...]) -> float:
    red, green, blue = (_linear(value / 255) for value in pixel[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
