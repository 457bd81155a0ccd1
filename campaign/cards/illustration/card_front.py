"""The picture on the front of every card: read once, checked, stored once in each file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from math import hypot, inf
from pathlib import Path
from typing import TypeVar
from xml.parsers import expat

import pymupdf
from pymupdf import mupdf

from campaign.cards.dimensions import CARD_SIZES, CardSize
from campaign.cards.illustration import pdf_scrubbing, svg_features
from campaign.cards.illustration.fault import Blank, PictureFault
from campaign.cards.illustration.file_kinds import PDF, SVG, kind_of
from campaign.cards.illustration.prepared_picture import REFERENCE, Illustration, IllustrationError, PDFObject
from campaign.cards.illustration.svg_features import Fault
from campaign.cards.illustration.svg_limits import bounded
from campaign.cards.pdf import array_of, deflated

Found = TypeVar("Found")
Compress = Callable[[bytes], bytes]
_HIDDEN_BY = re.compile(r"/(AllOff|AnyOff|VE)\b")
MOST_NAMED = 5  # faults named at a time
SEEN = 128  # dots along the longer side, at which a drawing is looked at


def load_illustration(
    path: Path, card: CardSize = CARD_SIZES["A6"], *, compress: Compress = deflated
) -> Illustration:
    """Read a picture (SVG, PDF, PNG, JPEG or WebP) for cards of one size.

    Who only wants to know whether it can be printed need not wait until shapes are deflated.

    Raises:
        IllustrationError: naming the file, what would print otherwise than it looks, and the remedy.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IllustrationError(
            f"{path}: cannot be read ({error.strerror}); put the picture there"
        ) from error
    try:
        return _load(path, data, card, compress)._replace(sha256=sha256(data).hexdigest())
    except PictureFault as fault:
        raise IllustrationError(f"{path}: {fault}") from fault


def _load(path: Path, data: bytes, card: CardSize, compress: Compress) -> Illustration:
    kind = kind_of(data) or path.suffix.lower()[1:].upper()
    if kind not in (SVG, PDF):
        return _raster(data, card)
    if kind == SVG:
        data = _checked(path, data, bounded)
        if special := _checked(path, data, svg_features.faults):
            return _painted(path, data, card, special)
    try:
        document = pymupdf.open("pdf", _svg_to_pdf(data) if kind == SVG else data)
        _check_pdf(path, document)
        if kind == PDF:  # of an SVG only shapes are left here
            _check_resolution(path, document[0], card)
            if why := _not_as_shapes(document):
                return _as_seen(document[0], card)._replace(note=_note(path, why))
        _refuse_blank(document[0])
        return _vector(document, compress)
    except (pymupdf.FileDataError, mupdf.FzErrorBase, RuntimeError, ValueError, IndexError) as error:
        raise IllustrationError(f"{path}: cannot be read as {kind}; save it again") from error


def _checked(path: Path, data: bytes, check: Callable[[bytes], Found]) -> Found:
    try:
        return check(data)
    except expat.ExpatError as error:
        raise IllustrationError(
            f"{path}: line {error.lineno}: is no well-formed SVG; save it again"
        ) from error


def _painted(path: Path, data: bytes, card: CardSize, special: Sequence[Fault]) -> Illustration:
    """Paint what cannot be printed as shapes, if that looks like the drawing."""
    from campaign.cards.illustration import svg_painting  # late, as Pillow is below

    if faults := _checked(path, data, svg_painting.faults):
        raise IllustrationError(
            f"{path}: would print otherwise than it looks: {_named(faults)}; draw it with plain shapes, turn "
            "words into outlines, or save it as PDF or as PNG of 300 dpi"
        )
    try:
        _check_resolution(path, pymupdf.open("svg", data)[0], card)
        painted = svg_painting.paint(data, *_most_dots(card))
    except (pymupdf.FileDataError, mupdf.FzErrorBase, RuntimeError, ValueError) as error:
        raise IllustrationError(f"{path}: cannot be drawn ({error}); save it again") from error
    return _raster(painted, card)._replace(note=_note(path, _named(special)))


def _most_dots(card: CardSize) -> tuple[int, int]:
    from campaign.cards.illustration.raster_for_print import MM_PER_INCH, MOST_DPI  # late, as below

    return round(card.width / MM_PER_INCH * MOST_DPI), round(card.height / MM_PER_INCH * MOST_DPI)


def _note(path: Path, why: str) -> str:
    from campaign.cards.illustration.raster_for_print import MOST_DPI  # late, as below

    return f"{path}: is printed as dots, {MOST_DPI} an inch, because of {why}"


def _named(faults: Sequence[Fault]) -> str:
    more = f", and {len(faults) - MOST_NAMED} more" if len(faults) > MOST_NAMED else ""
    return ", ".join(map(str, faults[:MOST_NAMED])) + more


def _raster(data: bytes, card: CardSize) -> Illustration:
    from campaign.cards.illustration import (
        raster_for_print,  # late: Pillow takes 30 ms, and drawings do not need it
    )

    image = raster_for_print.read(data, card.width, card.height)
    entries = (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
        b"/BitsPerComponent 8/Filter/%s>>" % (image.width, image.height, image.filter)
    )
    content = b"%d 0 0 %d 0 0 cm /I Do" % (image.width, image.height)
    objects = (PDFObject(1, entries, image.data),)
    return Illustration(image.width, image.height, deflated(content), b"<</XObject<</I 1 0 R>>>>", objects)


