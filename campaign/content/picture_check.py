"""A picture opened to see whether it is one, and whole."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from campaign.cards import mupdf_lock
from campaign.cards.illustration import file_kinds
from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.svg_features import SVG
from campaign.cards.illustration.svg_limits import bounded
from campaign.errors import ContentError

MOST_BYTES = 64 * 1024 * 1024
SMALL = 256  # pixels: a picture is decoded as far as it takes to know that it is whole
EXPORT = "export it again from the drawing program"
REMEDY = "save the picture as illustration.svg, .pdf, .png or .jpg"


def check(path: Path, faults: list[ContentError]) -> None:
    """Note what is wrong with a picture."""
    try:
        line, fault, remedy = _wrong(path)
    except PictureFault as error:
        line, fault, remedy = 0, error.fault, error.remedy
    if fault:
        faults.append(ContentError(path, line, fault, remedy))


def _wrong(path: Path) -> tuple[int, str, str]:
    """Say on which line (0: no line) and why a picture cannot be shown, and the remedy; "" when it can."""
    if path.stat().st_size > MOST_BYTES:
        raise PictureFault(f"has more than {MOST_BYTES >> 20} MB", "save it smaller")
    data = path.read_bytes()
    kind = file_kinds.kind_of(data)
    if kind == file_kinds.SVG or data.lstrip()[:4] == b"<svg":
        return (*(_broken_svg(data) or (0, "")), EXPORT)
    if kind == file_kinds.PDF:
        return (*(_broken_pdf(path) or (0, "")), EXPORT)
    if kind not in file_kinds.TAKEN:
        remedy = file_kinds.HEIC_REMEDY if kind == file_kinds.HEIC else REMEDY
        return 0, f"is a {kind} picture" if kind else "is no picture", remedy
    from campaign.cards.illustration.raster_decoding import Decoder  # late: a drawing needs none of it

    Decoder(data).decode(SMALL, SMALL)
    return 0, "", ""


def _broken_svg(data: bytes) -> tuple[int, str] | None:
    root: list[tuple[str, int]] = []

    def begin(name: str, _: object) -> None:
        root.append((name, parser.CurrentLineNumber))
        parser.StartElementHandler = None

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    try:
        parser.Parse(bounded(data), True)
    except expat.ExpatError as error:
        return error.lineno, f"is a broken SVG picture: {expat.errors.messages[error.code]}"
    if root[0][0] != f"{SVG} svg":
        return root[0][1], f'is no SVG picture: it does not begin with <svg xmlns="{SVG}">'
    return None


def _broken_pdf(path: Path) -> tuple[int, str] | None:
    import pymupdf  # late: only a campaign whose illustration is a PDF waits 0.3 s for it

    with mupdf_lock.MUPDF:
        pymupdf.TOOLS.mupdf_display_errors(False)  # it would print them, where nobody looks
    try:
        with mupdf_lock.MUPDF, pymupdf.open(path, filetype="pdf") as pdf:
            if pdf.needs_pass:
                return 0, "is a locked PDF"
            if pdf.page_count != 1:
                return 0, f"is a PDF of {pdf.page_count} pages, where one is wanted"
    except RuntimeError as error:
        return 0, f"is a broken PDF picture: {error}"
    return None
