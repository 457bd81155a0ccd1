"""A text's picture rewritten for the page: no larger than it is shown, and with nothing but what is seen."""

from __future__ import annotations

import io
from pathlib import Path

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import SVG, kind_of
from campaign.cards.illustration.raster_decoding import Decoder, as_png
from campaign.cards.illustration.svg_cleaning import cleaned

WIDTH, HEIGHT = 1440, 2880  # pixels: the page's column on a screen of three dots a pixel
QUALITY = 85


def published(file: Path, suffix: str) -> bytes:
    """Rewrite a picture as the kind of `suffix`: .jpg, .png, .webp or .svg.

    Raises:
        PictureFault: it cannot be shown as it looks.
    """
    data = file.read_bytes()
    if suffix == ".svg":
        return cleaned(data)
    if kind_of(data) == SVG:
        raise PictureFault("is an SVG picture", f"name it {file.stem}.svg, in the text too")
    image = Decoder(data).decode(WIDTH, HEIGHT)
    if suffix == ".png":
        return as_png(image)
    out = io.BytesIO()
    if suffix == ".webp":
        image.save(out, "WEBP", quality=QUALITY, method=4)
    else:
        image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
