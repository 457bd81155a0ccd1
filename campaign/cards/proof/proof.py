"""A file of sheets opened again before it is printed: the right words in place, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

import pymupdf
from pymupdf import mupdf

from campaign.cards.progress import Progress, silent
from campaign.cards.proof.comparing import colour_faults, count_letters, same_words
from campaign.cards.proof.reading import SheetSide
from campaign.cards.sheet import SAFE_ZONE, Box, Cell, Imposition
from campaign.errors import CandleError

SLACK = 0.4  # mm: MuPDF's boxes around ink are a point larger than the ink
MOST_FAULTS = 20  # named; the rest is counted
NEEDLESS = ("Annots", "AA", "CropBox", "Rotate", "UserUnit")
# What MuPDF raises of a file, when it is opened or later, when something in it is not there.
DAMAGED = (pymupdf.FileDataError, pymupdf.FileNotFoundError, mupdf.FzErrorBase, RuntimeError, ValueError)
Side = Literal["fronts", "backs"]
CheckKind = Literal["bytes", "pages", "boxes", "words", "fronts", "ink", "backs", "extras", "fonts"]


class ProofError(CandleError):
    """A file that cannot be opened as sheets of cards."""


@dataclass(frozen=True)
class ExpectedCard:
    """What one card must carry: its messages as (text, first name, what stands below), the uppermost first.

    A card without messages is left blank on both sides.
    """

    card: int
    messages: Sequence[Sequence[str]]
    numbered: bool = True

    @property
    def texts(self) -> list[str]:
        """The messages with their names, then the card's number."""
        texts = [part for text, name, *below in self.messages for part in (f"{text} {name}", *below)]
        return [*texts, str(self.card)] if self.numbered and self.messages else texts


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    kind: CheckKind
    found: str
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True)
class Report:
    """What the proof of one file found; `unreadable` are the cards whose words are not those approved."""

    file: Path
    checks: tuple[Check, ...]
    unreadable: tuple[int, ...] = ()

    @property
    def only_unreadable(self) -> bool:
        """Tell whether nothing is wrong but words of single cards."""
        return bool(self.unreadable) and all(check.passed for check in self.checks if check.kind != "words")

    @property
    def passed(self) -> bool:
        """Tell whether the file may be printed."""
        return all(check.passed for check in self.checks)

    @property
    def faults(self) -> tuple[str, ...]:
        """All faults, each naming its card, page or font."""
        return tuple(fault for check in self.checks for fault in check.faults)


def proof(
    path: Path,
    imposition: Imposition,
    cards: Iterable[ExpectedCard] | None = None,
    progress: Progress = silent,
) -> Report:
    """Open a file of sheets and compare it with what it must hold.

    `cards` are those of the file in order, taken one sheet at a time. Without them the words are not
    compared, only their place, their colour and their fonts.

    Raises:
        ProofError: the file is no PDF, or too much of it is lost.
    """
    try:
        with pymupdf.open(path, filetype="pdf") as document:
            found = _Proof(document, imposition, cards)
            return Report(path, found.checks(progress), tuple(found.unreadable))
    except DAMAGED as error:
        raise ProofError(f"{path}: cannot be opened as a PDF; render it again") from error


