"""A file of sheets proofed by itself, compared with what the ledger says that it must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from campaign.cards import manifest
from campaign.cards.proof import Check, Expected, Report, proof
from campaign.cards.sheet import imposition
from campaign.database import Database
from campaign.press import batches, claims
from campaign.press import setup as setups
from campaign.press.batches import Batch, BatchError
from campaign.press.setup import Setup

_FOLDER = re.compile(r"batch-(\d+)")


@dataclass(frozen=True)
class _Known:
    """A file that the ledger knows: its batch, its cards, and the manifest beside it."""

    batch: Batch
    setup: Setup
    cards: range
    manifest: list[manifest.Entry]


def proof_file(path: Path, database: Database | None = None, card: str = "A6", sheet: str = "A4") -> Report:
    """Proof one file of sheets.

    In the folder of a batch its words are compared with the ledger's, and its bytes with those rendered
    first. Any other file, as a sample, is taken for sheets of `card` on `sheet`; its words are not compared.

    Raises:
        ProofError: the file is no PDF.
    """
    known = _known(path, database) if database else None
    if known is None or database is None:
        return proof(path, imposition(card, sheet))
    with database.read() as connection:
        expected, changed = _expected(connection, known)
    report = proof(path, known.setup.imposition, expected)
    return replace(report, checks=(_bytes(path, known, changed), *report.checks))


def _known(path: Path, database: Database) -> _Known | None:
    folder = path.resolve().parent
    number = _FOLDER.fullmatch(folder.name)
    listed = folder / "manifest.csv"
    if not number or not listed.exists():
        return None
    try:
        with database.read() as connection:
            batch = batches.get(connection, folder.parent.name, int(number[1]))
    except BatchError:
        return None
    setup = Setup.planned(batch.press)
    cards = setups.file_cards(setup, batch.cards).get(path.name)
    return _Known(batch, setup, cards, manifest.read(listed)) if cards else None


def _expected(connection: Connection, known: _Known) -> tuple[list[Expected], list[str]]:
    """Give what the cards must carry by the manifest, and the messages whose words are there no more."""
    words: dict[int, list[tuple[str, str]]] = {card: [] for card in known.cards}
    slots = {(s.card, s.position): s for s in batches.slots_of(connection, known.batch, known.cards)}
    changed = []
    for entry in known.manifest:
        if entry.card in words:
            slot = slots[entry.card, entry.position]
            words[entry.card].append((slot.text, slot.first_name))
            if claims.text_sha256(slot.text) != entry.text_sha256:
                changed.append(f"card {entry.card}: message {entry.message} was erased or changed since")
    return [Expected(card, said, known.setup.number) for card, said in words.items()], changed


def _bytes(path: Path, known: _Known, changed: list[str]) -> Check:
    """Compare the file with the ledger's hash."""
    found = setups.measured(path)
    first = next((file for file in known.batch.files if file.name == path.name), None)
    faults = list(changed)
    if first is None:
        return Check("bytes", "not marked as rendered yet", tuple(faults))
    if first != found:
        faults.append(f"{path.name}: is not the file that was rendered and proofed first")
    return Check("bytes", "as rendered first" if not faults else f"{len(faults)} faults", tuple(faults))


def table(report: Report) -> Iterator[tuple[str, str, str]]:
    """Give the report's lines: the check, what was found, its faults one a line."""
    for check in report.checks:
        yield check.what, check.found, "\n".join(check.faults) or "none"
