"""Pictures made of dots: fine enough, upright, and in the colours of the screen."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

LEAST_DPI = 300
MOST_DPI = 600  # finer dots only make the file larger
MM_PER_INCH = 25.4
_MOST_PIXELS = 200_000_000  # a card at 600 dpi has 9 million


class RasterError(Exception):
    """A picture that would not print as it looks; `loading` names the file."""


@dataclass(frozen=True)
class Raster:
    """Dots ready for a PDF: colour space and filter by their names there."""

    width: int
    height: int
    space: bytes
    filter: bytes
    data: bytes


def read(data: bytes, width: float, height: float) -> Raster:
    """Read a PNG or JPEG that is to fill a card of `width` by `height` mm.

    Raises:
        RasterError: what is wrong, and the remedy.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise RasterError(f"has {image.width} × {image.height} dots; save it at {MOST_DPI} dpi")
            image.load()
            return _read(image, data, width, height)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise RasterError("cannot be read as PNG or JPEG; save it again") from error


def _read(image: Image.Image, data: bytes, width: float, height: float) -> Raster:
    if image.mode in ("CMYK", "YCCK", "LAB"):
        raise RasterError(f"is in {image.mode} colours, which screens show otherwise; save it as RGB")
    upright = ImageOps.exif_transpose(image)
    # Fitted into the card, so the side that leaves no white decides.
    dpi = max(upright.width / width, upright.height / height) * MM_PER_INCH
    if round(dpi) < LEAST_DPI:
        raise RasterError(
            f"has {upright.width} × {upright.height} dots: {dpi:.0f} dpi on a card of {width:g} × {height:g} "
            f"mm; {LEAST_DPI} are needed: save {_needed(width)} × {_needed(height)} dots, or an SVG"
        )
    whole = image.format == "JPEG" and image.mode in ("RGB", "L") and dpi <= MOST_DPI
    if whole and upright.size == image.size and not image.info.get("icc_profile") and not _rotated(image):
        space = b"DeviceRGB" if image.mode == "RGB" else b"DeviceGray"
        return Raster(image.width, image.height, space, b"DCTDecode", data)
    plain = _on_white(_in_srgb(upright))
    if dpi > MOST_DPI:
        share = MOST_DPI / dpi
        size = (round(plain.width * share), round(plain.height * share))
        plain = plain.resize(size, Image.Resampling.LANCZOS)
    return Raster(plain.width, plain.height, b"DeviceRGB", b"FlateDecode", zlib.compress(plain.tobytes(), 6))


def _needed(length: float) -> int:
    return round(length / MM_PER_INCH * LEAST_DPI)


def _rotated(image: Image.Image) -> bool:
    orientation = 0x0112
    return image.getexif().get(orientation, 1) != 1


def _in_srgb(image: Image.Image) -> Image.Image:
    """Convert the colours of an embedded profile to those of the screen, as a browser does."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
        opaque = image.convert("L" if image.mode in ("L", "LA", "1", "I;16") else "RGB")
        converted = ImageCms.profileToProfile(opaque, source, target, outputMode="RGB")
        if converted is None:
            raise RasterError("has a colour profile that cannot be read; save it as sRGB")
        if alpha:
            converted.putalpha(alpha)
        return converted
    except (ImageCms.PyCMSError, OSError) as error:
        raise RasterError("has a colour profile that cannot be read; save it as sRGB") from error


def _on_white(image: Image.Image) -> Image.Image:
    """Lay what shines through on white, as paper does."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")
