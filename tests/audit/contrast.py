"""Contrast of words that lie over a picture or a gradient: read from the screen, where axe is not certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TypedDict, cast

from PIL import Image
from playwright.sync_api import FloatRect, Page

from tests.support.window import window_of


class Text(TypedDict):
    """An element with words, as it is drawn: its letters' size in CSS pixels and their colour in sRGB."""

    selector: str
    size: float
    colour: list[float]


LARGE = 24  # CSS pixels from which on text is large (WCAG 1.4.3)
DRESS = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
EDGE = 4  # CSS pixels
UNWRITTEN = "*, ::marker, ::before { color: transparent !important; text-decoration: none !important; }"
# What is in a closed fold has no ground: axe lays it over whatever follows.
TEXTS = """(selectors) => selectors
  .map((selector) => [selector, document.querySelector(selector)])
  .filter(([, node]) => node.checkVisibility())
  .map(([selector, node]) => {
    const { fontSize, color } = getComputedStyle(node);
    return { selector, size: parseFloat(fontSize), colour: color.match(/[\\d.]+/g).slice(0, 3).map(Number) };
  })"""
# The first is brought into the window and has a box whatever covers it; so have those that stand free there.
BOXES = """(selectors) => {
  const nodes = selectors.map((selector) => document.querySelector(selector));
  nodes[0].scrollIntoView({ block: "center", behavior: "instant" });
  const edges = [[0, 0], [1, 0], [0.5, 0.5], [0, 1], [1, 1]];
  return nodes.map((node, n) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    const edge = Math.min(4, width / 4, height / 4); // as EDGE: where two cells meet either may be hit
    const free = edges.every(([right, down]) => {
      const top = document.elementFromPoint(
        x + edge + (width - 2 * edge) * right, y + edge + (height - 2 * edge) * down);
      return top && (node.contains(top) || top.contains(node));
    });
    const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
    const [right, bottom] = [Math.min(x + width, innerWidth), Math.min(y + height, innerHeight)];
    return n === 0 || free ? { x: left, y: top, width: right - left, height: bottom - top } : null;
  });
}"""
ROOM = 0.002  # of the pixels behind a text that may fall short: single stars and edges


def too_little(page: Page, selectors: list[str]) -> list[str]:
    """Say which elements' texts miss WCAG 1.4.3 against what lies behind them, and by how much.

    A picture of the window tells of all that stand in it and are covered by nothing.
    """
    waiting: list[Text] = page.evaluate(TEXTS, selectors)
    told = []
    with dressed(page, UNWRITTEN):
        while waiting:
            boxes: list[FloatRect | None] = page.evaluate(BOXES, [text["selector"] for text in waiting])
            window = window_of(page, "css")
            for text, box in zip(waiting, boxes, strict=True):
                told += [_fault(text, window.crop(_inside(box)))] if box else []
            waiting = [text for text, box in zip(waiting, boxes, strict=True) if not box]
    return [fault for fault in told if fault]


def _fault(text: Text, ground: Image.Image) -> str:
    letters = _luminance(text["colour"])
    needed = 3.0 if text["size"] >= LARGE else 4.5
    area = ground.width * ground.height
    pixels = cast(list[tuple[int, tuple[int, ...]]], ground.getcolors(area) or [])
    share = sum(count for count, pixel in pixels if _contrast(letters, _luminance(pixel)) < needed) / area
    return f"{text['selector']}: {share:.1%} of its ground is below {needed}:1" if share > ROOM else ""


@contextmanager
def dressed(page: Page, css: str) -> Iterator[None]:
    """Lay a stylesheet over a page for a while, past its content policy."""
    page.evaluate(DRESS, css)
    yield
    page.evaluate("document.adoptedStyleSheets = []")


def _inside(box: FloatRect) -> tuple[int, int, int, int]:
    """Leave out an element's own border and outline; at least a pixel is left."""
    edge = min(EDGE, box["width"] / 4, box["height"] / 4)
    left, top = round(box["x"] + edge), round(box["y"] + edge)
    right, bottom = round(box["x"] + box["width"] - edge), round(box["y"] + box["height"] - edge)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _contrast(one: float, other: float) -> float:
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(pixel: Sequence[int]) -> float:
    red, green, blue = (_linear(value / 255) for value in pixel[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache  # a picture has a thousand colours, and their parts a few values each
def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
