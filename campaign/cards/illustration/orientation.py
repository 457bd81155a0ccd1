"""Whether a picture is landscape or portrait, read from the head of its file without a drawing library."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from xml.parsers import expat

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import JPEG, PDF, PNG, SVG, WEBP, kind_of
from campaign.cards.illustration.svg_limits import as_utf8

_Size = tuple[float, float]

LONGEST = 16 * 1024 * 1024  # bytes of a file that are looked at; what is told stands before them
MOST_LONG = 4  # times as long as wide: of the pictures that the page shows of a campaign's own
MOST_STREAMS, LONGEST_STREAM = 200, 1024 * 1024  # of a PDF's objects, unpacked

_UNITS = {"": 1, "px": 1, "pt": 96 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_BOX = re.compile(rb"/(CropBox|MediaBox)\s*\[\s*" + rb"\s+".join([rb"([-+\d.]+)"] * 4) + rb"\s*\]")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b.{0,200}?stream\r?\n", re.DOTALL)
_ORIENTATION_XMP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')
_SIDEWAYS = frozenset(range(5, 9))  # turned by a quarter, as EXIF counts
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # a JPEG's segments that tell its size


def lies(picture: Path) -> bool:
    """Tell whether a picture is wider than high; one that cannot be read counts as portrait."""
    try:
        with picture.open("rb") as file:
            size = size_of(file.read(LONGEST))
    except OSError:
        return False
    return size is not None and size[0] > size[1]


def size_of(data: bytes) -> _Size | None:
    """Return a picture's width and height when it is upright, in any unit; None where they are hidden."""
    read = {SVG: _svg, PDF: _pdf, PNG: _png, JPEG: _jpeg, WEBP: _webp}.get(kind_of(data) or "")
    try:
        return read(data) if read else None
    except (LookupError, ValueError, expat.ExpatError, PictureFault):  # broken: whoever opens it says so
        return None


def _upright(size: _Size, orientation: int, data: bytes) -> _Size:
    if orientation == 0:
        found = _ORIENTATION_XMP.search(data)
        orientation = int(found[1]) if found else 1
    return size[::-1] if orientation in _SIDEWAYS else size


def _png(data: bytes) -> _Size:
    chunks = dict(_png_chunks(data))
    size = _number(chunks[b"IHDR"][:4]), _number(chunks[b"IHDR"][4:8])
    return _upright(size, _orientation(chunks.get(b"eXIf", b"")), data)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        length, name = _number(data[at : at + 4]), data[at + 4 : at + 8]
        yield name, data[at + 8 : at + 8 + (length if name in {b"IHDR", b"eXIf"} else 0)]
        at += length + 12


def _jpeg(data: bytes) -> _Size | None:
    at, orientation = 2, 0
    while data[at] == 0xFF:
        kind, length = data[at + 1], _number(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        if kind == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = orientation or _orientation(body[6:])
        if kind in _FRAMES:
            size = _number(body[3:5]), _number(body[1:3])
            return _upright(size, orientation, data[:at])
        at += 1 if kind == 0xFF else 2 + length
    return None


def _webp(data: bytes) -> _Size | None:
    """Source: https://developers.google.com/speed/webp/docs/riff_container"""
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8 ":
        return float(_number(body[6:8], "little") & 0x3FFF), float(_number(body[8:10], "little") & 0x3FFF)
    if kind == b"VP8L":
        bits = _number(body[1:5], "little")
        return float((bits & 0x3FFF) + 1), float((bits >> 14 & 0x3FFF) + 1)
    size = float(_number(body[4:7], "little") + 1), float(_number(body[7:10], "little") + 1)
    return _upright(size, _orientation(_webp_exif(data)), data)


def _webp_exif(data: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        length = _number(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"EXIF":
            return data[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0")
        at += 8 + length + length % 2
    return b""


def _orientation(exif: bytes) -> int:
    """Read how a camera was held, 1 to 8, from the first directory of a TIFF; 0 where it does not say."""
    order = "little" if exif[:2] == b"II" else "big"
    start = _number(exif[4:8], order)
    for entry in range(_number(exif[start : start + 2], order)):
        at = start + 2 + 12 * entry
        if at + 12 > len(exif):
            break
        if _number(exif[at : at + 2], order) == 0x0112:
            return _number(exif[at + 8 : at + 10], order)
    return 0


def _number(data: bytes, order: str = "big") -> int:
    return int.from_bytes(data, order)  # type: ignore[arg-type]


def _svg(data: bytes) -> _Size | None:
    attributes = _root(as_utf8(data))
    wide, high = (_length(attributes.get(name, "")) for name in ("width", "height"))
    if wide and high:
        return wide, high
    box = [float(part) for part in re.split(r"[\s,]+", attributes.get("viewBox", "").strip()) if part]
    return (box[2], box[3]) if len(box) == 4 else None


def _root(data: bytes) -> dict[str, str]:
    """Return the attributes of a document's first element."""
    seen: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def begin(_: str, attributes: dict[str, str]) -> None:
        seen.append(attributes)
        parser.StartElementHandler = None

    parser.StartElementHandler = begin
    for at in range(0, len(data), 4096):
        parser.Parse(data[at : at + 4096])
        if seen:
            break
    return seen[0] if seen else {}


def _length(written: str) -> float:
    """Read a length; 0 where it is a share of something else."""
    found = _LENGTH.fullmatch(written)
    return float(found[1]) * _UNITS.get(found[2].lower(), 0) if found else 0


def _pdf(data: bytes) -> _Size | None:
    """Return the box of the only page: the crop box if there is one, and the last of several versions."""
    boxes = {name: numbers for part in (data, *_packed(data)) for name, *numbers in _BOX.findall(part)}
    box = boxes.get(b"CropBox") or boxes.get(b"MediaBox")
    if box is None:
        return None
    left, bottom, right, top = map(float, box)
    return abs(right - left), abs(top - bottom)


def _packed(data: bytes) -> Iterator[bytes]:
    """Unpack the objects that newer PDFs keep together in streams."""
    for found in islice(_OBJECTS.finditer(data), MOST_STREAMS):
        with suppress(zlib.error):  # they need not be compressed
            yield zlib.decompressobj().decompress(data[found.end() :], LONGEST_STREAM)
