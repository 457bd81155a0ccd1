"""Sheets of cards drawn into a PDF: fronts with the illustration, backs with the messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, islice
from typing import BinaryIO, Literal, NamedTuple

from campaign.cards.crop_marks import drawn
from campaign.cards.dimensions import ABOVE_SINGLE, GAP, MARGIN, NUMBER_BASE, NUMBER_SIZE, SAFE_ZONE
from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import Face
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.imposition import POINTS_PER_MM, Box, Cell, Imposition
from campaign.cards.pdf import DEFLATED, PDFWriter, archival, array_of, deflated, number, numbers
from campaign.cards.type.embedding import Usage
from campaign.cards.type.set_words import Setting
from campaign.cards.type.shaping import Shaper
from campaign.cards.type.typesetter import Typesetter

_NUMBER = b"%g 0 0 %g %%.3f %.3f Tm/%s 1 Tf[(%%s)]TJ" % (
    *(NUMBER_SIZE, NUMBER_SIZE, NUMBER_BASE * POINTS_PER_MM),
    faces.TEXT.key.encode(),
)
MOST_CUT_AWAY = 0.15  # of a picture that is to cover the card
Side = Literal["fronts", "backs"]


class Card(NamedTuple):
    """The messages on one card's back, in order, and its number; no number is printed where it is None.

    A card without messages is left blank on both sides.
    """

    messages: Sequence[Setting]
    number: int | None = None


class DrawnSheet(NamedTuple):
    """One sheet: which of its fronts show the picture, and the stream that draws its backs, deflated."""

    shown: tuple[bool, ...]
    backs: bytes


class DrawnSheets(NamedTuple):
    """What a file holds."""

    cards: int
    sheets: int
    faces: tuple[Face, ...]

    @property
    def fonts(self) -> dict[str, str]:
        """The font files by name, each with its SHA-256."""
        return {face.family.file: face.digest for face in self.faces}


def draw_sheets(
    out: BinaryIO,
    imposition: Imposition,
    illustration: Illustration,
    cards: Iterable[Card],
    *,
    typesetter: Typesetter,
) -> DrawnSheets:
    """Write the sheets of `cards`, fronts on odd pages and backs on even ones.

    `typesetter` is the one that set the messages. Cards are taken one sheet at a time, so an iterator keeps
    the memory flat. The same arguments give the same bytes.
    """
    usage = Usage()
    sheets = draw_backs(imposition, cards, typesetter, usage)
    return join_sheets(out, imposition, illustration, sheets, usage)


def draw_backs(
    imposition: Imposition, cards: Iterable[Card], typesetter: Typesetter, usage: Usage
) -> Iterator[DrawnSheet]:
    """Draw sheets one by one, as they go into a file; what they show is noted in `usage`."""
    matrices = [_matrix(cell) for cell in imposition.backs]
    backs = _Backs(typesetter, usage, matrices, drawn(imposition.crop_marks("backs")))
    for row in _rows(cards, imposition.per_sheet):
        yield DrawnSheet(tuple(bool(card.messages) for card in row), deflated(backs.content(row)))


def join_sheets(
    out: BinaryIO,
    imposition: Imposition,
    illustration: Illustration,
    drawn: Iterable[DrawnSheet],
    usage: Usage,
) -> DrawnSheets:
    """Write sheets that were drawn, wherever that was; when the last is taken, `usage` knows all of them."""
    pdf = PDFWriter(out)
    picture = illustration.write(pdf)
    fronts = _Fronts(pdf, imposition, illustration)
    boxes = _boxes(imposition, "backs")
    count = sheets = 0
    for sheet in drawn:
        pdf.page(fronts.content(sheet.shown), fronts.boxes)
        pdf.page(pdf.stream(sheet.backs, DEFLATED, compress=False), boxes)
        count += len(sheet.shown)
        sheets += 1
    resources = b"/Font<<%s>>/XObject<</P %d 0 R>>" % (usage.write(pdf), picture)
    media_box = b"/MediaBox" + array_of(imposition.media_box.points())
    pdf.finish(resources, media_box, _catalogue(pdf, imposition))
    return DrawnSheets(count, sheets, tuple(usage.faces()))


def height(messages: Sequence[Setting]) -> int:
    """Count the half-lines that the messages of a card take."""
    return sum([setting.height for setting in messages]) + GAP * (len(messages) - 1)


def draw_back(out: BinaryIO, card: Card, typesetter: Typesetter) -> None:
    """Write the back of one card alone, as a page of its size."""
    pdf, usage = PDFWriter(out), Usage()
    backs = _Backs(typesetter, usage, [b"1 0 0 1 0 0"])
    pdf.page(pdf.stream(backs.content([card])))
    box = array_of((0, 0, typesetter.width * POINTS_PER_MM, typesetter.height * POINTS_PER_MM))
    pdf.finish(b"/Font<<%s>>" % usage.write(pdf), b"/MediaBox" + box, b"")


def _rows(cards: Iterable[Card], length: int) -> Iterator[list[Card]]:
    iterator = iter(cards)
    while row := list(islice(iterator, length)):
        yield row


class _Fronts:
    """The pages with the picture, one content for each choice of cards that are not blank."""

    def __init__(self, pdf: PDFWriter, imposition: Imposition, illustration: Illustration) -> None:
        self.boxes = _boxes(imposition, "fronts")
        self._pdf = pdf
        self._cells = [
            b"q %s cm %s Q" % (_matrix(c), _picture(imposition, illustration)) for c in imposition.fronts
        ]
        self._crop_marks = drawn(imposition.crop_marks("fronts"))
        self._written: dict[tuple[bool, ...], int] = {}

    def content(self, shown: tuple[bool, ...]) -> int:
        """Give the number of the content stream that shows the pictures of some cards."""
        if shown not in self._written:
            cells = compress(self._cells, shown)
            self._written[shown] = self._pdf.stream(b"\n".join([*cells, self._crop_marks]))
        return self._written[shown]


class _Backs:
    """The pages with the messages, in black alone."""

    def __init__(
        self, typesetter: Typesetter, usage: Usage, matrices: Sequence[bytes], crop_marks: bytes = b""
    ) -> None:
        self.usage = usage
        self._typesetter = typesetter
        self._matrices = matrices
        self._crop_marks = crop_marks
        self._middle = typesetter.width * POINTS_PER_MM / 2
        self._left = number(MARGIN * POINTS_PER_MM)

    def content(self, cards: Sequence[Card]) -> bytes:
        """Show the messages and numbers of one sheet."""
        out = [b"0 g"]
        for matrix, card in zip(self._matrices, cards, strict=False):
            if not card.messages:
                continue
            out.append(b"q %s cm BT" % matrix)
            out += self._messages(card.messages)
            if card.number is not None:
                out.append(self._number(card.number))
            out.append(b"ET Q")
        out.append(self._crop_marks)
        return b"\n".join(out)

    def _messages(self, messages: Sequence[Setting]) -> Iterator[bytes]:
        """Place messages from the top down, the spare space spread evenly around them."""
        typesetter = self._typesetter
        half = typesetter.leading / 2
        spare = (typesetter.capacity - height(messages)) * half + sum([one.spared for one in messages])
        between = spare / (len(messages) + 1)
        top = (typesetter.height - MARGIN) * POINTS_PER_MM
        top -= spare * ABOVE_SINGLE if len(messages) == 1 else between
        for setting in messages:
            for piece, down in setting.stacked:
                size, base_line = number(piece.size), top - down - piece.drop
                yield b"%s 0 0 %s %s %.3f Tm\n%s" % (size, size, self._left, base_line, piece.body)
                self.usage.add(piece.used)
            top -= (setting.height + GAP) * half - setting.spared + between

    def _number(self, value: int) -> bytes:
        """Show a card's number at its foot, like that of a page."""
        widths, bodies = zip(*map(self._digits.__getitem__, str(value)), strict=True)
        return _NUMBER % (self._middle - sum(widths) * NUMBER_SIZE / 2000, b"".join(bodies))

    @cached_property
    def _digits(self) -> dict[str, tuple[float, bytes]]:
        """How wide each digit is and what shows it, as soon as a number is shown."""
        known = Shaper(faces.TEXT, "en")
        parts = {digit: known.part(digit) for digit in "0123456789"}
        self.usage.add(parts.values())
        return {digit: (part.width, part.body) for digit, part in parts.items()}


