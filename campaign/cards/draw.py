"""Sheets of cards drawn into a PDF: fronts with the illustration, backs with the messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, islice
from pathlib import Path
from typing import BinaryIO

from campaign.cards import fonts
from campaign.cards.embedding import Usage
from campaign.cards.illustration import Illustration
from campaign.cards.pdf import Writer, array_of, metadata, number
from campaign.cards.shaping import Shaper
from campaign.cards.sheet import SAFE_ZONE, Box, Cell, Imposition
from campaign.cards.type import GAP, MARGIN, POINTS_PER_MM, Setting, Typesetter

NUMBER_SIZE = 7.5
NUMBER_BASE = SAFE_ZONE + 1.0  # mm above the lower edge
HAIRLINE = 0.25
ABOVE_SINGLE = 0.42  # of the spare space: a message alone stands a little above the middle
PROFILE = Path(__file__).resolve().parent / "srgb.icc"


@dataclass(frozen=True, slots=True)
class Card:
    """The messages on one card's back, in order, and its number; no number is printed where it is None.

    A card without messages is left blank on both sides.
    """

    messages: Sequence[Setting]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a file holds."""

    cards: int
    sheets: int
    fonts: dict[str, str]  # file name to SHA-256


def draw_sheets(
    out: BinaryIO,
    imposition: Imposition,
    illustration: Illustration,
    cards: Iterable[Card],
    *,
    typesetter: Typesetter,
    title: str = "Cards",
) -> Drawn:
    """Write the sheets of `cards`, fronts on odd pages and backs on even ones.

    `typesetter` is the one that set the messages. Cards are taken one sheet at a time, so an iterator keeps
    the memory flat. The same arguments give the same bytes.
    """
    pdf = Writer(out)
    usage = Usage()
    picture = illustration.write(pdf)
    fronts: dict[tuple[bool, ...], int] = {}
    boxes = {side: _boxes(imposition, side) for side in ("fronts", "backs")}
    count = sheets = 0
    for row in _rows(cards, imposition.per_sheet):
        shown = tuple(bool(card.messages) for card in row)
        if shown not in fronts:
            fronts[shown] = pdf.stream(_fronts(imposition, illustration, shown))
        pdf.page(fronts[shown], boxes["fronts"])
        pdf.page(pdf.stream(_backs(imposition, row, typesetter, usage)), boxes["backs"])
        count += len(row)
        sheets += 1
    _finish(pdf, imposition, usage, picture, title)
    return Drawn(count, sheets, {face.family.file: face.digest() for face in usage.faces()})


def _rows(cards: Iterable[Card], length: int) -> Iterator[list[Card]]:
    iterator = iter(cards)
    while row := list(islice(iterator, length)):
        yield row


def _finish(pdf: Writer, imposition: Imposition, usage: Usage, picture: int, title: str) -> None:
    resources = b"/Font<<%s>>/XObject<</P %d 0 R>>" % (usage.write(pdf), picture)
    profile = pdf.stream(PROFILE.read_bytes(), b"/N 3")
    intent = (
        b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        b"/RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>]" % profile
    )
    catalogue = b"/Metadata %d 0 R%s/ViewerPreferences<</PrintScaling/None/Duplex/%s>>" % (
        metadata(pdf, title),
        intent,
        b"DuplexFlipLongEdge" if imposition.duplex == "long-edge" else b"DuplexFlipShortEdge",
    )
    pdf.finish(resources, b"/MediaBox" + array_of(imposition.media_box.points()), catalogue)


def _boxes(imposition: Imposition, side: str) -> bytes:
    if not imposition.bleed:
        return b""
    trim = array_of(imposition.trim_box(side).points())  # type: ignore[arg-type]
    return b"/TrimBox%s/BleedBox%s" % (trim, array_of(imposition.bleed_box(side).points()))  # type: ignore[arg-type]


def _fronts(imposition: Imposition, illustration: Illustration, shown: Sequence[bool]) -> bytes:
    out = []
    for cell in compress(imposition.fronts, shown):
        out.append(b"q %s cm %s Q" % (_matrix(cell), _picture(imposition, illustration)))
    return b"\n".join([*out, _marks(imposition, "fronts")])


