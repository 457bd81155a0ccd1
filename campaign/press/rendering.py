"""A batch's files: drawn, proofed and safe on the disk, from the words in its slots."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import NoReturn

from campaign.cards.documents import cover_sheet
from campaign.cards.draw import DrawnSheet, DrawnSheets, join_sheets
from campaign.cards.fitting import UNREADABLE
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.progress import Progress, seldom, silent
from campaign.cards.proof.proof import proof
from campaign.cards.proof.report import ExpectedCard, Report
from campaign.cards.type.embedding import Usage
from campaign.content.campaign import Campaign
from campaign.language.english import counted
from campaign.ledger.batches import Batch, File, Slot
from campaign.messages import print_choice
from campaign.press import blame, made_with, manifest, sheet_files
from campaign.press.crew import ALONE, Crew
from campaign.press.planning import Unprinted
from campaign.press.stacks import (
    Ahead,
    CardSlots,
    DrawnStack,
    NotPrintable,
    ReadCards,
    RenderingError,
    draw,
)
from campaign.press.ticket import Setup
from campaign.storage import disk
from campaign.storage.disk import private_file, private_folder, sync

CARDS_PER_REPORT = 100
MAKE_ROOM = "nothing half done is left, and a batch stays planned: make room and run the command again"


@dataclass(frozen=True)
class Job:
    """A batch to be rendered. `read_cards` reads what may be printed."""

    campaign: Campaign
    batch: Batch
    setup: Setup
    picture: Illustration
    read_cards: ReadCards
    today: date
    progress: Progress = silent
    crew: Crew = ALONE


@dataclass
class Written:
    """What was written into a folder."""

    messages: int = 0
    cards: int = 0  # that hold messages; those that were taken back are left blank
    files: list[File] = field(default_factory=list)
    fonts: dict[str, str] = field(default_factory=dict)
    picture: str = ""  # the SHA-256 of the file that is on its fronts
    reports: list[Report] = field(default_factory=list)


def group_by_card(slots: Iterable[Slot], cards: range) -> list[CardSlots]:
    """Collect the slots of each card; a card without any is left blank."""
    by_card: dict[int, list[Slot]] = {card: [] for card in cards}
    for slot in slots:
        by_card[slot.card].append(slot)
    return [CardSlots(card, some) for card, some in by_card.items()]


def write_batch(job: Job, folder: Path) -> Written:
    """Write all files of a batch into an empty folder, file by file, so that the memory stays flat.

    Raises:
        CannotPrint: messages that no card can carry.
        RenderingError: no space, no permission, or a proof that failed.
    """
    written = Written()
    with refused_writes(folder):
        manifest.start(folder / "manifest.csv")
    files = sheet_files.file_cards(job.setup.imposition, job.batch.cards)
    ahead = Ahead(job.read_cards, files.values(), job.setup, job.crew)
    with job.crew.doing(ahead.read):
        for name in files:
            write_part(job, *ahead.take(), folder / name, written)
    with refused_writes(folder):
        manifest.write_tools(folder / "manifest.json", made_with.versions(), written.fonts)
        with private_file(folder / "cover.pdf") as out:
            cover_sheet.write(out, _summary(job, written))
        for file in folder.iterdir():
            sync(file)
        sync(folder)
    return written


def write_part(
    job: Job, cards: Sequence[CardSlots], drawn: Iterator[DrawnStack], path: Path, written: Written
) -> None:
    """Write one of a batch's files, and its cards in the manifest beside it."""
    written.cards += sum(bool(card.slots) for card in cards)
    of = job.batch.cards
    write_file(job.setup, job.picture, cards, path, written, drawn, job.progress, of, job.crew)
    with refused_writes(path):
        manifest.add(manifest.beside(path), _entries(job.setup, cards))


def write_file(
    setup: Setup,
    picture: Illustration,
    cards: Sequence[CardSlots],
    path: Path,
    written: Written,
    drawn: Iterator[DrawnStack],
    progress: Progress = silent,
    of: int = 0,
    crew: Crew = ALONE,
) -> None:
    """Write one file of sheets, open it again and compare it; note in `written` what is in it.

    `progress` is told the cards that were set, then those that were proofed, `of` the batch's.

    Raises:
        CannotPrint: messages that no card can carry.
        RenderingError: no space, no permission, or a proof that failed, naming the card.
    """

    def tell(what: str, done: int, _of: int) -> None:
        progress(what, cards[done - 1].card, of)

    told = seldom(tell, CARDS_PER_REPORT)
    sheets = _draw(path, setup, picture, cards, drawn, told)
    report = _proof(path, setup, cards, told, crew)
    if not report.passed:
        _refuse(report, setup, picture, cards)
    written.reports.append(report)
    written.files.append(sheet_files.describe_file(path))
    written.fonts |= sheets.fonts
    written.picture = picture.sha256
    written.messages += sum(len(card.slots) for card in cards)


