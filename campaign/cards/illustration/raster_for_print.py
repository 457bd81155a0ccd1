"""Raster pictures made ready for print: fine enough for the card, and no finer than any press shows."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from PIL import ImageChops

from campaign.cards.illustration.fault import Blank, PictureFault
from campaign.cards.illustration.file_kinds import PNG
from campaign.cards.illustration.raster_decoding import Decoder, as_jpeg

LEAST_DPI = 300
MOST_DPI = 600  # finer dots only make the file larger
MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Raster:
    """Dots ready for a PDF, in RGB; the filter by its name there."""

    width: int
    height: int
    filter: bytes
    data: bytes


def read(data: bytes, width: float, height: float) -> Raster:
    """Read a raster picture that is to fill a card of `width` by `height` mm.

    Raises:
        PictureFault: what is wrong, and the remedy.
    """
    picture = Decoder(data)
    # Fitted into the card, so the side that leaves no white decides.
    dpi = max(picture.width / width, picture.height / height) * MM_PER_INCH
    if round(dpi) < LEAST_DPI:
        raise PictureFault(
            f"has {picture.width} × {picture.height} dots: {dpi:.0f} dpi on a card of {width:g} × "
            f"{height:g} mm; {LEAST_DPI} are needed",
            f"save {_dots(width, LEAST_DPI)} × {_dots(height, LEAST_DPI)} dots, or an SVG",
        )
    share = min(1, MOST_DPI / dpi)
    image = picture.decode(round(picture.width * share), round(picture.height * share))
    if ImageChops.invert(image).getbbox() is None:
        raise Blank
    if picture.kind == PNG:
        return Raster(image.width, image.height, b"FlateDecode", zlib.compress(image.tobytes(), 6))
    return Raster(image.width, image.height, b"DCTDecode", as_jpeg(image))


def _dots(length: float, dpi: int) -> int:
    return round(length / MM_PER_INCH * dpi)