def _picture(imposition: Imposition, illustration: Illustration) -> bytes:
    """Place the picture on an upright card: inside the safe zone, or over the whole card and its bleed.

    A picture of other proportions than the card would lose too much under the bleed: it keeps its frame.
    """
    card = Box(0, 0, imposition.card.width, imposition.card.height)
    over = card.grown(imposition.bleed)
    across, up = over.width / illustration.width, over.height / illustration.height
    if imposition.bleed and min(across, up) / max(across, up) > 1 - MOST_CUT_AWAY:
        x0, y0, x1, y1 = over.points()
        return numbers(x0, y0, x1 - x0, y1 - y0) + b" re W n " + illustration.placed(over, over_all=True)
    return illustration.placed(card.grown(-SAFE_ZONE))


def _boxes(imposition: Imposition, side: Side) -> bytes:
    if not imposition.bleed:
        return b""
    trim, bleed = imposition.trim_box(side), imposition.bleed_box(side)
    return b"/TrimBox%s/BleedBox%s" % (array_of(trim.points()), array_of(bleed.points()))


def _matrix(cell: Cell) -> bytes:
    return numbers(*cell.matrix())


def _catalogue(pdf: PDFWriter, imposition: Imposition) -> bytes:
    """Write what the catalogue names: no scaling, how to turn the sheet, and what PDF/A asks for."""
    flip = b"DuplexFlipLongEdge" if imposition.duplex == "long-edge" else b"DuplexFlipShortEdge"
    preferences = b"/ViewerPreferences<</PrintScaling/None/Duplex/%s>>" % flip
    return archival(pdf, "Cards") + preferences
