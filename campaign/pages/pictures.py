"""The illustration as the page shows it: in several widths, kept between builds."""

from __future__ import annotations

import hashlib
import io
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import pymupdf
from PIL import Image, UnidentifiedImageError

from campaign.cards.illustration import painting, svg
from campaign.errors import CandleError

DRAWN = {".svg", ".pdf"}
DRAWN_WIDTH = 1440  # pixels; the pictures are scaled down from it, which softens the seams between polygons
MOST_HEIGHT = 4 * DRAWN_WIDTH
QUALITY = 82


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
    """One picture to make, in pixels; with a height, the picture stands whole in a field of that size."""

    kind: str
    width: int
    height: int = 0


WEBP = tuple(
    Recipe("webp", width) for width in (360, 540, 720, 1080)
)  # phones and desktops, 1 to 3 dots a pixel
PLAIN = Recipe("jpg", 720)  # for browsers without WebP
SHARE = Recipe("jpg", 1200, 630)  # what messengers and networks show beside a link
RECIPES = (*WEBP, PLAIN, SHARE)


@dataclass(frozen=True)
class PictureFile:
    """One picture file: its suffix without the dot, its size in pixels, its bytes."""

    kind: str
    width: int
    height: int
    body: bytes


@dataclass(frozen=True)
class Pictures:
    """The illustration for one page: WebP in rising widths, a JPEG, and a JPEG for links to the page."""

    webp: tuple[PictureFile, ...]
    plain: PictureFile
    share: PictureFile


def pictures(illustration: Path, kept: Path) -> Pictures:
    """Make the page's pictures of an SVG, PDF, PNG or JPEG, or take what an earlier build left in `kept`.

    Raises:
        PictureError: naming the file, when it holds no picture.
    """
    key = _key(illustration)
    files = {recipe: kept / f"{key}-{recipe.width}.{recipe.kind}" for recipe in RECIPES}
    missing = [recipe for recipe in RECIPES if not files[recipe].exists()]
    if missing:
        image = _opened(illustration)
        with ThreadPoolExecutor() as pool:
            for recipe, body in zip(missing, pool.map(lambda r: _made(image, r), missing), strict=True):
                _keep(files[recipe], body)
    *webp, plain, share = (_read(files[recipe], recipe.kind) for recipe in RECIPES)
    return Pictures(tuple(webp), plain, share)


def _key(illustration: Path) -> str:
    """Name what the pictures depend on: the drawing, the recipes, and the program that draws."""
    made_by = f"{RECIPES} {DRAWN_WIDTH} {QUALITY} {pymupdf.VersionBind} {painting.VERSION}"
    return hashlib.sha256(made_by.encode() + illustration.read_bytes()).hexdigest()[:16]


def _opened(file: Path) -> Image.Image:
    return _drawn(file) if file.suffix.lower() in DRAWN else _painted(file)


def _drawn(file: Path) -> Image.Image:
    """Draw as the press does: an SVG that it prints as dots is painted here too."""
    try:
        if file.suffix.lower() == ".svg" and svg.faults(data := file.read_bytes()):
            return _painted(io.BytesIO(painting.paint(data, DRAWN_WIDTH, MOST_HEIGHT)))
        with pymupdf.open(file) as document:
            page = document[0]
            scale = DRAWN_WIDTH / page.rect.width
            pixels = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    except _NO_PICTURE as error:
        raise PictureError(f"{file}: holds no picture: {error}; draw it again, or export it anew") from error
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def _painted(file: Path | io.BytesIO) -> Image.Image:
    try:
        with Image.open(file) as image:
            return image.convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise PictureError(f"{file}: holds no picture: {error}; export it anew as PNG or JPEG") from error


def _made(image: Image.Image, recipe: Recipe) -> bytes:
    made = _framed(image, recipe.width, recipe.height) if recipe.height else _scaled(image, recipe.width)
    body = io.BytesIO()
    if recipe.kind == "webp":
        made.save(body, "WEBP", quality=QUALITY, method=4)
    else:
        made.save(body, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return body.getvalue()


def _scaled(image: Image.Image, width: int) -> Image.Image:
    height = round(image.height * width / image.width)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)


def _framed(image: Image.Image, width: int, height: int) -> Image.Image:
    """Set the whole picture in the middle of a field of its own corner's colour."""
    field = Image.new("RGB", (width, height), image.getpixel((0, 0)))
    small = _scaled(image, round(image.width * min(width / image.width, height / image.height)))
    field.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return field


def _keep(file: Path, body: bytes) -> None:
    """Write whole or not at all: two builds may run at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as new:
        new.write(body)
    Path(new.name).replace(file)


def _read(file: Path, kind: str) -> PictureFile:
    body = file.read_bytes()
    with Image.open(io.BytesIO(body)) as image:
        return PictureFile(kind, *image.size, body)
