"""What is painted as dots looks as in a browser: on the card, and in the page's picture."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from campaign import ROOT
from campaign.cards.dimensions import SAFE_ZONE
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.illustration import svg_painting
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.imposition import imposition
from campaign.cards.type.typesetter import Typesetter
from campaign.pages import pictures
from tests.cards.test_svg_features import drawing
from tests.cards.test_svg_painting import PAINTED
from tests.support.window import window_of

SIDE = 400
CANDLE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 91 134">
<style>.wax{fill:url(#wax);stroke:#765;stroke-width:.5} .night{fill:url(#night)}</style>
<defs>
<linearGradient id="night" y2="1" x2="0"><stop offset="0" stop-color="#0b1026"/>
<stop offset="1" stop-color="#2b3a67"/></linearGradient>
<linearGradient id="wax"><stop offset="0" stop-color="#e8dcc0"/>
<stop offset="1" stop-color="#a58b5f"/></linearGradient>
<radialGradient id="glow"><stop offset="0" stop-color="#ffd27a" stop-opacity=".9"/>
<stop offset="1" stop-color="#ffd27a" stop-opacity="0"/></radialGradient>
<filter id="soft"><feGaussianBlur stdDeviation="1.2"/></filter>
<clipPath id="table"><rect y="104" width="91" height="30"/></clipPath>
<mask id="fade"><rect width="91" height="134" fill="url(#wax)"/></mask>
</defs>
<rect class="night" width="91" height="134"/>
<circle cx="45" cy="44" r="42" fill="url(#glow)"/>
<rect class="wax" x="37" y="56" width="17" height="60" rx="2"/>
<path d="M45.5 30C52 41 51 52 45.5 54 40 52 39 41 45.5 30Z" fill="#fff3c4" filter="url(#soft)"/>
<ellipse cx="45" cy="120" rx="60" ry="24" fill="#5b4632" clip-path="url(#table)" mask="url(#fade)"/>
</svg>"""


@pytest.fixture
def seen(chromium: Browser) -> Iterator[Callable[[bytes], Image.Image]]:
    """Show a drawing of 100 by 100 as Chromium does, in dots of `SIDE`."""
    page = chromium.new_page(viewport={"width": 100, "height": 100}, device_scale_factor=SIDE / 100)
    yield lambda data: shown(page, data, 100)
    page.close()


def shown(page: Page, data: bytes, width: int) -> Image.Image:
    """A drawing as Chromium shows it."""
    source = "data:image/svg+xml;base64," + base64.b64encode(data).decode()
    page.set_content(f"<style>body{{margin:0}}</style><img width={width} src='{source}'>")
    page.wait_for_function("document.images[0].complete")
    return window_of(page)


def seen_large(browser: Browser, data: bytes, scale: float) -> Image.Image:
    """A drawing of 91 by 134 as Chromium shows it."""
    page = browser.new_page(viewport={"width": 91, "height": 134}, device_scale_factor=scale)
    found = shown(page, data, 91)
    page.close()
    return found


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The mean difference of 255, and the share of dots that differ clearly."""
    found = ImageChops.difference(one, other.resize(one.size, Image.Resampling.LANCZOS)).convert("L")
    counts = found.histogram()
    return sum(i * n for i, n in enumerate(counts)) / sum(counts), sum(counts[40:]) / sum(counts)


@pytest.mark.browser
def test_what_is_painted_looks_as_in_a_browser(seen: Callable[[bytes], Image.Image]):
    for name, inside in PAINTED.items():
        data = drawing(inside)
        painted = Image.open(io.BytesIO(svg_painting.paint(data, SIDE, SIDE))).convert("RGB")
        mean, clear = difference(seen(data), painted)
        assert mean < 0.7, name
        assert clear < 0.004, name  # edges are smoothed in two ways


@pytest.mark.browser
def test_a_drawing_with_gradients_is_on_card_and_page_as_in_a_browser(chromium: Browser, tmp_path: Path):
    path = tmp_path / "illustration.svg"
    path.write_text(CANDLE)
    wanted = seen_large(chromium, CANDLE.encode(), 6)
    page = pictures._made(pictures.opened(path), pictures.Recipe("webp", 1080))
    for found in (_printed(path), Image.open(io.BytesIO(page)).convert("RGB")):
        mean, clear = difference(wanted, found)
        assert mean < 2  # WebP and scaling
        assert clear < 0.01


@pytest.mark.browser
def test_our_own_drawing_would_be_painted_as_it_is_printed(chromium: Browser):
    path = ROOT / "content/mikita/illustration.svg"
    painted = Image.open(io.BytesIO(svg_painting.paint(path.read_bytes(), 910, 1340))).convert("RGB")
    for found in (_printed(path), seen_large(chromium, path.read_bytes(), 10)):
        mean, clear = difference(painted.reduce(5), found)
        assert mean < 1
        assert clear < 0.005


def _printed(path: Path) -> Image.Image:
    """The front of a card inside its white frame."""
    out = io.BytesIO()
    card, plan = Typesetter(105, 148), imposition("A6", "A4")
    picture = load_illustration(path)
    draw_sheets(out, plan, picture, [Card([card.set("Hello", "Ann")])], typesetter=card)
    left, bottom, right, top = plan.fronts[0].box.grown(-SAFE_ZONE).points()
    with pymupdf.open("pdf", out.getvalue()) as document:
        height = document[0].rect.height
        clip = pymupdf.Rect(left, height - top, right, height - bottom)
        dots = document[0].get_pixmap(dpi=200, clip=clip)
        return Image.frombytes("RGB", (dots.width, dots.height), dots.samples)
