"""What kind of picture a file holds, told by its bytes: its name may say something else."""

from __future__ import annotations

from codecs import BOM_UTF8
from xml.parsers import expat

SVG, PDF, PNG, JPEG, WEBP = "SVG", "PDF", "PNG", "JPEG", "WebP"
RASTERS = frozenset((PNG, JPEG, WEBP))
HEIC = "HEIC"
# What telephones write. Another name makes it no other picture.
HEIC_ENDINGS = frozenset((".heic", ".heif"))
HEIC_REMEDY = (
    "export it as JPEG (on a Mac: Preview, File, Export; on Windows: Photos, Save as)"
    "; for the next ones, on an iPhone: Settings, Camera, Formats, Most Compatible"
)
TAKEN = frozenset((SVG, PDF, *RASTERS))

_FIRST_BYTES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"8BPS", "Photoshop"),
    (b"\x1f\x8b", "compressed"),
)
# A picture that a phone wrote has one of several others.
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"qt  ": "QuickTime"}
_BRANDS |= dict.fromkeys((b"isom", b"iso2", b"mp41", b"mp42", b"M4V ", b"3gp4", b"3gp5"), "MP4")
_PDF_HEAD = 1024  # bytes in which readers look for the PDF's mark


class _RootSeen(Exception):
    """The first element of a document, which says what it is."""


def kind_of(data: bytes) -> str | None:
    """Name a picture's kind, whether or not it is accepted; None when it is no picture."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], HEIC)
    for begin, kind in _FIRST_BYTES:
        if data.startswith(begin):
            return kind
    if b"%PDF-" in data[:_PDF_HEAD]:
        return PDF
    return SVG if _has_root(data) else None


def _has_root(data: bytes) -> bool:
    """Tell whether data begin as XML, whatever comments and encoding come before the first element."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or 0 in data[:4]
    # In any encoding that is named a tag is in ASCII; Python would be asked for it, and knows odd ones.
    parser = expat.ParserCreate(None if wide else "iso-8859-1")

    def begin(*_: object) -> None:
        raise _RootSeen

    parser.StartElementHandler = begin
    try:
        parser.Parse(data.removeprefix(BOM_UTF8), True)
    except _RootSeen:
        return True
    except (expat.ExpatError, LookupError, ValueError):
        pass
    return False
