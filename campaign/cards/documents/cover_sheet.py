"""cover.pdf: what a batch is, how to print, cut and post it, who did, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import BinaryIO

from campaign.cards.dimensions import CardSize
from campaign.cards.documents import page
from campaign.cards.documents.page import Page
from campaign.cards.imposition import SHEET_SIZES, Imposition
from campaign.cards.type.bidi.levels import base_level
from campaign.cards.type.embedding import Usage

PAPERS = (160, 200, 250, 300)  # g/m²
HEAVIEST_LETTER = 2000  # grams, the post's limit
ENVELOPE = 125  # grams: an envelope of 229 × 324 mm with stiff card, and some to spare
ENVELOPE_SIZE = (229, 324)  # mm, the largest
MARGIN = 20.0
RIGHT = 190.0
LABEL = (110.0, 62.0)  # mm


@dataclass(frozen=True)
class Address:
    """Where the cards go: lines to write on the envelope, and for how long somebody vouches for them."""

    lines: str
    verified_on: date | None
    valid_days: int

    def expired(self, today: date) -> str:
        """Say why the address must not be used; "" while it may."""
        if not self.lines.strip():
            return "No address is known for this campaign."
        if self.verified_on is None:
            return "Nobody has verified the address."
        if today > (last := self.verified_on + timedelta(days=self.valid_days)):
            return f"The address was verified on {_day(self.verified_on)}, which was good until {_day(last)}."
        return ""


@dataclass(frozen=True)
class Summary:
    """What the cover tells. `printer` is the one that the backs are drawn for, "" when there is only one."""

    name: str
    batch: int
    planned_on: date
    messages: int
    cards: int
    sheets: int
    files: Sequence[str]
    imposition: Imposition
    printer: str
    address: Address
    today: date
    numbered: bool = True


@dataclass(frozen=True)
class Weight:
    """A paper: one card and all cards in grams, how many a letter takes, and how many letters that makes."""

    paper: int
    card: float
    cards: float
    per_letter: int
    letters: int


def weights(card: CardSize, cards: int) -> tuple[Weight, ...]:
    """Estimate by paper; the weight of one card is rounded up to 0.1 g, on the side of the post."""
    rows = []
    for paper in PAPERS:
        one = ceil(card.width * card.height * paper / 1e6 * 10 - 1e-9) / 10
        fit = int((HEAVIEST_LETTER - ENVELOPE) / one + 1e-9)
        rows.append(Weight(paper, one, one * cards, fit, ceil(cards / fit)))
    return tuple(rows)


def write(out: BinaryIO, summary: Summary) -> None:
    """Write the cover, one page of A4."""
    usage = Usage()
    sheet = Page(SHEET_SIZES["A4"], usage)
    y = _head(sheet, summary)
    y = _printing(sheet, summary, y)
    y = _posting(sheet, summary, y)
    _signatures(sheet, y)
    _label(sheet, summary)
    page.write(out, [sheet], usage, "Cover")


def _head(sheet: Page, summary: Summary) -> float:
    room = RIGHT - MARGIN - 8 - sheet.text_line(MARGIN, 270, f"Batch {summary.batch}", 30)
    size = page.fitting_size(summary.name, room, 16)
    sheet.text_line(RIGHT, 270, summary.name, size, italic=True, align="right")
    sheet.text_line(
        MARGIN, 258, "This page is for the staff. It does not go into the envelope.", 10, italic=True
    )
    sheet.line(MARGIN, 264, RIGHT, 264, 1)
    columns = ((summary.messages, "messages"), (summary.cards, "cards"), (summary.sheets, "sheets"))
    for i, (count, what) in enumerate(columns):
        sheet.text_line(MARGIN + 34 * i, 244, f"{count:,}".replace(",", "\u2009"), 22)
        sheet.text_line(MARGIN + 34 * i, 239, what if count != 1 else what[:-1], 10)
    sheet.text_line(RIGHT, 244, f"planned on {_day(summary.planned_on)}", 10, align="right")
    first, last = summary.files[0], summary.files[-1]
    sheet.text_line(RIGHT, 239, first if first == last else f"{first} to {last}", 10, align="right")
    return 228


def _printing(sheet: Page, summary: Summary, y: float) -> float:
    plan = summary.imposition
    y = _heading(sheet, y, "Print and cut")
    edge = plan.duplex.replace("-", " ")
    steps = [
        f"Paper {plan.sheet.name}, {plan.sheet.width:g} × {plan.sheet.height:g} mm, "
        f"{plan.per_sheet} card{'s' * (plan.per_sheet > 1)} {plan.card.name} a sheet.",
        f"In the print dialog choose: both sides, flip on the {edge}; actual size (100 %), no fitting. "
        "Print one sheet first and hold it against the light: each back is exactly behind its front, and "
        "upright like it; if it stands on its head, choose the other edge. A printer of one side takes the "
        "odd pages first, and then the even ones on their backs.",
        _cutting(summary),
    ]
    if summary.printer:
        only = f"For the printer {summary.printer}, and for no other"
        steps.insert(1, f"{only}: “reprint --printer” makes them for another.")
    for step in steps:
        y = sheet.paragraph(MARGIN, y, RIGHT - MARGIN, step) - 1.2
    return y - 5


def _cutting(summary: Summary) -> str:
    how = "along the crop marks" if summary.imposition.crop_marks("fronts") else "the sheet into equal parts"
    order = "in the order of their numbers" if summary.numbered else "in the order of their sheets"
    keep = f"Keep the cards {order} until they are counted."
    return f"Cut {how}. {keep} Destroy a sheet that is spoiled, and make it again at the desk."


def _posting(sheet: Page, summary: Summary, y: float) -> float:
    y = _heading(sheet, y, "Weight")
    heads = ("paper", "one card", "all cards", "cards a letter", "letters")
    places = (MARGIN + 22, MARGIN + 58, MARGIN + 96, MARGIN + 134, RIGHT)
    for x, head in zip(places, heads, strict=True):
        sheet.text_line(x, y, head, 10, italic=True, align="right")
    for weight in weights(summary.imposition.card, summary.cards):
        y -= 6
        all_cards = f"{weight.cards / 1000:.2f} kg" if weight.cards >= 1000 else f"{weight.cards:.0f} g"
        row = (f"{weight.paper} g/m²", f"{weight.card:.1f} g", all_cards, weight.per_letter, weight.letters)
        for x, cell in zip(places, row, strict=True):
            sheet.text_line(x, y, str(cell), 11, align="right")
    y = sheet.paragraph(
        MARGIN,
        y - 7.5,
        RIGHT - MARGIN,
        f"Post the cards as letters, not as parcels. A letter weighs up to {HEAVIEST_LETTER / 1000:g} kg; "
        f"{ENVELOPE} g of them are kept for the envelope. "
        f"One of {ENVELOPE_SIZE[0]} × {ENVELOPE_SIZE[1]} mm, the largest allowed, "
        f"takes the cards in {_piles(summary.imposition.card)} piles side by side.",
    )
    return y - 5


def _signatures(sheet: Page, y: float) -> None:
    y = _heading(sheet, y, "Done by")
    for i, what in enumerate(("printed", "cut and counted", "read through", "posted")):
        line = y - 4 - 10 * (i // 2)
        left = MARGIN + 86 * (i % 2)
        length = sheet.text_line(left, line, what, 11)
        sheet.line(left + length + 2, line - 0.6, left + 52, line - 0.6)
        sheet.text_line(left + 54, line, "on", 11)
        sheet.line(left + 60, line - 0.6, left + 84, line - 0.6)


def _label(sheet: Page, summary: Summary) -> None:
    width, height = LABEL
    why_not = summary.address.expired(summary.today)
    if why_not:
        sheet.line(MARGIN, MARGIN + 26, RIGHT, MARGIN + 26)
        y = sheet.paragraph(MARGIN, MARGIN + 17, RIGHT - MARGIN, f"{why_not} No label is printed.", 13)
        sheet.paragraph(
            MARGIN,
            y,
            RIGHT - MARGIN,
            "Write the verified address and the day into campaign.toml, and reprint.",
        )
        return
    sheet.box(MARGIN, MARGIN, MARGIN + width, MARGIN + height)
    lines = [line.strip() for line in summary.address.lines.strip().splitlines()]
    inside, size = width - 20, 15.0
    while size > 6 and len(rows := page.wrapped(lines, inside, size)) * size / 2 > height - 9:
        size -= 1
    leftwards = base_level(" ".join(lines))
    begins = MARGIN + (width - 10 if leftwards else 10)
    y = MARGIN + height - 13
    for line in rows:
        fitting = page.fitting_size(line, inside, size)  # smaller for a word longer than the label
        sheet.text_line(begins, y, line, fitting, align="right" if leftwards else "left")
        y -= size / 2
    x = MARGIN + width + 6
    y = sheet.paragraph(
        x, MARGIN + height - 6, RIGHT - x, "Cut out the label and glue it on the envelope.", 10
    )
    sheet.paragraph(x, y - 2, RIGHT - x, f"Verified on {_day(summary.address.verified_on)}.", 10)


def _piles(card: CardSize) -> int:
    width, height = ENVELOPE_SIZE
    upright = int(width // card.width) * int(height // card.height)
    return max(upright, int(width // card.height) * int(height // card.width))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _heading(sheet: Page, y: float, text: str) -> float:
    sheet.text_line(MARGIN, y, text, 14, italic=True)
    return y - 8
