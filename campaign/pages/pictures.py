"""Pictures as the page shows them, the illustration in several widths; kept between builds."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

import PIL
import pymupdf
from PIL import Image, ImageOps

from campaign.cards.illustration import raster_decoding, svg_cleaning, svg_features, svg_painting, web_picture
from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import PDF, SVG, kind_of
from campaign.cards.illustration.orientation import MOST_LONG
from campaign.cards.illustration.raster_decoding import Decoder
from campaign.cards.illustration.svg_limits import bounded
from campaign.cards.illustration.web_picture import published
from campaign.cards.type import typesetter
from campaign.errors import CandleError
from campaign.pages import share_image
from campaign.storage.disk import replace_file

DRAWN_WIDTH = 1440  # pixels; the pictures are scaled down from it, which softens the seams between polygons
MOST_HEIGHT = MOST_LONG * DRAWN_WIDTH
QUALITY = 82
AVIF_QUALITY = 55
AS_JPEG = {"quality": QUALITY, "optimize": True, "progressive": True}
SIGN = 64  # pixels: a tab shows 16 to 32 of them, on screens of up to two dots each


_NO_PICTURE = (
    RuntimeError,
    pymupdf.mupdf.FzErrorBase,
    IndexError,
    ZeroDivisionError,
    ValueError,
    expat.ExpatError,
)


class PictureError(CandleError):
    """An illustration of which no picture can be made."""


@dataclass(frozen=True)
class Recipe:
    """One picture to make; the width is in pixels."""

    kind: str
    width: int


# Phones and desktops of 1 to 3 dots a pixel: 412 × 1.75 and 390 × 2 are just below 800.
WIDTHS = (360, 540, 800, 1080)
# WebP where AVIF is not known, and a JPEG for browsers without either.
RECIPES = (*(Recipe(kind, width) for kind in ("avif", "webp") for width in WIDTHS), Recipe("jpg", 720))


@dataclass(frozen=True)
class PictureFile:
    """One picture file: its suffix without the dot, its size in pixels, its bytes."""

    kind: str
    width: int
    height: int
    body: bytes


def pictures(illustration: Path, kept: Path) -> list[PictureFile]:
    """Make the pictures of `RECIPES` of the illustration, or take what an earlier build left in `kept`.

    Raises:
        PictureError: naming the file, when it holds no picture.
    """
    key = _key(illustration)
    files = {recipe: kept / f"{key}-{recipe.width}.{recipe.kind}" for recipe in RECIPES}
    missing = [recipe for recipe in RECIPES if not files[recipe].exists()]
    if missing:
        image = opened(illustration)
        with ThreadPoolExecutor() as pool:
            for recipe, body in zip(missing, pool.map(lambda r: _made(image, r), missing), strict=True):
                _keep(files[recipe], body)
    return [_read(files[recipe], recipe.kind) for recipe in RECIPES]


def shared_picture(illustration: Path, said: share_image.Words, kept: Path) -> PictureFile:
    """Draw what stands beside a link to the page, or take what an earlier build left in `kept`.

    Raises:
        PictureError: naming the file, when it holds no picture.
    """
    drawn_by = b"".join(Path(str(module.__file__)).read_bytes() for module in (share_image, typesetter))
    words = hashlib.sha256(drawn_by + repr(said).encode()).hexdigest()[:16]
    file = kept / f"{_key(illustration)}-{words}.jpg"
    if not file.exists():
        _keep(file, _saved(share_image.draw(opened(illustration), said), "JPEG", **AS_JPEG))
    return _read(file, "jpg")


def sign(file: Path, kept: Path) -> bytes:
    """Make the small picture in a browser's tab, or take what an earlier build left in `kept`.

    Raises:
        PictureError: naming the file, when it holds no picture.
    """
    copy = kept / f"{_key(file)}-sign.png"
    if not copy.exists():
        square = ImageOps.fit(opened(file), (SIGN, SIGN), Image.Resampling.LANCZOS)
        _keep(copy, _saved(square.quantize(64), "PNG", optimize=True))
    return copy.read_bytes()


def story_picture(file: Path, suffix: str, kept: Path) -> bytes:
    """Write a story's picture anew as the kind of `suffix`, or take what an earlier build left in `kept`.

    Raises:
        PictureError: naming the file, when it cannot be shown.
    """
    copy = kept / f"{_key(file)}{suffix}"
    if not copy.exists():
        try:
            _keep(copy, published(file, suffix))
        except PictureFault as fault:
            raise PictureError(f"{file}: {fault}") from fault
    return copy.read_bytes()


def _key(illustration: Path) -> str:
    """Name what the pictures depend on: the file, the recipes, and the programs that open and draw."""
    qualities = f"{RECIPES} {DRAWN_WIDTH} {QUALITY} {AVIF_QUALITY}"
    made_by = f"{qualities} {pymupdf.VersionBind} {svg_painting.VERSION} {PIL.__version__}"
    programs = (raster_decoding, svg_cleaning, web_picture, svg_features, svg_painting)
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in programs)
    return hashlib.sha256(made_by.encode() + code + illustration.read_bytes()).hexdigest()[:16]


def opened(file: Path) -> Image.Image:
    """Open or draw as the press does: what it refuses is refused here, and shown is what it prints."""
    data = file.read_bytes()
    kind = kind_of(data)
    try:
        if kind == SVG:
            image = _drawn_svg(bounded(data))
        elif kind == PDF:
            image = _rendered(data, "pdf")
        else:
            image = Decoder(data).decode(DRAWN_WIDTH, MOST_HEIGHT)
    except PictureFault as fault:
        raise PictureError(f"{file}: {fault}") from fault
    except _NO_PICTURE as error:
        raise PictureError(f"{file}: holds no picture: {error}; draw it again, or export it anew") from error
    if max(image.size) > MOST_LONG * min(image.size):
        raise PictureError(f"{file}: is a strip of {image.width} × {image.height}; cut out what matters")
    return image


def _drawn_svg(data: bytes) -> Image.Image:
    """Draw an SVG; one that the press prints as dots is painted here too."""
    if svg_features.faults(data):
        return Decoder(svg_painting.paint(data, DRAWN_WIDTH, MOST_HEIGHT)).decode(DRAWN_WIDTH, MOST_HEIGHT)
    return _rendered(data, "svg")


def _rendered(data: bytes, kind: str) -> Image.Image:
    with pymupdf.open(kind, data) as document:
        page = document[0]
        scale = min(DRAWN_WIDTH / page.rect.width, MOST_HEIGHT / page.rect.height)
        pixels = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def _made(image: Image.Image, recipe: Recipe) -> bytes:
    made = _scaled(image, recipe.width)
    if recipe.kind == "avif":
        return _saved(made, "AVIF", quality=AVIF_QUALITY, speed=6, max_threads=1)  # threads change the bytes
    if recipe.kind == "webp":
        return _saved(made, "WEBP", quality=QUALITY, method=4)
    return _saved(made, "JPEG", **AS_JPEG)


def _saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **how)
    return body.getvalue()


def _scaled(image: Image.Image, width: int) -> Image.Image:
    height = round(image.height * width / image.width)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)


def _keep(file: Path, body: bytes) -> None:
    """Write whole or not at all: two builds may run at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, body)


def _read(file: Path, kind: str) -> PictureFile:
    body = file.read_bytes()
    with Image.open(io.BytesIO(body)) as image:
        return PictureFile(kind, *image.size, body)
