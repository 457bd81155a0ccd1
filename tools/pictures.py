"""Make the pictures that README and docs/ show: the page in a browser, a sheet and a card as printed.

    python -m tools.pictures [--output docs/pictures]

It needs Debian's chromium and takes a few seconds. Run it again when the page or the card has changed.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import sync_playwright

from campaign import ROOT, settings
from campaign.content.campaign import load_all
from campaign.pages.local_server import hosting
from campaign.pages.site import freeze
from campaign.press import sample_sheets

CHROMIUM = "/usr/bin/chromium"
DESK = (236, 231, 220)  # what the things lie on
MESSAGE = (
    "Dear Mikita, I built a lighthouse in Minecraft last night, on the highest hill that I could find. "
    "There is a lamp in every window. I thought of you the whole time.\n\nIt stays lit until you are home."
)


def screenshots(origin: str) -> dict[str, Image.Image]:
    """Photograph the first campaign's page: on a desktop, on a phone at night, and the form being filled."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, width, height, scheme in (
            ("desktop", 1280, 860, "light"),
            ("phone", 390, 844, "dark"),
            ("form", 1280, 900, "light"),
        ):
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=2, color_scheme=scheme
            )
            page = context.new_page()
            page.goto(f"{origin}/mikita/en/")
            if name == "form":
                page.fill("[name=message]", MESSAGE)
                page.fill("[name=first_name]", "Anna")
                page.locator("form.message-form").scroll_into_view_if_needed()
                page.evaluate(
                    "document.querySelector('#message').scrollIntoView({block: 'start'}); scrollBy(0, -150)"
                )
            page.wait_for_timeout(300)
            found[name] = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            context.close()
        browser.close()
    return found


def rendered(pdf: Path, page: int, dpi: int) -> Image.Image:
    """Render one page of a PDF."""
    with pymupdf.open(pdf) as document:
        pixels = document[page].get_pixmap(dpi=dpi)
        return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def laid_out(size: tuple[int, int], things: list[tuple[Image.Image, tuple[int, int], int]]) -> Image.Image:
    """Lay pictures on a desk, each (picture, upper left corner, width), with a soft shadow below."""
    desk = Image.new("RGB", size, DESK)
    for picture, corner, width in things:
        small = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
        shadow = Image.new("L", size, 0)
        right, bottom = corner[0] + small.width, corner[1] + small.height
        ImageDraw.Draw(shadow).rectangle((corner[0], corner[1] + 10, right, bottom + 14), fill=90)
        shadow = shadow.filter(ImageFilter.GaussianBlur(14))
        desk.paste((70, 60, 50), mask=shadow)
        desk.paste(small, corner)
    return desk


def main() -> None:
    """Make every picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "pictures")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    config = settings.load(environ={}, file=None)
    campaigns = load_all(config.content_dir)
    with tempfile.TemporaryDirectory() as folder:
        site, sample = Path(folder) / "site", Path(folder) / "sample.pdf"
        freeze(site, campaigns, config)
        sample_sheets.sample(campaigns["mikita"], sample)
        with hosting(site) as origin:
            shots = screenshots(origin)
        fronts, backs = rendered(sample, 0, 300), rendered(sample, 1, 300)
    laid_out((1600, 980), [(shots["desktop"], (60, 70), 1080), (shots["phone"], (1180, 110), 360)]).save(
        output / "page.webp", quality=86
    )
    laid_out((1600, 1000), [(shots["form"], (160, 50), 1280)]).save(output / "form.webp", quality=86)
    laid_out((1600, 1090), [(fronts, (90, 60), 680), (backs, (830, 60), 680)]).save(
        output / "sheet.webp", quality=86
    )


if __name__ == "__main__":
    main()
