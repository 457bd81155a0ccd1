"""A file of sheets opened again before it is printed: the right words in place, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pymupdf
from pymupdf import mupdf

from campaign.cards.dimensions import SAFE_ZONE
from campaign.cards.imposition import Box, Imposition
from campaign.cards.progress import Progress, silent
from campaign.cards.proof.black_ink import colour_faults
from campaign.cards.proof.comparing import count_letters, same_words
from campaign.cards.proof.reading import SLACK, SheetSide, fonts, upright
from campaign.cards.proof.report import Check, CheckKind, ExpectedCard, Front, Report, Stretch, StretchFaults
from campaign.errors import CandleError

MOST_FAULTS = 20  # named; the rest is counted
NEEDLESS = ("Annots", "AA", "CropBox", "Rotate", "UserUnit")
# What MuPDF raises of a file, when it is opened or later, when something in it is not there.
DAMAGED = (pymupdf.FileDataError, pymupdf.FileNotFoundError, mupdf.FzErrorBase, RuntimeError, ValueError)
Side = Literal["fronts", "backs"]
Share = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


class ProofError(CandleError):
    """A file that cannot be opened as sheets of cards."""


def proof(
    path: Path,
    imposition: Imposition,
    cards: Iterable[ExpectedCard] | None = None,
    progress: Progress = silent,
    *,
    parts: int = 1,
    share: Share = map,
) -> Report:
    """Open a file of sheets and compare it with what it must hold.

    `cards` are those of the file in order, taken one sheet at a time. Without them the words are not
    compared, only their place, their colour and their fonts. With several `parts`, `share` has each looked
    at wherever it likes, and gives what was found in their order.

    Raises:
        ProofError: the file is no PDF, or too much of it is lost.
    """
    with _opened(path) as document:
        whole = _Proof(document, imposition, None if cards is None else iter(cards))
        if parts > 1:
            stretches = list(whole.stretches(path, parts))
            for stretch, found in zip(stretches, share(_look_at, stretches), strict=True):
                whole.found.add(found)
                progress("proofing sheets", stretch.sheets.stop, whole.sheets)
        else:
            whole.look_at(range(whole.sheets), progress)
        return Report(path, whole.checks(), tuple(whole.unreadable))


def _look_at(stretch: Stretch) -> StretchFaults:
    """Look at some sheets of a file."""
    with _opened(stretch.path) as document:
        cards = None if stretch.cards is None else iter(stretch.cards)
        part = _Proof(document, stretch.imposition, cards)
        part.look_at(stretch.sheets)
        return part.found


@contextmanager
def _opened(path: Path) -> Iterator[pymupdf.Document]:
    if not path.is_file():  # MuPDF would wait for a pipe
        raise ProofError(f"{path}: is no file; name a file of sheets")
    try:
        with pymupdf.open(path, filetype="pdf") as document:
            yield document
    except DAMAGED as error:
        raise ProofError(f"{path}: cannot be opened as a PDF; render it again") from error


class _Proof:
    """The state of one file's proof: its faults so far."""

    def __init__(
        self, document: pymupdf.Document, imposition: Imposition, cards: Iterator[ExpectedCard] | None
    ) -> None:
        self.document = document
        self.imposition = imposition
        self.cards = cards
        self.found = StretchFaults()
        self.sheets = document.page_count // 2
        self.plain_parents: set[int] = set()  # nodes of the page tree that give a page nothing needless
        self.waste = bool(imposition.crop_marks("backs"))
        self.fronts = upright(imposition.fronts, imposition)
        self.backs = upright(imposition.backs, imposition)

    def stretches(self, path: Path, parts: int) -> Iterator[Stretch]:
        """Divide the sheets, with the cards that belong there."""
        step = max(-(-self.sheets // parts), 1)
        for start in range(0, self.sheets, step):
            sheets = range(start, min(start + step, self.sheets))
            count = len(sheets) * self.imposition.per_sheet
            cards = None if self.cards is None else list(islice(self.cards, count))
            yield Stretch(path, self.imposition, sheets, cards)

    def look_at(self, sheets: range, progress: Progress = silent) -> None:
        """Look at both sides of some sheets."""
        for sheet in sheets:
            self.check_sheet(sheet)
            progress("proofing sheets", sheet + 1, self.sheets)

    def checks(self) -> tuple[Check, ...]:
        """Look at what belongs to the whole file, then sum up."""
        if self.document.page_count % 2:
            self.add_fault("pages", f"page {self.document.page_count}: its back is missing")
        for card in self.cards or ():
            self.add_fault("pages", f"card {card.card}: is not in the file")
        names = self.check_fonts()
        self.check_file()
        return tuple(self.summary(self.sheets, names))

    def summary(self, sheets: int, names: Sequence[str]) -> Iterator[Check]:
        """Make the report's lines."""
        size, card = self.imposition.sheet, self.imposition.card
        yield self.check("pages", f"sheets of two sides: {sheets}")
        yield self.check("boxes", f"{size.name} of {size.width:g} × {size.height:g} mm, cards {card.name}")
        if self.cards is not None:
            yield self.check("words", f"cards that carry what was approved: {self.found.compared}")
        yield self.check("fronts", "the picture, no words")
        yield self.check("ink", f"{SAFE_ZONE:g} mm away from every cut")
        yield self.check("backs", "black only")
        yield self.check("fonts", f"embedded: {', '.join(names) or 'none'}")
        yield self.check("extras", "no notes, scripts, links or names")

    @property
    def unreadable(self) -> list[int]:
        """The cards with faults on their backs, none where there are any others."""
        on_backs = all(kind in ("words", "ink") and not front for kind, _, front in self.found.faults)
        return sorted(set(self.found.unreadable)) if on_backs else []

    def check(self, kind: CheckKind, found: str) -> Check:
        """Collect the faults of one kind."""
        faults = [fault for its_kind, fault, _ in self.found.faults if its_kind == kind]
        more = len(faults) - MOST_FAULTS
        named = faults[:MOST_FAULTS] + ([f"and {more} more"] if more > 0 else [])
        return Check(kind, found if not faults else f"{len(faults)} faults", tuple(named))

    def add_fault(self, kind: CheckKind, words: str, front: Front | None = None) -> None:
        """Note a fault."""
        self.found.faults.append((kind, words, front))

    def check_sheet(self, number: int) -> None:
        """Look at both sides of one sheet."""
        row: list[ExpectedCard | None] = [None] * self.imposition.per_sheet
        if self.cards is not None:
            row[:] = islice(self.cards, self.imposition.per_sheet)
            row += [ExpectedCard(0, ())] * (self.imposition.per_sheet - len(row))
        front = SheetSide(self.document, 2 * number, self.imposition.card)
        back = SheetSide(self.document, 2 * number + 1, self.imposition.card)
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
        front = (side.contents, blanks)
        if front in self.found.fronts:
            return
        self.found.fronts.add(front)
        card_size, bleed = self.imposition.card, self.imposition.bleed
        allowed = Box(0, 0, card_size.width, card_size.height).grown(bleed or -SAFE_ZONE)
        if side.text().strip():
            self.add_fault("fronts", f"sheet {sheet}: words on its front", front)
        for matrix, card, blank in zip(self.fronts, row, blanks, strict=True):
            ink = side.ink([matrix], bleed=bleed)
            if blank and ink:
                self.add_fault("fronts", f"sheet {sheet}: a picture where no card is", front)
            if not blank and card and not ink:
                self.add_fault("fronts", f"card {card.card}: no picture on its front", front)
            if ink and not allowed.contains(ink, SLACK):
                self.add_fault("ink", f"{_place(card, sheet)}: its picture reaches too near to a cut", front)

    def check_back(self, side: SheetSide, sheet: int, row: Sequence[ExpectedCard | None]) -> None:
        """Look at the words of every card."""
        for fault in colour_faults(side.operators()):
            self.add_fault("backs", f"sheet {sheet}: {fault}")
        count = 0
        if side.near_a_cut(self.backs):
            for matrix, card in zip(self.backs, row, strict=True):
                if side.near_a_cut([matrix]):
                    self.add_fault("ink", f"{_place(card, sheet)}: its words reach too near to a cut")
                    self.found.unreadable += [card.card] if card else []
        for matrix, card in zip(self.backs, row, strict=True):
            seen = side.text_of(matrix)
            count += count_letters(seen) if self.waste else 0
            if card is not None and not same_words(card.texts, seen):
                self.add_fault("words", f"{_place(card, sheet)}: its words are not those approved")
                self.found.unreadable.append(card.card)
            self.found.compared += bool(card and card.messages)
        # Without waste around the cards every place belongs to one of them.
        if self.waste and count_letters(side.text()) != count:
            self.add_fault("words", f"sheet {sheet}: words outside its cards, or across a cut")

    def check_fonts(self) -> list[str]:
        """Name the fonts, and those that are not in the file or stand for another."""
        names = set()
        for xref in fonts(self.document):
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