def _draw(
    path: Path,
    setup: Setup,
    illustration: Illustration,
    cards: Sequence[CardSlots],
    drawn: Iterator[DrawnStack],
    progress: Progress,
) -> DrawnSheets:
    usage = Usage()

    def sheets() -> Iterator[DrawnSheet]:
        done = 0
        for stack in drawn:
            usage.include(stack.glyphs)
            for sheet in stack.sheets:
                yield sheet
                done += len(sheet.shown)
                progress("setting cards", done, len(cards))

    with refused_writes(path), private_file(path) as out:
        return join_sheets(out, setup.imposition, illustration, sheets(), usage)


def _proof(path: Path, setup: Setup, cards: Sequence[CardSlots], progress: Progress, crew: Crew) -> Report:
    expected = (
        ExpectedCard(card.card, [print_choice.shown(slot) for slot in card.slots], setup.number)
        for card in cards
    )
    per_sheet = setup.imposition.per_sheet

    def proofed(_what: str, sheets: int, _of: int) -> None:
        progress("proofing cards", min(sheets * per_sheet, len(cards)), len(cards))

    return proof(path, setup.imposition, expected, proofed, parts=len(crew), share=crew.map)


def _refuse(report: Report, setup: Setup, picture: Illustration, cards: Sequence[CardSlots]) -> NoReturn:
    """Blame messages for a file that did not pass, or the file."""
    draw = partial(_passes, report.file.with_name("again.pdf"), setup, picture)
    if guilty := blame.guilty(cards, report.unreadable, setup.imposition.per_sheet, draw):
        raise NotPrintable([Unprinted(slot.message, UNREADABLE) for slot in guilty])
    fault = report.faults[0]
    raise RenderingError(
        f"{report.file.name}: the proof found {counted(len(report.faults), 'fault')}; {fault}"
        f"{_on_card(fault, cards)}. The batch stays planned: nothing of it is to be printed. Report "
        "this; to print the others meanwhile, take the card back with `build.py batches ... void`, and "
        "reject the message"
    )


def _passes(path: Path, setup: Setup, picture: Illustration, cards: Sequence[CardSlots]) -> bool:
    """Draw one sheet for itself, and look at it as at the whole file."""
    _draw(path, setup, picture, cards, draw(setup, cards, ALONE), silent)
    passed = _proof(path, setup, cards, silent, ALONE).passed
    path.unlink()
    return passed


def _on_card(fault: str, cards: Sequence[CardSlots]) -> str:
    """Name the messages of the card that a fault names."""
    named = [slot.message for card in cards for slot in card.slots if fault.startswith(f"card {card.card}:")]
    return f" (message {', '.join(named)})" if named else ""


def _entries(setup: Setup, cards: Iterable[CardSlots]) -> Iterator[manifest.Entry]:
    per_sheet = setup.imposition.per_sheet
    for card, slots in ((one.card, one.slots) for one in cards):
        sheet = -(-card // per_sheet)
        for slot in slots:
            yield manifest.Entry(card, sheet, slot.position, slot.message, slot.text_sha256)


def _summary(job: Job, written: Written) -> cover_sheet.Summary:
    recipient, batch = job.campaign.recipient, job.batch
    return cover_sheet.Summary(
        job.campaign.name,
        batch.number,
        batch.planned_at.date(),
        written.messages,
        written.cards,
        job.setup.imposition.sheets(batch.cards),
        [file.name for file in written.files],
        job.setup.imposition,
        job.setup.printer,
        cover_sheet.Address(recipient.address, recipient.address_verified_on, recipient.address_valid_days),
        job.today,
        job.setup.number,
    )


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, and remove what is left of it in the end.

    Raises:
        RenderingError: it cannot be written, or `target` is a link: no purge would find what it leads to.
    """
    if target.is_symlink():
        raise RenderingError(f"{target}: is a link; put the folder itself there, or delete the link")
    part = target.with_name(f".{target.name}.part")
    with refused_writes(part):
        disk.remove(part)  # of a run that was killed; a link would lead what is drawn elsewhere
        new = private_folder(part.parent)
        private_folder(part)
    try:
        with refused_writes(part):
            for folder in new:  # it lasts only when the folder above it is on the disk
                sync(folder.parent)
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def replace_folder(part: Path, target: Path) -> None:
    """Rename a finished folder; a reader sees the old files, or all new ones."""
    old = target.with_name(f".{target.name}.old")
    with refused_writes(target):
        shutil.rmtree(old, ignore_errors=True)
        part.stat()  # another run, to which the lease was lost, may have removed it
        if target.exists():
            target.rename(old)
        part.rename(target)
        sync(target.parent)
        disk.remove(old)


def remove_folder(target: Path) -> None:
    """Remove a folder that must not be printed, if it is there; a rename hides it first, whatever happens."""
    hidden = target.with_name(f".{target.name}.old")
    shutil.rmtree(hidden, ignore_errors=True)
    with suppress(FileNotFoundError):
        target.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def refused_writes(path: Path) -> AbstractContextManager[None]:
    """Explain a full disk or a missing permission in plain words.

    Raises:
        RenderingError: naming the path and the reason.
    """
    return disk.refused_writes(path, RenderingError, MAKE_ROOM)