def _svg_to_pdf(data: bytes) -> bytes:
    """Draw an SVG into a PDF, as `convert_to_pdf` does, without 50 ms of cleaning."""
    source = mupdf.fz_open_document_with_buffer("svg", mupdf.fz_new_buffer_from_copied_data(data))
    page, pdf = mupdf.fz_load_page(source, 0), mupdf.PdfDocument()
    box = mupdf.fz_bound_page(page)
    device, resources, contents = mupdf.pdf_page_write(pdf, box)
    mupdf.fz_run_page(page, device, mupdf.FzMatrix(), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    mupdf.pdf_insert_page(pdf, -1, mupdf.pdf_add_page(pdf, box, 0, resources, contents))
    written = mupdf.fz_new_buffer(len(data))
    out = mupdf.FzOutput(written)
    mupdf.pdf_write_document(pdf, out, mupdf.PdfWriteOptions())
    out.fz_close_output()
    return bytes(written.fz_buffer_extract())


def _vector(document: pymupdf.Document, compress: Compress) -> Illustration:
    """Take over the drawing of the only page, and every object that it uses."""
    page = document[0]
    box = _shown(page)
    low = page.mediabox.y1 - box.y1  # the crop box is counted from the top
    resources = _resources(document, page.xref)
    objects = tuple(_object(document, number) for number in _reachable(document, resources))
    place = array_of((-box.x0, -low))[1:-1]
    content = b"q 1 0 0 1 %s cm\n%s\nQ" % (place, page.read_contents())
    return Illustration(box.width, box.height, compress(content), resources, objects)


def _not_as_shapes(document: pymupdf.Document) -> str:
    """Name what the sheets cannot take over: a layer that is hidden, which they would show, and words."""
    if document.get_ocgs():
        layers, numbers = document.get_layer(), range(1, document.xref_length())
        # Other layers hide these, or an expression does.
        joined = any(_HIDDEN_BY.search(document.xref_object(number)) for number in numbers)
        if joined or layers.get("off") or layers.get("basestate") == "OFF":
            return "layers that are hidden"
    return "words that are no outlines" if document[0].get_fonts(full=True) else ""


def _as_seen(page: pymupdf.Page, card: CardSize) -> Illustration:
    """Paint a page as it looks."""
    width, height = _most_dots(card)
    scale = min(width / page.rect.width, height / page.rect.height)
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    return _raster(pixels.tobytes("png"), card)


def _shown(page: pymupdf.Page) -> pymupdf.Rect:
    """Give the part of a page that is shown, counted from the top."""
    return page.cropbox & (page.mediabox.x0, 0, page.mediabox.x1, page.mediabox.height)


def _check_pdf(path: Path, document: pymupdf.Document) -> None:
    def refuse(why: str) -> None:
        raise IllustrationError(f"{path}: {why}")

    if document.needs_pass or document.is_encrypted:
        refuse("is locked by a password; save it without")
    if len(document) != 1:
        refuse(f"has {len(document)} pages; save the picture alone")
    page = document[0]
    if page.rotation:
        refuse("its page is turned; save it upright")
    if page.first_annot or page.first_widget:
        refuse("has notes or form fields, which would not be printed; flatten it")
    fonts = ((name, kind) for _, ending, kind, name, *_ in page.get_fonts(full=True) if ending == "n/a")
    if missing := [name for name, kind in fonts if kind != "Type3"]:  # which is drawn in the file
        refuse(f"does not hold its font {missing[0]}; embed it, or turn the text into outlines")
    if _shown(page).is_empty:
        refuse("has no size; save it again")


def _refuse_blank(page: pymupdf.Page) -> None:
    """Refuse a drawing of nothing before a batch has it, whose proof would find no picture."""
    scale = SEEN / max(page.rect.width, page.rect.height)
    seen = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale))
    if seen.is_unicolor and seen.pixel(0, 0) == (255, 255, 255):
        raise Blank


def _check_resolution(path: Path, page: pymupdf.Page, card: CardSize) -> None:
    """Require of the pictures in a drawing the resolution that a raster picture needs."""
    images = page.get_image_info()
    if not images:
        return
    from campaign.cards.illustration import raster_for_print  # late, as above

    an_inch = raster_for_print.MM_PER_INCH / min(card.width / page.rect.width, card.height / page.rect.height)
    for image in images:
        right, down = hypot(*image["transform"][:2]), hypot(*image["transform"][2:4])
        dpi = min(image["width"] / right, image["height"] / down) * an_inch if right and down else inf
        if round(dpi) < raster_for_print.LEAST_DPI:
            size = f"{image['width']} × {image['height']} dots"
            raise IllustrationError(
                f"{path}: contains a picture of {size}: {dpi:.0f} dpi on a card of {card.width:g} × "
                f"{card.height:g} mm; {raster_for_print.LEAST_DPI} are needed: put in a finer one"
            )


def _resources(document: pymupdf.Document, page: int) -> bytes:
    """Find what the page's drawing refers to; a page may inherit it from its parents."""
    xref = page
    while True:
        kind, value = document.xref_get_key(xref, "Resources")
        if kind == "xref":
            return _object(document, int(value.split()[0])).text
        if kind == "dict":
            return bytes(value, "latin-1")
        kind, value = document.xref_get_key(xref, "Parent")
        if kind != "xref":
            return b"<<>>"
        xref = int(value.split()[0])


def _object(document: pymupdf.Document, number: int) -> PDFObject:
    pdf_scrubbing.scrub(document, number)
    text = document.xref_object(number, compressed=True).encode("latin-1")
    return PDFObject(
        number, text, pdf_scrubbing.stream(document, number) if document.xref_is_stream(number) else None
    )


def _reachable(document: pymupdf.Document, start: bytes) -> list[int]:
    reached: dict[int, None] = {}
    waiting = [start]
    while waiting:
        for match in REFERENCE.finditer(waiting.pop()):
            if match[1] and int(match[1]) not in reached:
                reached[int(match[1])] = None
                waiting.append(_object(document, int(match[1])).text)
    return list(reached)
