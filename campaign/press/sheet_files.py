"""The files of a batch: which cards are in each, what they are called, and what the ledger keeps of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from campaign.cards.imposition import Imposition
from campaign.ledger.batches import File

SHEETS_PER_FILE = 500


def file_cards(imposition: Imposition, cards: int) -> dict[str, range]:
    """Name the files of a batch and the cards in each."""
    step = SHEETS_PER_FILE * imposition.per_sheet
    starts = range(1, cards + 1, step)
    if len(starts) == 1:
        return {"sheets.pdf": range(1, cards + 1)}
    return {
        f"sheets-{i:02}.pdf": range(start, min(start + step, cards + 1)) for i, start in enumerate(starts, 1)
    }


def sheet_cards(imposition: Imposition, cards: int, sheets: range) -> range:
    """Name the cards of a batch that lie on some of its sheets."""
    per_sheet = imposition.per_sheet
    return range((sheets.start - 1) * per_sheet + 1, min((sheets.stop - 1) * per_sheet, cards) + 1)


def describe_file(path: Path) -> File:
    """Give a file's name, hash and length, as the ledger keeps them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.name, digest, path.stat().st_size)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return describe_file(path).sha256
