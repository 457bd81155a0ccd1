"""How a picture will look wherever a campaign shows it, on one sheet to look at, before it is used."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from campaign.cards import mupdf_lock
from campaign.cards.dimensions import CardSize
from campaign.cards.draw import Card, draw_sheets
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.imposition import Imposition, SheetSize
from campaign.cards.type.typesetter import Typesetter
from campaign.content.campaign_toml.palettes import CANDLE
from campaign.pages import pictures, share_image

DPI = 300
PHONE = (780, 975)  # pixels: the hero of a telephone with two dots a pixel
ROOM = 60  # pixels around each picture
CAPTION = 34  # pixels
INK, GROUND = "#202020", "#e8e8e8"
ACROSS = ((0, 0), (0.15, 1), (0.85, 1), (1, 0))  # as the masks of .hero picture in page.css
DOWN = ((0, 0), (0.05, 1), (0.65, 1), (0.97, 0), (1, 0))


def draw(file: Path, card: CardSize, name: str = "") -> Image.Image:
    """Show a picture on the page, beside a link, on a card as it is printed, and there in grey.

    `name` is that of the person, where it is known.

    Raises:
        IllustrationError: no card can show it.
        PictureError: the page cannot.
    """
    shown = pictures.opened(file)
    printed = on_card(load_illustration(file, card), card)
    link = share_image.draw(
        shown, share_image.Words("The page's title stands here", f"Write to {name or '…'}", "en", "ltr")
    )
    size = f"{card.name}, {card.width:g} by {card.height:g} mm at {DPI} dpi"
    return _laid_out(
        (
            (("On the page, as a telephone shows it", on_page(shown)), ("Beside a shared link", link)),
            ((f"On the card: {size}", printed), ("Printed in grey", printed.convert("L").convert("RGB"))),
        )
    )


def on_page(picture: Image.Image) -> Image.Image:
    """Cut a picture as a telephone does, and let it melt into the night."""
    night = Image.new("RGB", PHONE, CANDLE.night)
    mask = ImageChops.multiply(
        _ramp(ACROSS, PHONE[0]).resize(PHONE), _ramp(DOWN, PHONE[1]).rotate(-90, expand=True).resize(PHONE)
    )
    night.paste(ImageOps.fit(picture, PHONE, Image.Resampling.LANCZOS), (0, 0), mask)
    return night


def _ramp(stops: tuple[tuple[float, float], ...], length: int) -> Image.Image:
    """Draw a line that goes from stop to stop, each a place and how much is seen there."""
    line = Image.new("L", (length, 1))
    for (left, seen), (right, then) in itertools.pairwise(stops):
        for x in range(round(left * length), min(length, round(right * length) + 1)):
            share = (x / length - left) / (right - left)
            line.putpixel((x, 0), max(0, min(255, round(255 * (seen + (then - seen) * share)))))
    return line


def on_card(picture: Illustration, card: CardSize) -> Image.Image:
    """Print one card and take its front off the sheet."""
    side = max(card.width, card.height)
    alone = Imposition.plan(card, SheetSize("one card", side, side))
    typesetter = Typesetter(card.width, card.height)
    out = io.BytesIO()
    draw_sheets(out, alone, picture, [Card([typesetter.set("A", "A", "en")])], typesetter=typesetter)
    left, bottom, right, top = alone.fronts[0].box.points()
    with mupdf_lock.MUPDF, pymupdf.open("pdf", out.getvalue()) as document:
        page = document[0]
        box = pymupdf.Rect(left, page.rect.height - top, right, page.rect.height - bottom)
        pixels = page.get_pixmap(dpi=DPI, clip=box, alpha=False)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def _laid_out(rows: tuple[tuple[tuple[str, Image.Image], ...], ...]) -> Image.Image:
    """Lay pictures in rows, each below its caption."""
    wide = [sum(picture.width + ROOM for _, picture in row) + ROOM for row in rows]
    high = [max(picture.height for _, picture in row) + CAPTION + ROOM for row in rows]
    sheet = Image.new("RGB", (max(wide), sum(high) + ROOM), GROUND)
    pen, letters = ImageDraw.Draw(sheet), ImageFont.load_default(CAPTION - 8)
    down = ROOM
    for row, height in zip(rows, high, strict=True):
        across = ROOM
        for caption, picture in row:
            pen.text((across, down), caption, INK, letters)
            sheet.paste(picture, (across, down + CAPTION))
            across += picture.width + ROOM
        down += height
    return sheet