def _picture(imposition: Imposition, illustration: Illustration) -> bytes:
    """Place the picture on an upright card: inside the safe zone, or over the whole card and its bleed."""
    card = Box(0, 0, imposition.card.width, imposition.card.height)
    if imposition.bleed:
        frame, fit = card.grown(imposition.bleed), max
    else:
        frame, fit = card.grown(-SAFE_ZONE), min
    scale = fit(frame.width / illustration.width, frame.height / illustration.height)
    width, height = illustration.width * scale, illustration.height * scale
    left = frame.left + (frame.width - width) / 2
    bottom = frame.bottom + (frame.height - height) / 2
    clip = b""
    if imposition.bleed:
        x0, y0, x1, y1 = frame.points()
        clip = array_of((x0, y0, x1 - x0, y1 - y0))[1:-1] + b" re W n "
    place = [scale * POINTS_PER_MM, 0, 0, scale * POINTS_PER_MM, left * POINTS_PER_MM, bottom * POINTS_PER_MM]
    return clip + array_of(place)[1:-1] + b" cm /P Do"


def _marks(imposition: Imposition, side: str) -> bytes:
    marks = imposition.marks(side)  # type: ignore[arg-type]
    lines = [
        array_of(v * POINTS_PER_MM for v in (m.x0, m.y0))[1:-1]
        + b" m "
        + array_of(v * POINTS_PER_MM for v in (m.x1, m.y1))[1:-1]
        + b" l"
        for m in marks
    ]
    return b"0 G %s w %s S" % (number(HAIRLINE), b" ".join(lines)) if lines else b""


def _backs(imposition: Imposition, cards: Sequence[Card], typesetter: Typesetter, usage: Usage) -> bytes:
    out = [b"0 g"]
    for cell, card in zip(imposition.backs, cards, strict=False):
        if not card.messages:
            continue
        out.append(b"q %s cm BT" % _matrix(cell))
        out += _messages(card.messages, typesetter, usage)
        if card.number is not None:
            out.append(_number(card.number, imposition.card.width, usage))
        out.append(b"ET Q")
    out.append(_marks(imposition, "backs"))
    return b"\n".join(out)


def _messages(messages: Sequence[Setting], typesetter: Typesetter, usage: Usage) -> Iterator[bytes]:
    """Place messages from the top down, the spare space spread evenly around them."""
    half = typesetter.leading / 2
    taken = sum(setting.height for setting in messages) + GAP * (len(messages) - 1)
    spare = (typesetter.capacity - taken) * half
    between = spare / (len(messages) + 1)
    top = (typesetter.height - MARGIN) * POINTS_PER_MM
    top -= spare * ABOVE_SINGLE if len(messages) == 1 else between
    left = MARGIN * POINTS_PER_MM
    size = number(typesetter.size)
    for setting in messages:
        base = top - setting.drop * typesetter.leading
        yield b"%s 0 0 %s %s %s Tm" % (size, size, number(left), number(base))
        yield setting.body
        for line in setting.lines:
            usage.add(line)
        usage.add(setting.name)
        top -= (setting.height + GAP) * half + between


def _number(value: int, width: float, usage: Usage) -> bytes:
    (part,) = _digits()[str(value)]
    usage.add([part])
    size = number(NUMBER_SIZE)
    left = width * POINTS_PER_MM / 2 - part.width * NUMBER_SIZE / 2000
    place = b"%s 0 0 %s %s %s Tm" % (size, size, number(left), number(NUMBER_BASE * POINTS_PER_MM))
    return b"%s/%s 1 Tf[(%s)]TJ" % (place, fonts.TEXT.key.encode(), part.body)


@lru_cache(maxsize=1)
def _digits() -> Shaper:
    return Shaper(fonts.TEXT, "en")


@lru_cache(maxsize=64)
def _matrix(cell: Cell) -> bytes:
    return array_of(cell.matrix())[1:-1]
