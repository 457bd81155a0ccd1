"""A photograph rewritten without what the camera noted in it, such as the place: the same dots, upright.

What is published is always made anew (`web_picture`). This is for the editors' own file, which is handed
on with the rest of content/.
"""

from __future__ import annotations

import io
import re

from PIL import Image

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import JPEG, RASTERS, WEBP, kind_of
from campaign.cards.illustration.raster_decoding import Decoder, as_jpeg, as_png, opened

QUALITY = 95
# The table of the place, and its entries that are one: latitude, longitude, and the shown thing's.
_PLACE = 0x8825
_COORDINATES = frozenset((2, 4, 20, 22))
_PLACE_WORDS = (b"GPSLatitude", b"GPSLongitude")
# Of a JPEG: frame, tables, scan, the end; JFIF without a thumbnail, and how Adobe keeps colours.
_OF_DOTS = re.compile(
    rb"\xff(?:[\xc0-\xc2\xc4\xda\xdb\xdd]|\xe0\0\x10JFIF\0.{7}\0\0|\xee\0\x0eAdobe)", re.DOTALL
)
_BEHIND_A_SCAN = re.compile(rb"\xff[^\0\xd0-\xd7]", re.DOTALL)


def tells_place(data: bytes) -> bool:
    """Tell whether a picture says where it was taken; what cannot be opened is told elsewhere."""
    kind = kind_of(data)
    if kind not in RASTERS:
        return False
    try:
        image = opened(data, kind)
    except PictureFault:
        return False
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif") or b"")
        place = dict(exif.get_ifd(_PLACE))
    except Exception:  # a broken table tells nothing; Pillow meets it with errors of many kinds
        place = {}
    words = b"".join(_bytes(value) for key, value in image.info.items() if "xmp" in str(key).lower())
    return bool(_COORDINATES & place.keys()) or any(word in words for word in _PLACE_WORDS)


def bare(data: bytes) -> bytes:
    """Return the same picture without what its camera noted; a drawing stays as it is.

    Raises:
        PictureFault: it cannot be shown as it looks.
    """
    if kind_of(data) not in RASTERS:
        return data
    decoder = Decoder(data)
    dots = decoder.decode(decoder.width, decoder.height, flat=False)
    if decoder.kind == JPEG:
        return data if _holds_dots_alone(data) else as_jpeg(dots)  # written twice it would lose and grow
    if decoder.kind == WEBP:
        out = io.BytesIO()
        dots.save(out, "WEBP", quality=QUALITY, method=4)
        return out.getvalue()
    return as_png(dots)


def _holds_dots_alone(data: bytes) -> bool:
    """Tell whether a JPEG has no part but those that its dots are made of, so nothing is noted in it."""
    at = 2
    while part := _OF_DOTS.match(data, at):
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
        if part[0] == b"\xff\xda":
            after = _BEHIND_A_SCAN.search(data, at)
            at = after.start() if after else len(data)
    return data[at:] == b"\xff\xd9"


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
