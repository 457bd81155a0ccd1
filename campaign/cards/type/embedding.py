"""The fonts of a PDF, each cut down to the glyphs that are shown."""

from __future__ import annotations

import re
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

import uharfbuzz as hb

from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import EM, GLYPHS_PER_FONT, Face, FontError
from campaign.cards.pdf import PDFWriter, array_of
from campaign.cards.type.glyph_runs import Part

_MOST_PARTS = 10_000  # kept until their glyphs are noted
_KEPT_TABLES = ("glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep", "CFF ")
# Each outline of a CFF by itself, in a row: parts that several share cost more time than they save bytes.
_IN_ORDER = hb.SubsetFlags.CFF_IDENTITY_CHARSET | hb.SubsetFlags.DESUBROUTINIZE
# Where a CFF says the place of its charset, in front of that of the outlines.
_CHARSET = re.compile(rb"\x1d.{4}\x0f(?=\x1d.{4}\x11)", re.DOTALL)
_SYMBOLIC = 4
_ITALIC = 64
_BLOCK = 100  # most entries in one block of a character map


class Usage:
    """The glyphs that a file shows, gathered while it is written."""

    def __init__(self) -> None:
        self._parts: set[Part] = set()
        self._glyphs: set[int] = set()

    def add(self, parts: Iterable[Part]) -> None:
        """Note parts that are shown."""
        self._parts.update(parts)
        if len(self._parts) > _MOST_PARTS:
            self._gather()

    def include(self, glyphs: bytes) -> None:
        """Note what another `Usage` gathered: its `glyphs`."""
        self._glyphs.update(array("I", glyphs))

    @property
    def glyphs(self) -> bytes:
        """All that is shown, to be handed on."""
        self._gather()
        return array("I", self._glyphs).tobytes()

    def _gather(self) -> None:
        self._glyphs.update(array("I", b"".join([part.glyphs for part in self._parts])))
        self._parts.clear()

    def write(self, pdf: PDFWriter) -> bytes:
        """Embed every font that is used; give the entries of the pages' font resources."""
        entries, faces = [], self.faces()
        shown: defaultdict[int, set[int]] = defaultdict(set)
        for glyph in self._glyphs:
            shown[glyph // GLYPHS_PER_FONT].add(glyph % GLYPHS_PER_FONT)
        for face in faces:
            font = _font(pdf, face, sorted({face.space, *shown[face.number]}))
            entries.append(b"/%s %d 0 R" % (face.family.key.encode(), font))
        return b"".join(entries)

    def faces(self) -> list[Face]:
        """List the fonts that are used."""
        self._gather()
        numbers = sorted({glyph // GLYPHS_PER_FONT for glyph in self._glyphs})
        return [faces.face(faces.FAMILIES[number]) for number in numbers]


def _font(pdf: PDFWriter, face: Face, glyphs: list[int]) -> int:
    small, held = _subset(face, glyphs)
    outlines = "CFF " if "CFF " in small.table_tags else "glyf"
    name = b"%s+%s" % (_tag(glyphs), face.face.get_name(6).encode("ascii"))
    descriptor = _descriptor(pdf, face, small, outlines, name, glyphs, held)
    to_unicode = pdf.stream(_character_map(face, glyphs))
    kind = b"2/CIDToGIDMap/Identity" if outlines == "glyf" else b"0"
    descendant = pdf.add(
        b"<</Type/Font/Subtype/CIDFontType%s/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor %d 0 R/DW 0/W[%s]>>"
        % (kind, name, descriptor, _widths(face, glyphs))
    )
    return pdf.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]"
        b"/ToUnicode %d 0 R>>" % (name, descendant, to_unicode)
    )


def _subset(face: Face, glyphs: list[int]) -> tuple[hb.Face, set[int]]:
    """Cut a font down; tell which glyphs are in it, for those that others are composed of count."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    kept = {_table(tag) for tag in _KEPT_TABLES}
    wanted.drop_table_tag_set.update(t for t in map(_table, face.face.table_tags) if t not in kept)
    # Outlines of TrueType are found by their places, which stay; those of CFF as `_numbered` says.
    numbers = hb.SubsetFlags.RETAIN_GIDS if "glyf" in face.face.table_tags else _IN_ORDER
    wanted.flags = (
        numbers | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    )
    plan = hb.SubsetPlan(face.face, wanted)
    return plan.execute(), set(plan.old_to_new_glyph_mapping.keys())


def _descriptor(
    pdf: PDFWriter,
    face: Face,
    small: hb.Face,
    outlines: str,
    name: bytes,
    glyphs: list[int],
    held: set[int],
) -> int:
    if outlines == "glyf":
        data = bytes(small.blob.data)
        program = b"/FontFile2 %d 0 R" % pdf.stream(data, b"/Length1 %d" % len(data))
    else:
        data = _numbered(bytes(small.reference_table("CFF ").data), glyphs)
        program = b"/FontFile3 %d 0 R" % pdf.stream(data, b"/Subtype/CIDFontType0C")
    extents = face.font.get_font_extents("ltr")
    head = bytes(face.face.reference_table("head").data)
    box = [edge * EM / face.face.upem for edge in struct.unpack(">4h", head[36:44])]
    italic = face.family in (faces.ITALIC, faces.SERIF_ITALIC)
    return pdf.add(
        b"<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox%s/ItalicAngle %d/Ascent %d/Descent %d"
        b"/CapHeight %d/StemV 80%s/CIDSet %d 0 R>>"
        % (
            name,
            _SYMBOLIC | (_ITALIC if italic else 0),
            array_of(round(edge) for edge in box),
            -12 if italic else 0,
            extents.ascender,
            extents.descender,
            extents.ascender * 2 // 3,
            program,
            pdf.stream(_present(held)),
        )
    )


def _numbered(program: bytes, glyphs: list[int]) -> bytes:
    """Give each outline of a CFF the number that its glyph has in the whole font, as its CID.

    HarfBuzz would keep the numbers by a place for each of 58,946 glyphs: 110 KB in the file for one word of
    Chinese, and as long to write as a thousand words to shape. So the outlines lie in a row, and the charset,
    which names them, is put behind them instead of HarfBuzz's: its format 0, the glyph 0 not named.
    """
    place = b"\x1d%s\x0f" % len(program).to_bytes(4, "big")
    named, found = _CHARSET.subn(lambda _: place, program, count=1)
    if not found:
        raise FontError(
            "HarfBuzz wrote a font in another way; install the version that requirements.txt names"
        )
    return named + b"\0" + b"".join(glyph.to_bytes(2, "big") for glyph in glyphs if glyph)


def _present(held: set[int]) -> bytes:
    """Mark the glyphs that the font file holds, one bit each."""
    bits = bytearray(max(held) // 8 + 1)
    for glyph in held:
        bits[glyph // 8] |= 0x80 >> glyph % 8
    return bytes(bits)


def _widths(face: Face, glyphs: list[int]) -> bytes:
    out: list[bytes] = []
    previous = -2
    for glyph in sorted({0, *glyphs}):
        if glyph != previous + 1:
            out.append(b"%s%d[" % (b"]" if out else b"", glyph))
        out.append(b"%d " % face.widths[glyph])
        previous = glyph
    return b"".join(out) + b"]"


def _character_map(face: Face, glyphs: list[int]) -> bytes:
    """Give extractors the text of each glyph that has one of its own; the rest is stated where it stands."""
    texts = [(glyph, text) for glyph in glyphs if (text := face.signs[glyph].letter) != "\0"]
    rows = [b"<%04X><%s>" % (glyph, text.encode("utf-16-be").hex().upper().encode()) for glyph, text in texts]
    blocks = [rows[i : i + _BLOCK] for i in range(0, len(rows), _BLOCK)]
    mapped = b"".join(
        b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        b"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        b"1 begincodespacerange<0000><FFFF>endcodespacerange\n" + mapped + b"endcmap end end\n"
    )


def _tag(glyphs: list[int]) -> bytes:
    """Name the subset by its glyphs: six letters, as PDF asks."""
    digest = sha256(array("H", glyphs).tobytes()).digest()
    return bytes(65 + byte % 26 for byte in digest[:6])


def _table(tag: str) -> int:
    return int.from_bytes(tag.encode("ascii"), "big")
