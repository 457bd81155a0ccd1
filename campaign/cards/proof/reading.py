"""What MuPDF, which had no part in writing the file, sees at each card's place on a sheet.

What is called for every sheet is handed the `this` of its arguments: of anything else its binding first looks
up the full name of the class, each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache

import pymupdf
from pymupdf import mupdf

from campaign.cards.dimensions import SAFE_ZONE, CardSize
from campaign.cards.grids import POINTS_PER_MM, Box
from campaign.cards.imposition import Cell, Imposition

SLACK = 0.4  # mm: MuPDF's boxes around ink are a point larger than the ink

# The frame is a hair smaller than the card: what only touches the cut is the neighbour's, or a crop mark.
INSIDE = 0.5
_EVERYWHERE = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
_TEXT = mupdf.FZ_STEXT_PRESERVE_LIGATURES | mupdf.FZ_STEXT_PRESERVE_WHITESPACE | mupdf.FZ_STEXT_INHIBIT_SPACES


def upright(cells: Iterable[Cell], imposition: Imposition) -> list[mupdf.FzMatrix]:
    """Give what takes MuPDF's page, whose y runs down, to each card alone, whose y runs down too."""
    page = mupdf.FzMatrix(1, 0, 0, -1, 0, imposition.sheet.height * POINTS_PER_MM)
    down = mupdf.FzMatrix(1, 0, 0, -1, 0, imposition.card.height * POINTS_PER_MM)
    cards = (mupdf.FzMatrix(*cell.matrix()).fz_invert_matrix() for cell in cells)
    return [mupdf.fz_concat(mupdf.fz_concat(page, card), down) for card in cards]


class SheetSide:
    """One side of one sheet of an open file."""

    def __init__(self, document: pymupdf.Document, page: int, card: CardSize) -> None:
        self._page = mupdf.fz_load_page(document.this, page)
        self._dictionary = mupdf.pdf_page_from_fz_page(self._page.this).obj()
        self._card = card

    @cached_property
    def _drawing(self) -> mupdf.FzDisplayList:
        return mupdf.fz_new_display_list_from_page(self._page.this)

    def box(self, name: str) -> Box | None:
        """Give a page box such as `MediaBox` in points, None where there is none."""
        entry = mupdf.pdf_dict_get_inheritable(self._dictionary.this, _name(name).this)
        if not entry.m_internal:
            return None
        edges = mupdf.pdf_to_rect(entry)
        return Box(edges.x0, edges.y0, edges.x1, edges.y1)

    def has(self, name: str) -> bool:
        """Tell whether the page has an entry such as `Annots`, or takes it from above."""
        return bool(mupdf.pdf_dict_get_inheritable(self._dictionary.this, _name(name).this).m_internal)

    @cached_property
    def parent(self) -> int:
        """The number of the node of the page tree from which the page takes what it does not say itself."""
        parent = mupdf.pdf_dict_get(self._dictionary.this, _name("Parent").this)
        return int(mupdf.pdf_to_num(parent.this))

    @property
    def plain(self) -> bool:
        """Tell whether the page says no more of itself than its type, its node and what draws it."""
        page = self._dictionary.this
        kind = mupdf.pdf_dict_get(page, _name("Type").this)
        needed = mupdf.pdf_is_name(kind.this) and self.parent and all(self.contents)
        return bool(needed and mupdf.pdf_dict_len(page) == 3)

    @cached_property
    def _streams(self) -> tuple[mupdf.PdfObj, ...]:
        entry = mupdf.pdf_dict_get(self._dictionary.this, _name("Contents").this)
        if not mupdf.pdf_is_array(entry.this):
            return (entry,)
        return tuple(mupdf.pdf_array_get(entry, i) for i in range(mupdf.pdf_array_len(entry)))

    @cached_property
    def contents(self) -> tuple[int, ...]:
        """The numbers of the streams that draw this side."""
        return tuple([mupdf.pdf_to_num(stream.this) for stream in self._streams])

    def operators(self) -> bytes:
        """Give the operators that draw this side."""
        return b"\n".join(
            [mupdf.pdf_load_stream(stream.this).fz_buffer_extract() for stream in self._streams]
        )

    def text(self) -> str:
        """Give all text of this side, wherever it lies."""
        return _text(self._drawing, mupdf.FzMatrix(), _EVERYWHERE)

    def text_of(self, upright: mupdf.FzMatrix) -> str:
        """Read one card, upright."""
        return _text(self._drawing, upright, _frame(self._card.width, self._card.height, 0.0))

    def ink(self, upright: Iterable[mupdf.FzMatrix], *, bleed: float = 0.0) -> Box | None:
        """Give the box around the ink of some cards laid upon each other, and `bleed` mm beyond their edges.

        It is in mm from a card's lower left corner; None where nothing is printed.
        """
        extent, height = mupdf.FzRect(mupdf.FzRect.Fixed_EMPTY), self._card.height
        device, frame = mupdf.FzDevice(extent.this), _frame(self._card.width, height, bleed)
        for matrix in upright:
            _run(self._drawing, device, matrix, frame)
        mupdf.fz_close_device(device.this)
        if mupdf.fz_is_empty_rect(extent.this):
            return None
        mm = POINTS_PER_MM
        return Box(extent.x0 / mm, height - extent.y1 / mm, extent.x1 / mm, height - extent.y0 / mm)

    def near_a_cut(self, upright: Iterable[mupdf.FzMatrix]) -> bool:
        """Tell whether what is printed on some cards comes too near to the cuts around one of them."""
        ink, card = self.ink(upright), Box(0, 0, self._card.width, self._card.height)
        return bool(ink and not card.grown(-SAFE_ZONE).contains(ink, SLACK))