class _Proof:
    """The state of one file's proof: its faults so far."""

    def __init__(
        self, document: pymupdf.Document, imposition: Imposition, cards: Iterable[ExpectedCard] | None
    ) -> None:
        self.document = document
        self.imposition = imposition
        self.cards = None if cards is None else iter(cards)
        self.faults: list[tuple[CheckKind, str]] = []
        self.fronts: set[tuple[object, ...]] = set()
        self.plain_parents: set[int] = set()  # nodes of the page tree that give a page nothing needless
        self.waste = bool(imposition.crop_marks("backs"))
        self.compared = 0
        self.unreadable: list[int] = []

    def checks(self, progress: Progress) -> tuple[Check, ...]:
        """Look at every sheet, then sum up."""
        sheets, odd = divmod(self.document.page_count, 2)
        if odd:
            self.add_fault("pages", f"page {self.document.page_count}: its back is missing")
        for sheet in range(sheets):
            self.check_sheet(sheet)
            progress("proofing sheets", sheet + 1, sheets)
        for card in self.cards or ():
            self.add_fault("pages", f"card {card.card}: is not in the file")
        names = self.check_fonts()
        self.check_file()
        return tuple(self.summary(sheets, names))

    def summary(self, sheets: int, names: Sequence[str]) -> Iterator[Check]:
        """Make the report's lines."""
        size, card = self.imposition.sheet, self.imposition.card
        yield self.check("pages", f"{sheets} sheets of two sides")
        yield self.check("boxes", f"{size.name} of {size.width:g} × {size.height:g} mm, cards {card.name}")
        if self.cards is not None:
            yield self.check("words", f"{self.compared} cards carry what was approved")
        yield self.check("fronts", "the picture, no words")
        yield self.check("ink", f"{SAFE_ZONE:g} mm away from every cut")
        yield self.check("backs", "black only")
        yield self.check("fonts", f"embedded: {', '.join(names) or 'none'}")
        yield self.check("extras", "no notes, scripts, links or names")

    def check(self, kind: CheckKind, found: str) -> Check:
        """Collect the faults of one kind."""
        faults = [fault for its_kind, fault in self.faults if its_kind == kind]
        more = len(faults) - MOST_FAULTS
        named = faults[:MOST_FAULTS] + ([f"and {more} more"] if more > 0 else [])
        return Check(kind, found if not faults else f"{len(faults)} faults", tuple(named))

    def add_fault(self, kind: CheckKind, words: str) -> None:
        """Note a fault."""
        self.faults.append((kind, words))

    def check_sheet(self, number: int) -> None:
        """Look at both sides of one sheet."""
        row: list[ExpectedCard | None] = [None] * self.imposition.per_sheet
        if self.cards is not None:
            row[:] = islice(self.cards, self.imposition.per_sheet)
            row += [ExpectedCard(0, ())] * (self.imposition.per_sheet - len(row))
        front = SheetSide(self.document, 2 * number, self.imposition)
        back = SheetSide(self.document, 2 * number + 1, self.imposition)
        self.check_boxes(front, "fronts", 2 * number + 1)
        self.check_boxes(back, "backs", 2 * number + 2)
        self.check_front(front, number + 1, row)
        self.check_back(back, number + 1, row)

    def check_boxes(self, side: SheetSide, name: Side, page: int) -> None:
        """Compare the page's boxes with the geometry, and find entries that no sheet needs.

        Pages of the same side that take the rest from the same node, and say as much themselves, are alike.
        """
        wanted = {"MediaBox": self.imposition.media_box}
        if self.imposition.bleed:
            wanted |= {"TrimBox": self.imposition.trim_box(name), "BleedBox": self.imposition.bleed_box(name)}
        elif side.parent in self.plain_parents and side.plain:
            return
        for box, mm in wanted.items():
            found, points = side.box(box), Box(*mm.points())
            if found is None or not (found.contains(points, 0.01) and points.contains(found, 0.01)):
                self.add_fault("boxes", f"page {page}: its {box} is not {mm.width:g} × {mm.height:g} mm")
        strange = [entry for entry in NEEDLESS if side.has(entry)]
        for entry in strange:
            self.add_fault("extras", f"page {page}: has {entry}")
        if side.plain and not strange:
            self.plain_parents.add(side.parent)

    def check_front(self, side: SheetSide, sheet: int, row: Sequence[ExpectedCard | None]) -> None:
        """Look at the pictures; all sheets show the same stream, which is looked at once."""
        blanks = tuple(card is not None and not card.messages for card in row)
        if (side.contents, blanks) in self.fronts:
            return
        self.fronts.add((side.contents, blanks))
        bleed = self.imposition.bleed
        if side.text().strip():
            self.add_fault("fronts", f"sheet {sheet}: words on its front")
        for cell, card, blank in zip(self.imposition.fronts, row, blanks, strict=True):
            ink = side.ink([cell], bleed=bleed)
            allowed = self.card_box.grown(bleed or -SAFE_ZONE)
            if blank and ink:
                self.add_fault("fronts", f"sheet {sheet}: a picture where no card is")
            if not blank and card and not ink:
                self.add_fault("fronts", f"card {card.card}: no picture on its front")
            if ink and not allowed.contains(ink, SLACK):
                self.add_fault("ink", f"{_place(card, sheet)}: its picture reaches too near to a cut")

    def check_back(self, side: SheetSide, sheet: int, row: Sequence[ExpectedCard | None]) -> None:
        """Look at the words of every card."""
        for fault in colour_faults(side.operators()):
            self.add_fault("backs", f"sheet {sheet}: {fault}")
        count, backs = 0, self.imposition.backs
        if self.near_a_cut(side, backs):
            for cell, card in zip(backs, row, strict=True):
                if self.near_a_cut(side, [cell]):
                    self.add_fault("ink", f"{_place(card, sheet)}: its words reach too near to a cut")
        for cell, card in zip(backs, row, strict=True):
            seen = side.text_of(cell)
            count += count_letters(seen)
            if card is not None and not same_words(card.texts, seen):
                self.add_fault("words", f"{_place(card, sheet)}: its words are not those approved")
                self.unreadable.append(card.card)
            self.compared += bool(card and card.messages)
        # Without waste around the cards every place belongs to one of them.
        if self.waste and count_letters(side.text()) != count:
            self.add_fault("words", f"sheet {sheet}: words outside its cards, or across a cut")

    def near_a_cut(self, side: SheetSide, cells: Sequence[Cell]) -> bool:
        """Tell whether what is printed on some backs comes too near to the cuts around one of them."""
        ink = side.ink(cells)
        return bool(ink and not self.card_box.grown(-SAFE_ZONE).contains(ink, SLACK))

    @cached_property
    def card_box(self) -> Box:
        """The upright card."""
        return Box(0, 0, self.imposition.card.width, self.imposition.card.height)

    def check_fonts(self) -> list[str]:
        """Name the fonts, and those that are not in the file or stand for another."""
        names = set()
        for xref in range(1, self.document.xref_length()):
            if self.document.xref_get_key(xref, "Type")[1] != "/Font":
                continue
            name = self.document.xref_get_key(xref, "BaseFont")[1].lstrip("/")
            kind = self.document.xref_get_key(xref, "Subtype")[1]
            if kind.startswith("/CIDFontType"):
                names.add(name.partition("+")[2])
                self.check_embedded(xref, name)
            elif kind != "/Type0":
                self.add_fault(
                    "fonts", f"{name}: is a {kind.lstrip('/')} font, and must be a subset of our own"
                )
        return sorted(names)

    def check_embedded(self, xref: int, name: str) -> None:
        """Check one font's program."""
        programs = [f"FontDescriptor/FontFile{n}" for n in ("", "2", "3")]
        if all(self.document.xref_get_key(xref, key)[0] == "null" for key in programs):
            self.add_fault("fonts", f"{name}: is not embedded")
        if "+" not in name:
            self.add_fault("fonts", f"{name}: is not cut down to the glyphs that are used")

    def check_file(self) -> None:
        """Look for what no sheet needs: a damaged table, scripts, attachments, people's names."""
        if self.document.is_repaired:
            self.add_fault("extras", "the file is damaged; render it again")
        catalogue = self.document.pdf_catalog()
        for entry in ("OpenAction", "AA", "Names", "AcroForm", "Outlines", "AF"):
            if self.document.xref_get_key(catalogue, entry)[0] != "null":
                self.add_fault("extras", f"the file has {entry}")
        for entry, value in (self.document.metadata or {}).items():
            if value and entry in ("author", "subject", "keywords"):
                self.add_fault("extras", f"the file names its {entry}")


def _place(card: ExpectedCard | None, sheet: int) -> str:
    return f"card {card.card}" if card and card.card else f"sheet {sheet}"
