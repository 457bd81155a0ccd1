"""What a picture in a PDF carries and no reader shows: taken out of what goes into the sheets."""

from __future__ import annotations

import re

import pymupdf

from campaign.cards.illustration.fault import PictureFault

# Of objects: who made them and when, the file they came from, notes for other programs, attachments.
_PRIVATE = (
    *("Metadata", "PieceInfo", "LastModified", "Usage", "OPI", "AF", "Thumb", "Alternates", "Measure"),
    *("StructParent", "StructParents", "PtData"),
)
_ACTIONS = ("AA", "A", "JS")
_JPEG = b"\xff\xd8\xff"
_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_APPLICATION = frozenset(range(0xE0, 0xF0)) - {0xEE}  # Adobe's says how the colours are stored
_COMMENT = 0xFE
_ELSEWHERE = re.compile(r"(\d+) \d+ R")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def scrub(document: pymupdf.Document, number: int) -> None:
    """Take out of one object whatever is not for drawing it; in a list of names A is a glyph or a form."""
    named = document.xref_is_stream(number) or {"Type", "Subtype", "S"} & set(document.xref_get_keys(number))
    for key in (*_PRIVATE, *(_ACTIONS if named else ())):
        if document.xref_get_key(number, key)[0] != "null":
            document.xref_set_key(number, key, "null")
    if document.xref_get_key(number, "Type")[1] == "/OCG":
        document.xref_set_key(number, "Name", "()")  # a layer's, as somebody called it


def stream(document: pymupdf.Document, number: int) -> bytes:
    """Return an object's data as stored; of a JPEG only what its pixels need.

    Raises:
        PictureFault: it is broken, or packed once more, so that what it carries cannot be seen.
    """
    data = bytes(document.xref_stream_raw(number))
    named = document.xref_get_key(number, "Filter")[1]
    for _ in range(2):  # a list may stand in an object of its own, and each of its names too
        named = _ELSEWHERE.sub(lambda found: document.xref_object(int(found[1])), named)
    filters = re.findall(r"/(\w+)", named)
    if "JPXDecode" in filters:  # sheets are PDF/A-1, which knows none
        raise PictureFault("contains a picture in JPEG 2000", "save it with PNG or JPEG in its place")
    out_of_sight = named != "null" and not filters and data.startswith(_JPEG)  # behind further references
    if not out_of_sight and not {"DCTDecode", "DCT"} & set(filters):
        return data
    if len(filters) > 1:
        raise PictureFault("contains a picture packed twice", "save it as PNG, or export it again")
    return without_metadata(data)


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
