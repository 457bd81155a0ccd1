"""What a page looks like in a browser's window."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image
from playwright.sync_api import Error, Page

REFUSED = ("Unable to capture screenshot", "Timeout")
ATTEMPTS = 4
PATIENCE = 10_000  # milliseconds


def window_of(page: Page, scale: Literal["css", "device"] = "device") -> Image.Image:
    """Return what the window shows, in dots of the screen or of CSS.

    Chromium refuses now and then to draw a page that is just being replaced, or never answers, and draws it
    when asked again.
    """
    for attempt in range(ATTEMPTS):
        try:
            return Image.open(io.BytesIO(page.screenshot(scale=scale, timeout=PATIENCE))).convert("RGB")
        except Error as error:
            if not any(why in str(error) for why in REFUSED) or attempt == ATTEMPTS - 1:
                raise
            page.wait_for_timeout(200)
    raise AssertionError
