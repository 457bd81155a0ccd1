"""What a picture in a PDF carries and no reader shows: taken out of what goes into the sheets."""

from __future__ import annotations

import re

import pymupdf

from campaign.cards.illustration.fault import PictureFault

# Of objects: who made them and when, the file they came from, notes for other programs, attachments.
_PRIVATE = (
    *("Metadata", "PieceInfo", "LastModified", "Usage", "OPI", "AF", "Thumb", "Alternates", "Measure"),
    *("StructParent", "StructParents", "PtData", "AA", "A", "JS"),
)
_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_APPLICATION = frozenset(range(0xE0, 0xF0)) - {0xEE}  # Adobe's says how the colours are stored
_COMMENT = 0xFE
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def scrub(document: pymupdf.Document, number: int) -> None:
    """Take out of one object whatever is not for drawing it."""
    for key in _PRIVATE:
        if document.xref_get_key(number, key)[0] != "null":
            document.xref_set_key(number, key, "null")


def stream(document: pymupdf.Document, number: int) -> bytes:
    """Return an object's data as stored; of a JPEG only what its pixels need.

    Raises:
        PictureFault: it is broken, or packed once more, so that what it carries cannot be seen.
    """
    data = bytes(document.xref_stream_raw(number))
    filters = re.findall(r"/(\w+)", document.xref_get_key(number, "Filter")[1])
    if _CLEANERS.keys().isdisjoint(filters):
        return data
    if len(filters) > 1:
        raise PictureFault("contains a picture packed twice", "save it as PNG, or export it again")
    return _CLEANERS[filters[0]](data)


def without_metadata(jpeg: bytes) -> bytes:
    """Copy a JPEG without camera, place, thumbnail, profile, comment, or anything behind its end."""
    kept, place = [jpeg[:2]], 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] != _END:
        marker = jpeg[place + 1]
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if marker == _SCAN:
            following = _NEXT_MARKER.search(jpeg, end)
            end = following.start() if following else len(jpeg)
        if marker not in _APPLICATION and marker != _COMMENT:
            kept.append(jpeg[place:end])
        place = end
    if jpeg[1:2] != bytes([_START]) or jpeg[place : place + 2] != bytes([0xFF, _END]):
        raise PictureFault("contains a broken JPEG", "put it in anew, and save it again")
    return b"".join((*kept, jpeg[place : place + 2]))


_BOXES = frozenset((b"jP  ", b"ftyp", b"jp2h", b"jp2c"))  # of JPEG 2000: sizes, colours and dots
_CODESTREAM, _CODE_COMMENT, _TILE = b"\xff\x4f", b"\xff\x64", b"\xff\x90"


def without_boxes(picture: bytes) -> bytes:
    """Copy a JPEG 2000 without its boxes of XML, of cameras, of programs, and without comments.

    Source: ITU-T T.800, annexes A and I.
    """
    if picture.startswith(_CODESTREAM):
        return _without_comments(picture)
    kept, place = [], 0
    while place + 8 <= len(picture):
        length, kind = int.from_bytes(picture[place : place + 4], "big"), picture[place + 4 : place + 8]
        begin = place + (16 if length == 1 else 8)
        length = int.from_bytes(picture[place + 8 : begin], "big") if length == 1 else length
        end = place + length if length else len(picture)
        if not begin <= end <= len(picture):
            raise PictureFault("contains a broken JPEG 2000", "save it as PNG")
        if kind in _BOXES:
            inside = picture[begin:end] if kind != b"jp2c" else _without_comments(picture[begin:end])
            kept.append((len(inside) + 8).to_bytes(4, "big") + kind + inside)
        place = end
    if place != len(picture):
        raise PictureFault("contains a broken JPEG 2000", "save it as PNG")
    return b"".join(kept)


def _without_comments(codestream: bytes) -> bytes:
    """Leave comments out of the main header, which ends where the first tile begins."""
    kept, place = [codestream[:2]], 2
    while (marker := codestream[place : place + 2]) != _TILE:
        end = place + 2 + int.from_bytes(codestream[place + 2 : place + 4], "big")
        if marker[:1] != b"\xff" or not place + 4 <= end <= len(codestream):
            raise PictureFault("contains a broken JPEG 2000", "save it as PNG")
        if marker != _CODE_COMMENT:
            kept.append(codestream[place:end])
        place = end
    return b"".join((*kept, codestream[place:]))


_CLEANERS = {"DCTDecode": without_metadata, "JPXDecode": without_boxes}
