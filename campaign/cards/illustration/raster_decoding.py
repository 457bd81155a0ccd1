"""Raster pictures decoded: upright, on white, in the screen's colours, and nothing else of the file.

Card and page both take this road, so they show the same. Where a camera stood, what it was, a thumbnail, a
second picture or a text inside the file goes no further than this.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Any, NoReturn

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import HEIC, HEIC_REMEDY, JPEG, PNG, RASTERS, WEBP, kind_of

MOST_BYTES = 64 * 1024 * 1024
MOST_PIXELS = 40_000_000  # four times a card at 600 dpi, and what a good camera gives
JPEG_QUALITY = 95  # of what goes to print

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset((5, 6, 7, 8))
_GAMMA, _NEAR = 1 / 2.2, 0.05  # of a screen, and what differs so little that nobody sees it
_SPREAD = {"L;2": 85, "L;4": 17}
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
)


class Decoder:
    """One picture file, opened and found to be within bounds; `width` and `height` are the upright ones.

    Raises:
        PictureFault: it is no PNG, JPEG or WebP that can be shown as it looks.
    """

    def __init__(self, data: bytes) -> None:
        self.kind = _kind(data)
        try:
            self._image = _image(data, self.kind)
            _check(self._image, self.kind)
            self._packed = str(self._image.tile[0].args) if self._image.tile else ""
            self._orientation = self._image.getexif().get(_ORIENTATION, 1)
        except _BROKEN as error:
            _refuse_broken(self.kind, error)
        size = self._image.size
        self.width, self.height = size[::-1] if self._orientation in _SIDEWAYS else size

    def decode(self, width: int, height: int, *, flat: bool = True) -> Image.Image:
        """Return its dots in RGB, made fewer until they fit into `width` by `height`; once for each decoder.

        Where it is not to be `flat`, what shines through goes on to do so, in RGBA.

        Raises:
            PictureFault: it is broken further down, or its colours cannot be converted.
        """
        share = min(1, width / self.width, height / self.height)
        size = (max(1, round(self.width * share)), max(1, round(self.height * share)))
        try:
            stored = size[::-1] if self._orientation in _SIDEWAYS else size
            self._image.draft(self._image.mode, stored)  # a JPEG is opened no larger than needed
            self._image.load()
            told = self._image.info
            image = _plain_mode(self._image, self._packed)
        except _BROKEN as error:
            _refuse_broken(self.kind, error)
        if self._orientation in _TURNS:
            image = image.transpose(_TURNS[self._orientation])
        if image.size != size:
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        profile = told.get("icc_profile")
        image = _in_srgb(image, profile) if profile else _of_gamma(image, told)
        if flat or image.mode != "RGBA":
            image = _on_white(image)
        image.info.clear()  # what is saved would take a comment, a text or a profile along
        return image


def as_jpeg(image: Image.Image) -> bytes:
    """Write dots as a JPEG for print: every dot keeps its own colour."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def as_png(image: Image.Image) -> bytes:
    """Write dots as a PNG."""
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _kind(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise PictureFault(f"has more than {MOST_BYTES >> 20} MB", "save it smaller")
    kind = kind_of(data)
    if kind is None or kind not in RASTERS:
        remedy = HEIC_REMEDY if kind == HEIC else "save it as PNG or JPEG"
        raise PictureFault(f"is a {kind} picture" if kind else "is no picture", remedy)
    return kind


def opened(data: bytes, kind: str) -> ImageFile.ImageFile:
    """Read a file's head alone.

    Raises:
        PictureFault: it is broken.
    """
    try:
        return _image(data, kind)
    except _BROKEN as error:
        _refuse_broken(kind, error)


def _image(data: bytes, kind: str) -> ImageFile.ImageFile:
    """Read a file's head; what `Image.open` would guess is known, and its size is looked at here."""
    file = io.BytesIO(data)
    if kind == JPEG:
        return JpegImagePlugin.jpeg_factory(file)  # the first picture, where there are two
    try:
        return {PNG: PngImagePlugin.PngImageFile, WEBP: WebPImagePlugin.WebPImageFile}[kind](file)
    except Image.DecompressionBombError as error:  # of a WebP, before its size could be looked at
        raise _too_many("too many") from error


def _check(image: ImageFile.ImageFile, kind: str) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many(f"{image.width} × {image.height}")
    if kind != JPEG and getattr(image, "n_frames", 1) > 1:
        raise PictureFault("moves, and a card does not", "save one picture of it as PNG")
    if image.mode in ("CMYK", "YCCK", "LAB"):
        raise PictureFault(f"is in {image.mode} colours, which screens show otherwise", "save it as RGB")


def _too_many(dots: str) -> PictureFault:
    return PictureFault(
        f"has {dots} dots, more than {MOST_PIXELS // 1_000_000} million", "save it with fewer dots"
    )


def _refuse_broken(kind: str, error: Exception) -> NoReturn:
    raise PictureFault(f"is a broken {kind} picture: {error}", "export it again") from error


def _plain_mode(image: Image.Image, packed: str) -> Image.Image:
    """Convert any way of storing pixels to 8 bits of grey or RGB, with or without transparency.

    How they were `packed` says how many bits there are to the colour that is named as transparent.
    """
    see_through = image.info.get("transparency")
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
        image.info["transparency"] = see_through
    if see_through is not None and image.mode in ("1", "L", "RGB"):
        image.info["transparency"] = _in_8_bits(see_through, packed)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or see_through is not None:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("L", "1") else "RGB")


def _in_8_bits(colour: int | tuple[int, ...], packed: str) -> int | tuple[int, ...]:
    """Name a colour as the pixels are, that were spread from fewer bits, or cut from 16."""
    if isinstance(colour, tuple):
        return tuple(part >> 8 if "16" in packed else part & 255 for part in colour)
    return colour >> 8 if "16" in packed else colour * _SPREAD.get(packed, 1) & 255


def _of_gamma(image: Image.Image, told: Mapping[str | tuple[int, int], Any]) -> Image.Image:
    """Convert dots of a PNG that names another gamma than the screen's, as a browser does."""
    gamma = told.get("gamma") or _GAMMA
    if "srgb" in told or abs(gamma / _GAMMA - 1) < _NEAR:
        return image
    light = [(value / 255) ** (1 / gamma) for value in range(256)]
    table = [round(255 * (12.92 * x if x < 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055)) for x in light]
    clear = list(range(256)) if image.mode == "RGBA" else []
    return image.point(table * (1 if image.mode == "L" else 3) + clear)


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert the colours of an embedded profile to those of the screen, as a browser does."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        grey = source.profile.xcolor_space.strip() == "GRAY"
        if grey and image.mode == "RGB":  # it is not this picture's
            return image
        opaque = image.convert("L" if grey else "RGB")
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(opaque, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError) as error:
        raise PictureFault("has a colour profile that cannot be read", "save it as sRGB") from error
    if converted is None:
        raise PictureFault("has a colour profile that cannot be read", "save it as sRGB")
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted


def _on_white(image: Image.Image) -> Image.Image:
    """Put what is transparent on white, as on paper."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
