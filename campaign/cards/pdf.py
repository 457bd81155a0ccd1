"""A PDF file written from front to back: objects leave the memory as soon as they are given."""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

PAGES_PER_NODE = 64
_AT_ONCE = 4096  # lines of the table of objects, which is long where many cards are
PROFILE = Path(__file__).resolve().parent / "srgb.icc"
# Level 5 takes two fifths more time for a twentieth fewer bytes. Window and tables are as large as a sheet.
COMPRESSION, WINDOW, TABLES = 3, 14, 6
_SPECIAL = re.compile(rb"[()\\\r]")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
DEFLATED = b"/Filter/FlateDecode"
_IN_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="1" pdfaid:conformance="B"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class PDFWriter:
    """Numbers, writes and counts objects; `finish` ends the file.

    The bytes depend on what is written alone: no date, no random identifier.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._offsets = array("q", [0])
        self._hash = sha256()
        self._root = self.reserve()
        self._nodes: list[tuple[int, int]] = []  # page tree nodes with their counts
        self._node = 0
        self._kids: list[int] = []
        self._write(HEADER)

    def reserve(self) -> int:
        """Take the number of an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def add(self, body: bytes, number: int = 0) -> int:
        """Write one object and give its number."""
        number = number or self.reserve()
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def stream(self, data: bytes, entries: bytes = b"", number: int = 0, *, compress: bool = True) -> int:
        """Write one stream object and give its number; `entries` go into its dictionary."""
        if compress:
            data = deflated(data)
            entries += DEFLATED
        return self.add(b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data), number)

    def page(self, content: int, entries: bytes = b"") -> None:
        """Add a page that shows a content stream."""
        if not self._kids:
            self._node = self.reserve()
        self._kids.append(
            self.add(b"<</Type/Page/Parent %d 0 R/Contents %d 0 R%s>>" % (self._node, content, entries))
        )
        if len(self._kids) == PAGES_PER_NODE:
            self._close_node()

    def finish(self, resources: bytes, entries: bytes, catalogue: bytes) -> None:
        """Write the page tree with what all pages inherit, the catalogue and the cross-reference table."""
        if self._kids:
            self._close_node()
        kids = b" ".join(b"%d 0 R" % node for node, _ in self._nodes)
        count = sum(pages for _, pages in self._nodes)
        tree = b"<</Type/Pages/Count %d/Kids[%s]/Resources<<%s>>%s>>" % (count, kids, resources, entries)
        self.add(tree, self._root)
        root = self.add(b"<</Type/Catalog/Pages %d 0 R%s>>" % (self._root, catalogue))
        start = self._at
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for first in range(1, len(self._offsets), _AT_ONCE):
            some = self._offsets[first : first + _AT_ONCE]
            self._write(b"".join([b"%010d 00000 n \n" % offset for offset in some]))
        name = self._hash.hexdigest()[:32].encode()
        self._write(
            b"trailer\n<</Size %d/Root %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._offsets), root, name, name, start)
        )

    def _close_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self.add(
            b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % (self._root, len(self._kids), kids),
            self._node,
        )
        self._nodes.append((self._node, len(self._kids)))
        self._kids = []

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._hash.update(data)
        self._at += len(data)


def deflated(data: bytes) -> bytes:
    """Compress a stream; its dictionary says so with `DEFLATED`."""
    deflate = zlib.compressobj(COMPRESSION, zlib.DEFLATED, WINDOW, TABLES)
    return deflate.compress(data) + deflate.flush()


def archival(pdf: PDFWriter, title: str) -> bytes:
    """Write the metadata and the colour space that PDF/A asks for; give their entries in the catalogue.

    Neither names anybody.
    """
    packet = XMP.format(title=title.translate(_IN_XML)).encode()
    about = pdf.stream(packet, b"/Type/Metadata/Subtype/XML", compress=False)
    profile = pdf.stream(PROFILE.read_bytes(), b"/N 3")
    return (
        b"/Metadata %d 0 R/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        b"/RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>]"
        % (about, profile)
    )


def array_of(values: Iterable[float]) -> bytes:
    """Write numbers as a PDF array."""
    return b"[%s]" % b" ".join(number(value) for value in values)


@lru_cache(maxsize=4096)
def number(value: float) -> bytes:
    """Write a number as PDF wants it: no exponent, no needless digits."""
    return f"{value:.4f}".rstrip("0").rstrip(".").encode() if value else b"0"


def numbers(*values: float) -> bytes:
    """Write some numbers with spaces between them."""
    return b" ".join(map(number, values))


def escaped(raw: bytes) -> bytes:
    """Write bytes as the inside of a PDF literal string."""
    return _SPECIAL.sub(lambda found: b"\\r" if found[0] == b"\r" else b"\\" + found[0], raw)


def unescaped(string: bytes) -> bytes:
    """Read what `escaped` wrote."""
    if b"\\" not in string:
        return string
    return _ESCAPED.sub(lambda found: b"\r" if found[1] == b"r" else found[1], string)
