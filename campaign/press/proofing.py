"""A file of sheets proofed by itself, compared with what the ledger says that it must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.cards.imposition import Imposition, imposition
from campaign.cards.progress import Progress, silent
from campaign.cards.proof.proof import proof
from campaign.cards.proof.report import Check, ExpectedCard, Report
from campaign.ledger import batch_folders, batches
from campaign.ledger.batches import Batch, BatchError, File, Slot
from campaign.messages import print_choice
from campaign.messages.message import text_sha256
from campaign.press import manifest, sheet_files
from campaign.press.ticket import Setup
from campaign.storage.database import Database

_SOME_SHEETS = re.compile(r"reprint-sheets-([0-9]{1,9})-([0-9]{1,9})\.pdf")


@dataclass(frozen=True)
class _BatchFile:
    """A file that the ledger knows: its batch and its cards. `partial`: a reprint of these sheets alone.

    `reprint` is its entry, if it was printed again; `on_disk` is what is on the disk.
    """

    path: Path
    on_disk: File
    reprint: File | None
    batch: Batch
    setup: Setup
    cards: range
    partial: bool


def proof_file(
    path: Path,
    database: Database | None = None,
    sheets: Imposition | None = None,
    progress: Progress = silent,
) -> Report:
    """Proof one file of sheets.

    In the folder of a batch its words are compared with the ledger's, and its bytes with those rendered
    first or reprinted last. Any other file, as a sample, is taken for `sheets`, else for A6 on A4; its words
    are not compared.

    Raises:
        ProofError: the file is no PDF.
        ManifestError: the batch's manifest is missing or was changed.
    """
    batch_file = _find_batch_file(path, database) if database else None
    if batch_file is None or database is None:
        return proof(path, sheets or imposition("A6", "A4"), progress=progress)
    with database.read() as connection:
        slots = batches.slots_of(connection, batch_file.batch, batch_file.cards)
    expected, changed = (_printable(slots), []) if batch_file.partial else _by_manifest(batch_file, slots)
    cards = [ExpectedCard(card, expected.get(card, []), batch_file.setup.number) for card in batch_file.cards]
    report = proof(path, batch_file.setup.imposition, cards, progress)
    return replace(report, checks=(_check_bytes(batch_file, changed), *report.checks))


def _find_batch_file(path: Path, database: Database) -> _BatchFile | None:
    folder = path.resolve().parent
    number = batch_folders.PATTERN.fullmatch(folder.name)
    if not number:
        return None
    try:
        with database.read() as connection:
            batch = batches.get(connection, folder.parent.name, int(number[1]))
    except BatchError:
        return None
    described = sheet_files.describe_file(path)
    reprint = next((file for file in batch.reprinted if replace(file, reprint=0) == described), None)
    setup = Setup.from_ticket(batch.ticket, reprint.reprint if reprint else 0)
    partial = _SOME_SHEETS.fullmatch(path.name)
    if partial:
        sheets = range(int(partial[1]), int(partial[2]) + 1)
        cards = sheet_files.sheet_cards(setup.imposition, batch.cards, sheets)
    elif not (cards := sheet_files.file_cards(setup.imposition, batch.cards).get(path.name, range(0))):
        return None
    return _BatchFile(path, described, reprint, batch, setup, cards, partial=bool(partial))


_Messages = dict[int, list[tuple[str, ...]]]


def _printable(slots: Sequence[Slot]) -> _Messages:
    """Give what a reprint of some sheets may carry today; it has no manifest of its own."""
    words: _Messages = {}
    for slot in slots:
        if slot.live and slot.state == "approved" and text_sha256(slot.text) == slot.text_sha256:
            words.setdefault(slot.card, []).append(print_choice.shown(slot))
    return words


def _by_manifest(batch_file: _BatchFile, slots: Sequence[Slot]) -> tuple[_Messages, list[str]]:
    """Give what the cards must carry by the manifest, and the messages whose words are there no more."""
    words: _Messages = {}
    places = {(slot.card, slot.position, slot.message): slot for slot in slots}
    changed, listed = [], batch_file.path.with_name("manifest.csv")
    for line, entry in enumerate(manifest.read(listed), 2):
        if entry.card not in batch_file.cards:
            continue
        slot = places.get((entry.card, entry.position, entry.message))
        if slot is None:
            raise manifest.ManifestError(
                f"{listed}:{line}: {batch_file.batch} has no such message there; {manifest.REMEDY}"
            )
        words.setdefault(entry.card, []).append(print_choice.shown(slot))
        if text_sha256(slot.text) != entry.text_sha256:
            changed.append(f"card {entry.card}: message {entry.message} was erased or changed since")
    return words, changed


def _check_bytes(batch_file: _BatchFile, changed: list[str]) -> Check:
    """Compare the file with the ledger's hashes; what is void is not to be printed, whatever is in it."""
    batch, found, reprint = batch_file.batch, batch_file.on_disk, batch_file.reprint
    faults = list(changed)
    if batch.state == "void":
        faults.append(f"{batch}: it is void ({batch.void_reason}); destroy its sheets")
    if batch.state == "planned":  # a run was killed once they lay there, before it could say so
        again = f"`build.py cards {batch.campaign}` makes its sheets anew"
        faults.append(f"{batch}: it is planned, print nothing of this; {again}")
    if not batch.files:
        return Check("bytes", "not marked as rendered yet", tuple(faults))
    if found not in batch.files and reprint is None:
        faults.append(f"{found.name}: is not the file that was rendered and proofed; reprint it")
    told = f"as in reprint {reprint.reprint}" if reprint else "as rendered first"
    return Check("bytes", told if not faults else f"{len(faults)} faults", tuple(faults))


def table(report: Report) -> Iterator[tuple[str, str, str]]:
    """Give the report's lines: the check, what was found, its faults one a line."""
    for check in report.checks:
        yield check.kind, check.found, "\n".join(check.faults) or "none"
