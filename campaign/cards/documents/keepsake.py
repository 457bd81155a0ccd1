"""The family's keepsake: the messages on A5 pages, as carefully set as the cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from campaign.cards.card_words import Wording
from campaign.cards.dimensions import FOOT, MARGIN
from campaign.cards.documents.page import Page, fitting_size
from campaign.cards.grids import POINTS_PER_MM, Box
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.imposition import SheetSize
from campaign.cards.pdf import PDFWriter, archival, array_of, number
from campaign.cards.type.bidi.levels import base_level
from campaign.cards.type.embedding import Usage
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import CannotSet, Typesetter

SIZE = SheetSize("A5", 148, 210)
INNER, OUTER, TOP, BOTTOM = 20.0, 18.0, 19.0, 26.0  # mm; the fold takes some of the inner margin
WIDTH, HEIGHT = SIZE.width - INNER - OUTER, SIZE.height - TOP - BOTTOM  # of the type area
# Sizes and leadings in points. What fits an A5 card in 11 on 13 fits a page in 9 on 11, and what stands there
# in 9 on 10.5, below a translation, in the last of these: so no message has to be split.
SIZES = ((11.5, 15.0), (10.5, 13.0), (9.5, 12.0), (9.0, 11.0), (8.0, 9.5), (7.5, 9.0))
LEADING = SIZES[0][1]
GAP = 1.5 * LEADING  # points at least between two messages
WIDEST_GAP = 2.5 * LEADING  # where even that leaves room, the page ends above the others
FRAME = Box(22, 46, SIZE.width - 22, SIZE.height - 18)  # of the picture on the cover
NAME_BASE, NAME_SIZE = 27.0, 30.0
TITLE_BASE, YEARS_BASE = 128.0, 117.0
FOLIO_BASE, FOLIO_SIZE = 14.0, 9.5
PAGES_FOLDED = 4  # pages that a folded sheet of A4 gives
COVER_PAGES = 2  # not counted


@dataclass(frozen=True)
class Extent:
    """How much a written keepsake holds."""

    messages: int
    pages: int


def set_message(wording: Wording) -> Setting:
    """Set one message for the keepsake, in the largest size of `SIZES` in which it fits a page.

    Raises:
        CannotSet: naming the characters that no font draws, or by how many lines it is too long.
    """
    for typesetter in _TYPESETTERS[:-1]:
        try:
            return typesetter.set(*wording)
        except CannotSet as error:
            if not error.lines:
                raise
    return _TYPESETTERS[-1].set(*wording)


def write(
    out: BinaryIO, first_name: str, years: str, illustration: Illustration, messages: Iterable[Setting]
) -> Extent:
    """Write cover, title page and messages, in their order; one page at a time, so the memory stays flat.

    The page count is a multiple of four and the last page is blank, so that it can be folded and stapled:
    at its right where the person's name is written from there.
    The same arguments give the same bytes.
    """
    keepsake = _Keepsake(out, illustration, leftwards=bool(base_level(first_name)))
    keepsake.cover(first_name)
    keepsake.blank()
    keepsake.title(first_name, years)
    keepsake.blank()
    count = 0
    for some in _pages(messages):
        keepsake.messages(some)
        count += len(some)
    keepsake.blank()
    while keepsake.pages % PAGES_FOLDED:
        keepsake.blank()
    keepsake.finish(first_name)
    return Extent(count, keepsake.pages)


class _Keepsake:
    """A keepsake that is being written."""

    def __init__(self, out: BinaryIO, illustration: Illustration, *, leftwards: bool) -> None:
        self.pages = 0
        self._leftwards = leftwards
        self._pdf = PDFWriter(out)
        self._usage = Usage()
        self._illustration = illustration
        self._picture = illustration.write(self._pdf)
        self._blank = self._pdf.stream(b"")

    def cover(self, first_name: str) -> None:
        """Show the picture and the name, and nothing else."""
        sheet = Page(SIZE, self._usage)
        size = fitting_size(first_name, FRAME.width, NAME_SIZE)
        sheet.text_line(SIZE.width / 2, NAME_BASE, first_name, size, align="centre")
        self._add(b"q %s Q\n%s" % (self._illustration.placed(FRAME), sheet.content))

    def title(self, first_name: str, years: str) -> None:
        """Show the name again, and when the messages were posted."""
        sheet = Page(SIZE, self._usage)
        size = fitting_size(first_name, FRAME.width, NAME_SIZE)
        sheet.text_line(SIZE.width / 2, TITLE_BASE, first_name, size, align="centre")
        sheet.text_line(SIZE.width / 2, YEARS_BASE, years, 11, italic=True, align="centre")
        self._add(sheet.content)

    def messages(self, some: list[Setting]) -> None:
        """Show messages from the top down, and the page's number."""
        sheet = Page(SIZE, self._usage)
        folio = str(self.pages + 1 - COVER_PAGES)
        sheet.text_line(self._left() + WIDTH / 2, FOLIO_BASE, folio, FOLIO_SIZE, align="centre")
        self._add(b"\n".join([b"0 g", *self._column(some), sheet.content]))

    def blank(self) -> None:
        """Leave a page blank."""
        self.pages += 1
        self._pdf.page(self._blank)

    def finish(self, title: str) -> None:
        """Embed the fonts and end the file."""
        resources = b"/Font<<%s>>/XObject<</P %d 0 R>>" % (self._usage.write(self._pdf), self._picture)
        box = b"/MediaBox" + array_of((0, 0, SIZE.width * POINTS_PER_MM, SIZE.height * POINTS_PER_MM))
        numbering = b"/PageLabels<</Nums[0<</S/r>>%d<</S/D>>]>>/PageLayout/TwoPageRight" % COVER_PAGES
        binding = b"/ViewerPreferences<</Direction/R2L>>" if self._leftwards else b""
        self._pdf.finish(resources, box, archival(self._pdf, title) + numbering + binding)

    def _left(self) -> float:
        """Give the left edge of the next page's type area: the fold lies before an odd page."""
        return OUTER if self._leftwards ^ self.pages % 2 else INNER

    def _add(self, content: bytes) -> None:
        self.pages += 1
        self._pdf.page(self._pdf.stream(content))

    def _column(self, some: list[Setting]) -> Iterator[bytes]:
        left = self._left() * POINTS_PER_MM
        top = (SIZE.height - TOP) * POINTS_PER_MM
        gap = _gap([_height(setting) for setting in some])
        for setting in some:
            for piece, down in setting.stacked:
                place = map(number, (piece.size, 0, 0, piece.size, left, top - down - piece.drop))
                yield b"BT %s Tm\n%s\nET" % (b" ".join(place), piece.body)
                self._usage.add(piece.used)
            top -= _height(setting) + gap


def _pages(messages: Iterable[Setting]) -> Iterator[list[Setting]]:
    """Yield the messages of each page, as many as fit; their order is kept."""
    together: list[Setting] = []
    taken = 0.0
    for setting in messages:
        height = _height(setting)
        if together and taken + GAP + height > HEIGHT * POINTS_PER_MM:
            yield together
            together, taken = [], 0.0
        taken += height + (GAP if together else 0)
        together.append(setting)
    if together:
        yield together


def _gap(heights: list[float]) -> float:
    """Spread what a page has to spare between its messages, so that facing pages end on one line."""
    if len(heights) == 1:
        return 0.0
    gap = (HEIGHT * POINTS_PER_MM - sum(heights)) / (len(heights) - 1)
    return min(gap, WIDEST_GAP)


def _height(setting: Setting) -> float:
    """Give the height of a message in points."""
    return setting.height * _LEADINGS[setting.size] / 2


_LEADINGS = dict(SIZES)
# A typesetter keeps a card's margins; the keepsake's lie around its type area.
_TYPESETTERS = [
    Typesetter(WIDTH + 2 * MARGIN, HEIGHT + MARGIN + FOOT, size, leading) for size, leading in SIZES
]
