"""A picture ready to be printed, and kept as bytes: nothing that reads or draws pictures is loaded for it."""

from __future__ import annotations

import json
import re
from itertools import accumulate, pairwise
from typing import NamedTuple

from campaign.cards.grids import POINTS_PER_MM, Box
from campaign.cards.pdf import DEFLATED, PDFWriter, array_of, numbers
from campaign.errors import CandleError

_LENGTH = re.compile(rb"/Length(?: \d+ 0 R| ?\d+)")
# A string, which may hold anything, or a reference to an object.
REFERENCE = re.compile(rb"\((?:[^()\\]|\\.)*\)|\b(\d+) \d+ R\b", re.DOTALL)


class IllustrationError(CandleError):
    """A picture that cannot be printed as it looks."""


class PDFObject(NamedTuple):
    """A PDF object that a picture needs: its number there, its text, and the data of a stream."""

    number: int
    text: bytes
    data: bytes | None = None


class Illustration(NamedTuple):
    """A picture ready to be placed: its size in its own units, its drawing, the PDF objects that it uses.

    `content` is the drawing as it stands in a file, deflated. `note` says how it was changed to be printed,
    "" if it was not. `sha256` is that of the file that it was read from.
    """

    width: float
    height: float
    content: bytes
    resources: bytes
    objects: tuple[PDFObject, ...]
    note: str = ""
    sha256: str = ""

    def write(self, pdf: PDFWriter) -> int:
        """Store the picture; give the number of the form that shows it in a box of its own size."""
        numbers = {one.number: pdf.reserve() for one in self.objects}

        def renumbered(text: bytes) -> bytes:
            return REFERENCE.sub(lambda m: b"%d 0 R" % numbers[int(m[1])] if m[1] else m[0], text)

        for one in self.objects:
            if one.data is None:
                pdf.add(renumbered(one.text), numbers[one.number])
            else:
                entries = renumbered(_LENGTH.sub(b"", one.text).strip()[2:-2])
                pdf.stream(one.data, entries, numbers[one.number], compress=False)
        box = array_of((0, 0, self.width, self.height))
        entries = b"/Type/XObject/Subtype/Form/BBox%s/Resources%s" % (box, renumbered(self.resources))
        return pdf.stream(self.content, entries + DEFLATED, compress=False)

    def placed(self, frame: Box, *, over_all: bool = False) -> bytes:
        """Show it in the middle of a frame in mm: inside it, or over all of it."""
        across, up = frame.width / self.width, frame.height / self.height
        scale = max(across, up) if over_all else min(across, up)
        left = frame.left + (frame.width - self.width * scale) / 2
        bottom = frame.bottom + (frame.height - self.height * scale) / 2
        scale, left, bottom = (value * POINTS_PER_MM for value in (scale, left, bottom))
        return numbers(scale, 0, 0, scale, left, bottom) + b" cm /P Do"

    def to_bytes(self) -> bytes:
        """Write it as bytes, which `from_bytes` reads again."""
        parts = [self.content, self.resources]
        for one in self.objects:
            parts += (one.text, one.data or b"")
        told = {
            "width": self.width,
            "height": self.height,
            "note": self.note,
            "sha256": self.sha256,
            "objects": [(one.number, one.data is not None) for one in self.objects],
            "lengths": [len(part) for part in parts],
        }
        return b"\n".join([json.dumps(told).encode(), b"".join(parts)])

    @classmethod
    def from_bytes(cls, written: bytes) -> Illustration:
        """Read what `to_bytes` wrote."""
        head, _, body = written.partition(b"\n")
        told = json.loads(head)
        ends = accumulate(told["lengths"], initial=0)
        content, resources, *rest = [body[start:end] for start, end in pairwise(ends)]
        objects = tuple(
            PDFObject(number, text, data if holds_data else None)
            for (number, holds_data), text, data in zip(told["objects"], rest[::2], rest[1::2], strict=True)
        )
        return cls(told["width"], told["height"], content, resources, objects, told["note"], told["sha256"])
