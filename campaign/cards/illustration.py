"""The picture on the front of every card: read once, checked, stored once in each file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from campaign.cards.pdf import Writer, array_of
from campaign.errors import CandleError

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


class IllustrationError(CandleError):
    """A picture that cannot be printed as it looks."""


@dataclass(frozen=True)
class Illustration:
    """A picture ready to be placed: its size in its own units, its drawing, the PDF objects that it uses."""

    width: float
    height: float
    content: bytes
    resources: bytes
    objects: tuple[tuple[int, bytes, bytes | None], ...]

    def write(self, pdf: Writer) -> int:
        """Store the picture; give the number of the form that shows it in a box of its own size."""
        numbers = {old: pdf.reserve() for old, _, _ in self.objects}

        def renumbered(text: bytes) -> bytes:
            return _REFERENCE.sub(lambda m: b"%d 0 R" % numbers[int(m[1])], text)

        for old, entries, data in self.objects:
            if data is None:
                pdf.add(renumbered(entries), numbers[old])
            else:
                inside = renumbered(re.sub(rb"/Length \d+", b"", entries).strip()[2:-2])
                pdf.stream(data, inside, numbers[old], compress=False)
        return pdf.stream(
            self.content,
            b"/Type/XObject/Subtype/Form/BBox%s/Resources%s"
            % (array_of((0, 0, self.width, self.height)), renumbered(self.resources)),
        )


def load(path: Path) -> Illustration:
    """Read a picture (SVG, PDF, PNG or JPEG).

    Raises:
        IllustrationError: naming the file, what would print differently, and the remedy.
    """
    try:
        source = pymupdf.open(path)
        document = source if source.is_pdf else pymupdf.open("pdf", source.convert_to_pdf())
    except (pymupdf.FileDataError, RuntimeError) as error:
        raise IllustrationError(
            f"{path}: is no picture that can be read; give an SVG, PDF, PNG or JPEG"
        ) from error
    page = document[0]
    if page.rotation:
        raise IllustrationError(f"{path}: its page is turned; save it upright")
    box = page.mediabox
    resources = _inherited(document, page.xref)
    objects = tuple(
        (
            xref,
            document.xref_object(xref, compressed=True).encode("latin-1"),
            document.xref_stream_raw(xref) if document.xref_is_stream(xref) else None,
        )
        for xref in _reached(document, resources)
    )
    content = b"q 1 0 0 1 %s cm\n%s\nQ" % (array_of((-box.x0, -box.y0))[1:-1], page.read_contents())
    return Illustration(box.width, box.height, content, resources, objects)


def _inherited(document: pymupdf.Document, page: int) -> bytes:
    xref = page
    while True:
        kind, value = document.xref_get_key(xref, "Resources")
        if kind == "xref":
            return document.xref_object(int(value.split()[0]), compressed=True).encode("latin-1")
        if kind == "dict":
            return value.encode("latin-1")
        kind, value = document.xref_get_key(xref, "Parent")
        if kind != "xref":
            return b"<<>>"
        xref = int(value.split()[0])


def _reached(document: pymupdf.Document, start: bytes) -> list[int]:
    found: dict[int, None] = {}
    waiting = [start]
    while waiting:
        for match in _REFERENCE.finditer(waiting.pop()):
            number = int(match[1])
            if number not in found:
                found[number] = None
                waiting.append(document.xref_object(number, compressed=True).encode("latin-1"))
    return list(found)