def fonts(document: pymupdf.Document) -> Iterator[int]:
    """Give the numbers of all fonts of a file, wherever they are used; it has an object or two a page."""
    pdf, kind, font = mupdf.pdf_document_from_fz_document(document.this), _name("Type"), _name("Font")
    for number in range(1, mupdf.pdf_xref_len(pdf)):
        held = mupdf.pdf_load_object(pdf.this, number)
        if mupdf.pdf_name_eq(mupdf.pdf_dict_get(held.this, kind.this).this, font.this):
            yield number


def page_near_a_cut(document: pymupdf.Document, page: int, card: CardSize) -> bool:
    """Tell of a page that is one upright card what `near_a_cut` does."""
    return SheetSide(document, page, card).near_a_cut([mupdf.FzMatrix()])


def page_text(document: pymupdf.Document, page: int) -> str:
    """Give all text of a page, as of a sheet."""
    drawing = mupdf.fz_new_display_list_from_page(mupdf.fz_load_page(document.this, page))
    return _text(drawing, mupdf.FzMatrix(), _EVERYWHERE)


def _text(drawing: mupdf.FzDisplayList, matrix: mupdf.FzMatrix, frame: mupdf.FzRect) -> str:
    page = mupdf.FzStextPage(frame.this)
    device = mupdf.fz_new_stext_device(page.this, _options().this)
    _run(drawing, device, matrix, frame)
    mupdf.fz_close_device(device.this)
    return mupdf.fz_new_buffer_from_stext_page(page.this).fz_buffer_extract().decode()


def _run(
    drawing: mupdf.FzDisplayList, device: mupdf.FzDevice, matrix: mupdf.FzMatrix, frame: mupdf.FzRect
) -> None:
    mupdf.fz_run_display_list(drawing.this, device.this, matrix.this, frame.this, _cookie().this)


@cache
def _name(name: str) -> mupdf.PdfObj:
    return mupdf.pdf_new_name(name)


@cache
def _options() -> mupdf.FzStextOptions:
    options = mupdf.FzStextOptions()
    options.flags = _TEXT
    return options


@cache
def _cookie() -> mupdf.FzCookie:
    return mupdf.FzCookie()


@lru_cache(maxsize=16)
def _frame(width: float, height: float, bleed: float) -> mupdf.FzRect:
    """Give the upright card and its bleed, a hair smaller."""
    more = bleed * POINTS_PER_MM - INSIDE
    return mupdf.FzRect(-more, -more, width * POINTS_PER_MM + more, height * POINTS_PER_MM + more)
