"""The picture beside a shared link: the illustration and the page's title, set with the press's own type."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pymupdf
from PIL import Image, ImageOps

from campaign.cards import mupdf_lock
from campaign.cards.draw import Card, draw_back
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.content.campaign_toml import palettes

WIDTH, HEIGHT = 1200, 630  # pixels, as messengers and networks show it
PICTURE = 460  # pixels of the width
FADE = 120  # pixels
DPI = 144
SIZES = (44, 36, 30, 24, 18)  # points; the first in which the words fit
LARGE = 36  # points, from which on what stands below the title is not broken
INCH = 25.4  # millimetres


@dataclass(frozen=True)
class Words:
    """The page's title, and below it in italic what it asks for or whom it is about."""

    title: str
    below: str
    language: str
    direction: str


def draw(illustration: Image.Image, said: Words) -> Image.Image:
    """Set the words beside the illustration, on its own background; what no font draws is left out."""
    field = Image.new("RGB", (WIDTH, HEIGHT), _ground(illustration))
    fitted = ImageOps.fit(illustration, (PICTURE, HEIGHT), Image.Resampling.LANCZOS, centering=(0.5, 0.6))
    words = _mask(said, (WIDTH - PICTURE, HEIGHT))
    right = said.direction != "rtl"
    field.paste(fitted, (WIDTH - PICTURE if right else 0, 0), _melting(to_the_left=right))
    if words:
        field.paste(palettes.MOON, (0 if right else PICTURE, 0), words)
    return field


def _ground(illustration: Image.Image) -> str:
    """Use the picture's own background where the words can be read on it, else the night."""
    own = f"#{illustration.crop((0, 0, 1, 1)).convert('RGB').tobytes().hex()}"
    return own if palettes.contrast(palettes.MOON, own) >= palettes.ENOUGH else palettes.CANDLE.night


def _melting(*, to_the_left: bool) -> Image.Image:
    """Fade the picture into the background on the words' side."""
    slope = Image.linear_gradient("L").rotate(90 if to_the_left else -90).resize((FADE, HEIGHT))
    mask = Image.new("L", (PICTURE, HEIGHT), 255)
    mask.paste(slope, (0 if to_the_left else PICTURE - FADE, 0))
    return mask


def _mask(said: Words, room: tuple[int, int]) -> Image.Image | None:
    """Give the words as a mask of that many pixels, in the middle of the height."""
    width, height = (pixels / DPI * INCH for pixels in room)
    for size in SIZES:
        typesetter = Typesetter(width, height, size=size, leading=size * 1.2)
        try:
            setting = typesetter.set(said.title, said.below, said.language)
        except CannotSet:
            continue
        if size >= LARGE and _takes_lines(setting, typesetter):
            continue
        out = io.BytesIO()
        draw_back(out, Card([setting]), typesetter)
        return _middle(_dots(out.getvalue()), room)
    return None


def _takes_lines(setting: Setting, typesetter: Typesetter) -> bool:
    """Tell whether what is below the title would be broken, as a first name on a card seldom is."""
    below = setting.name.measured() if setting.name else None
    return below is not None and below.width(0, len(below.words)) > typesetter.measure


def _dots(pdf: bytes) -> Image.Image:
    with mupdf_lock.MUPDF, pymupdf.open("pdf", pdf) as document:
        pixels = document[0].get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
    return ImageOps.invert(Image.frombytes("L", (pixels.width, pixels.height), pixels.samples))


def _middle(drawn: Image.Image, room: tuple[int, int]) -> Image.Image:
    """Move what was drawn to the middle of the height; the margin at the side stays."""
    box = drawn.getbbox() or (0, 0, 1, 1)
    mask = Image.new("L", room)
    mask.paste(drawn.crop((0, box[1], drawn.width, box[3])), (0, (room[1] - (box[3] - box[1])) // 2))
    return mask
