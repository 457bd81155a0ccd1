"""Cards to write and proof, and what the proof says of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from campaign.cards.imposition import imposition
from campaign.cards.proof.report import ExpectedCard, Report

A6 = imposition("A6", "A4")
Message = tuple[str, str]
CARDS = [
    [("We are with you.", "Anna"), ("Трымайся!", "Алесь")],
    [("Stay strong.", "Zoë")],
    [("Hope.", "Ida")],
]


def expected(cards: Sequence[Sequence[Message]], first: int = 1) -> list[ExpectedCard]:
    return [ExpectedCard(number, card) for number, card in enumerate(cards, first)]


def failed(report: Report) -> dict[str, tuple[str, ...]]:
    return {check.kind: check.faults for check in report.checks if not check.passed}


def changed(path: Path, change) -> Path:
    """Change a written file through MuPDF."""
    document = pymupdf.open(path)
    change(document)
    other = path.with_name("changed.pdf")
    document.save(other)
    document.close()
    return other
