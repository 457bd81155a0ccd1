"""A photograph rewritten without what the camera noted in it, such as the place: the same dots, upright.

What is published is always made anew (`web_picture`). This is for the editors' own file, which is handed
on with the rest of content/.
"""

from __future__ import annotations

import io

from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngImageFile

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import JPEG, RASTERS, WEBP, kind_of
from campaign.cards.illustration.raster_decoding import Decoder, as_jpeg, as_png, opened

QUALITY = 95
# The table of the place, and its entries that are one: latitude, longitude, and the shown thing's.
_PLACE = 0x8825
_COORDINATES = frozenset((2, 4, 20, 22))
_PLACE_WORDS = (b"GPSLatitude", b"GPSLongitude")
# What a file says of its dots, and of nobody.
_OF_DOTS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression", "adobe"),
    *("adobe_transform", "icc_profile", "transparency", "gamma", "chromaticity", "srgb", "interlace"),
    *("aspect", "background", "loop", "duration", "timestamp", "default_image"),
}
_ENDS = (b"\xff\xd9", b"IEND\xaeB`\x82")
_SEGMENTS_OF_DOTS = {"APP0": b"JFIF", "APP2": b"ICC_PROFILE", "APP14": b"Adobe"}


def tells_place(data: bytes) -> bool:
    """Tell whether a picture says where it was taken; what cannot be opened is told elsewhere."""
    image = _head(data)
    if image is None:
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
    """Return the same picture without what its camera noted; one in which nothing is noted stays as it is.

    Raises:
        PictureFault: it cannot be shown as it looks.
    """
    image = _head(data)
    if image is None or not (_notes(image) or _goes_on(data)):
        return data
    decoder = Decoder(data)
    dots = decoder.decode(decoder.width, decoder.height, flat=False)
    if decoder.kind == JPEG:
        return as_jpeg(dots)
    if decoder.kind == WEBP:
        out = io.BytesIO()
        dots.save(out, "WEBP", quality=QUALITY, method=4)
        return out.getvalue()
    return as_png(dots)


def _head(data: bytes) -> ImageFile.ImageFile | None:
    """Open a raster picture; None for a drawing, and for what is no picture."""
    kind = kind_of(data)
    if kind not in RASTERS:
        return None
    try:
        return opened(data, kind)
    except PictureFault:
        return None


def _notes(image: ImageFile.ImageFile) -> bool:
    if isinstance(image, PngImageFile):
        try:
            image.load()  # words may stand behind the dots
        except Exception:  # as above; the decoder says what is broken
            return True
        if image.private_chunks:
            return True
    segments = getattr(image, "applist", [])
    return bool({str(key) for key in image.info} - _OF_DOTS) or any(
        name not in _SEGMENTS_OF_DOTS or not body.startswith(_SEGMENTS_OF_DOTS[name])
        for name, body in segments
    )


def _goes_on(data: bytes) -> bool:
    """Tell whether anything follows the picture's data: telephones append a film there, with its place."""
    if data.startswith(b"RIFF"):
        return len(data) > int.from_bytes(data[4:8], "little") + 9  # an odd length is filled up
    return not data.endswith(_ENDS)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
