"""What the press accepts prints as a browser shows it."""

from __future__ import annotations

import base64

import pymupdf
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from tests.cards.test_svg_features import FAITHFUL, drawing
from tests.support.window import window_of

SIDE = 400


def as_mupdf_prints_it(data: bytes) -> Image.Image:
    with pymupdf.open("pdf", pymupdf.open("svg", data).convert_to_pdf()) as document:
        page = document[0]
        shown = page.get_pixmap(matrix=pymupdf.Matrix(SIDE / page.rect.width, SIDE / page.rect.height))
        return Image.frombytes("RGB", (shown.width, shown.height), shown.samples).resize((SIDE, SIDE))


@pytest.mark.browser
def test_what_is_accepted_prints_as_a_browser_shows_it(chromium: Browser):
    page = chromium.new_page(viewport={"width": 100, "height": 100}, device_scale_factor=SIDE / 100)
    for name, inside in FAITHFUL.items():
        data = drawing(inside)
        source = "data:image/svg+xml;base64," + base64.b64encode(data).decode()
        page.set_content(f"<style>body{{margin:0}}</style><img src='{source}'>")
        page.wait_for_function("document.images[0].complete")
        drawn = window_of(page)
        other = ImageChops.difference(drawn, as_mupdf_prints_it(data)).convert("L")
        different = sum(other.histogram()[60:]) / SIDE**2
        assert different < 0.004, name  # edges are smoothed in two ways
    page.close()
