"""The campaign's illustration: found beside campaign.toml, and a picture in truth."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from campaign.cards import locks
from campaign.errors import ContentError

KINDS = {".svg": "SVG", ".pdf": "PDF", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
REMEDY = "save the picture as illustration.svg, .pdf, .png or .jpg"


def find(folder: Path, faults: list[ContentError], *, opened: bool = True) -> Path | None:
    """Return the one illustration of a campaign's folder; what is wrong with it goes to `faults`.

    Only when it is `opened` is it known to be a picture.
    """
    found = sorted(path for path in folder.glob("illustration.*") if path.suffix != ".md")
    if not found:
        faults.append(ContentError(folder / "illustration.svg", 0, "missing", REMEDY))
        return None
    for extra in found[1:]:
        fault = f"a second illustration beside {found[0].name}"
        faults.append(ContentError(extra, 0, fault, "keep the one that belongs on the card"))
    before = len(faults)
    if opened:
        _check(found[0], faults)
    return found[0] if len(faults) == before else None


def _check(path: Path, faults: list[ContentError]) -> None:
    wanted = KINDS.get(path.suffix)
    kind = _kind(path)
    if wanted is None or kind is None:
        what = f"is a {kind} picture" if kind else "is no picture"
        faults.append(ContentError(path, 0, what, REMEDY))
    elif kind != wanted:
        fault = f"is a {kind} picture under a {wanted} picture's name"
        faults.append(ContentError(path, 0, fault, f"name it illustration.{kind.lower()}"))
    elif broken := _broken(path, kind):
        line, fault = broken
        faults.append(ContentError(path, line, fault, "export it again from the drawing program"))


def _kind(path: Path) -> str | None:
    """Name the kind of picture that a file is, whatever its name says; None when it is none."""
    with path.open("rb") as file:
        head = file.read(4096)
    if b"%PDF-" in head[:1024]:
        return "PDF"
    if b"<svg" in head:
        return "SVG"
    from PIL import Image, UnidentifiedImageError  # late: a drawing needs none of it, and it takes 60 ms

    try:
        with Image.open(path) as image:
            return image.format
    except (UnidentifiedImageError, Image.DecompressionBombError):  # one of too many pixels is of no use
        return None


def _broken(path: Path, kind: str) -> tuple[int, str] | None:
    """Say on which line (0: no line) and why a picture cannot be shown; None when it can."""
    if kind == "SVG":
        return _broken_svg(path.read_bytes())
    if kind == "PDF":
        return _broken_pdf(path)
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return 0, f"is a broken {kind} picture: {error}"
    return None


def _broken_svg(svg: bytes) -> tuple[int, str] | None:
    elements: list[tuple[str, int]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: elements.append((name, parser.CurrentLineNumber))
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        return error.lineno, f"is a broken SVG picture: {expat.errors.messages[error.code]}"
    root, line = elements[0]
    if root != f"{SVG_NAMESPACE} svg":
        return line, f'is no SVG picture: it does not begin with <svg xmlns="{SVG_NAMESPACE}">'
    return None


def _broken_pdf(path: Path) -> tuple[int, str] | None:
    import pymupdf  # late: only a campaign whose illustration is a PDF waits 0.3 s for it

    with locks.MUPDF:
        pymupdf.TOOLS.mupdf_display_errors(False)  # it would print them, where nobody looks
    try:
        with locks.MUPDF, pymupdf.open(path, filetype="pdf") as pdf:
            if pdf.needs_pass:
                return 0, "is a locked PDF"
            return (
                None
                if pdf.page_count == 1
                else (0, f"is a PDF of {pdf.page_count} pages, where one is wanted")
            )
    except RuntimeError as error:
        return 0, f"is a broken PDF picture: {error}"
