"""A batch's files: drawn, proofed and safe on the disk, from the words in its slots."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from campaign.cards.documents import cover
from campaign.cards.draw import Card, DrawnSheets, draw_sheets
from campaign.cards.fitting import UNREADABLE
from campaign.cards.illustration.loading import Illustration, load_illustration
from campaign.cards.preview import preview_wording
from campaign.cards.progress import Progress, silent
from campaign.cards.proof.proof import ExpectedCard, Report, proof
from campaign.cards.type.setting import Setting
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.language.english import counted
from campaign.ledger.batches import Batch, File, Slot
from campaign.messages import printed
from campaign.press import manifest
from campaign.press import setup as setups
from campaign.press.planning import Unprinted
from campaign.press.setup import Setup
from campaign.storage import disk
from campaign.storage.disk import private_file, private_folder, sync

CARDS_PER_REPORT = 100
MAKE_ROOM = "nothing half done is left, and a batch stays planned: make room and run the command again"


class RenderingError(CandleError):
    """Sheets that could not be written, or did not pass their proof."""


class CannotPrint(RenderingError):
    """Messages of a batch that may not go on paper any more."""

    def __init__(self, messages: Sequence[Unprinted]) -> None:
        super().__init__("; ".join(f"message {one.message}: {one.why}" for one in messages))
        self.messages = tuple(messages)


class NotPrintable(CannotPrint):
    """Messages that no card can carry, though they were approved: staff have to look at them again."""


@dataclass(frozen=True)
class CardSlots:
    """What one card carries: its number in the batch, and its slots from the top down."""

    card: int
    slots: Sequence[Slot]


ReadCards = Callable[[range], list[CardSlots]]  # the words of some cards, read when they are needed


@dataclass(frozen=True)
class Job:
    """A batch to be rendered. `read_cards` reads what may be printed."""

    campaign: Campaign
    batch: Batch
    setup: Setup
    read_cards: ReadCards
    today: date
    progress: Progress = silent


@dataclass
class Written:
    """What was written into a folder."""

    messages: int = 0
    cards: int = 0  # that hold messages; those that were taken back are left blank
    files: list[File] = field(default_factory=list)
    fonts: dict[str, str] = field(default_factory=dict)
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
    picture = load_illustration(job.campaign.card_picture, job.setup.imposition.card)
    with refused_writes(folder):
        manifest.start(folder / "manifest.csv")
    for name, cards in setups.file_cards(job.setup, job.batch.cards).items():
        write_part(job, picture, cards, folder / name, written)
    with refused_writes(folder):
        manifest.write_tools(folder / "manifest.json", setups.versions(), written.fonts)
        with private_file(folder / "cover.pdf") as out:
            cover.write(out, _summary(job, written))
        for file in folder.iterdir():
            sync(file)
        sync(folder)
    return written


def write_part(job: Job, picture: Illustration, cards: range, path: Path, written: Written) -> None:
    """Write one of a batch's files, and its cards in the manifest beside it.

    The words of its cards are forgotten before the next are read.
    """
    contents = job.read_cards(cards)
    written.cards += sum(bool(card.slots) for card in contents)
    write_file(job.setup, picture, contents, path, written, job.progress, job.batch.cards)
    with refused_writes(path):
        manifest.add(manifest.beside(path), _entries(job.setup, contents))


def write_file(
    setup: Setup,
    picture: Illustration,
    cards: Sequence[CardSlots],
    path: Path,
    written: Written,
    progress: Progress = silent,
    of: int = 0,
) -> DrawnSheets:
    """Write one file of sheets, open it again and compare it; note in `written` what is in it.

    `progress` is told the cards that were set, then those that were proofed, `of` the batch's.

    Raises:
        CannotPrint: messages that no card can carry.
        RenderingError: no space, no permission, or a proof that failed, naming the card.
    """
    drawn = _draw(path, setup, picture, _reporting(cards, "setting cards", of, progress))
    written.reports.append(_proof(path, setup, cards, _reporting(cards, "proofing cards", of, progress)))
    written.files.append(setups.describe_file(path))
    written.fonts |= drawn.fonts
    written.messages += sum(len(card.slots) for card in cards)
    return drawn


def _draw(path: Path, setup: Setup, illustration: Illustration, cards: Iterable[CardSlots]) -> DrawnSheets:
    typesetter = setup.typesetter
    with refused_writes(path), private_file(path) as out:
        return draw_sheets(
            out, setup.imposition, illustration, _set_cards(cards, setup, typesetter), typesetter=typesetter
        )


def _reporting(cards: Sequence[CardSlots], what: str, of: int, progress: Progress) -> Iterator[CardSlots]:
    """Pass cards on and report progress: often enough to be seen, seldom enough to cost nothing."""
    for count, card in enumerate(cards, 1):
        yield card
        if count % CARDS_PER_REPORT == 0 or count == len(cards):
            progress(what, card.card, of)


def _proof(path: Path, setup: Setup, cards: Sequence[CardSlots], reported: Iterable[CardSlots]) -> Report:
    expected = (
        ExpectedCard(card.card, [printed.shown(slot) for slot in card.slots], setup.number)
        for card in reported
    )
    report = proof(path, setup.imposition, expected)
    if report.only_unreadable and (guilty := list(_unreadable(report, setup, cards))):
        raise NotPrintable([Unprinted(slot.message, UNREADABLE) for slot in guilty])
    if not report.passed:
        fault = report.faults[0]
        raise RenderingError(
            f"{path.name}: the proof found {counted(len(report.faults), 'fault')}; {fault}"
            f"{_on_card(fault, cards)}. The batch stays planned: nothing of it is to be printed. Report "
            "this; to print the others meanwhile, take the card back with `build.py batches ... void`, and "
            "reject the message"
        )
    return report


def _unreadable(report: Report, setup: Setup, cards: Sequence[CardSlots]) -> Iterator[Slot]:
    """Find the messages that their cards do not show.

    Where each of a card's would be read by itself, it is all of them; but when most cards fail so, the
    fault is not in the messages.
    """
    few = 2 * len(report.unreadable) < len(cards)
    for card in (card for card in cards if card.card in report.unreadable):
        alone = len(card.slots) == 1
        guilty = [slot for slot in card.slots if not _reads(slot, setup, alone=alone)]
        yield from guilty or (card.slots if few else ())


def _reads(slot: Slot, setup: Setup, *, alone: bool) -> bool:
    wording = printed.wording(slot)
    return preview_wording(wording, setup.imposition.card, alone=alone).reads(wording)


def _on_card(fault: str, cards: Sequence[CardSlots]) -> str:
    """Name the messages of the card that a fault names."""
    named = [slot.message for card in cards for slot in card.slots if fault.startswith(f"card {card.card}:")]
    return f" (message {', '.join(named)})" if named else ""


def _set_cards(cards: Iterable[CardSlots], setup: Setup, typesetter: Typesetter) -> Iterator[Card]:
    alone = replace(typesetter, alone=True)
    for card in cards:
        setter = alone if len(card.slots) == 1 else typesetter
        yield Card([_setting(slot, setter) for slot in card.slots], card.card if setup.number else None)


def _setting(slot: Slot, typesetter: Typesetter) -> Setting:
    try:
        return typesetter.set(*printed.wording(slot))
    except CannotSet as error:
        raise NotPrintable([Unprinted(slot.message, str(error))]) from error


def _entries(setup: Setup, cards: Iterable[CardSlots]) -> Iterator[manifest.Entry]:
    per_sheet = setup.imposition.per_sheet
    for card, slots in ((one.card, one.slots) for one in cards):
        sheet = -(-card // per_sheet)
        for slot in slots:
            yield manifest.Entry(card, sheet, slot.position, slot.message, slot.text_sha256)


def _summary(job: Job, written: Written) -> cover.Summary:
    recipient, batch = job.campaign.recipient, job.batch
    return cover.Summary(
        job.campaign.name,
        batch.number,
        batch.planned_at.date(),
        written.messages,
        written.cards,
        job.setup.imposition.sheets(batch.cards),
        [file.name for file in written.files],
        job.setup.imposition,
        job.setup.printer,
        cover.Address(recipient.address, recipient.address_verified_on, recipient.address_valid_days),
        job.today,
    )


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, and remove what is left of it in the end."""
    part = target.with_name(f".{target.name}.part")
    with refused_writes(part):
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
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
    with refused_writes(target):
        if target.exists():
            old = target.with_name(f".{target.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            target.rename(old)
            part.rename(target)
            shutil.rmtree(old)
        else:
            part.rename(target)
        sync(target.parent)


def remove_folder(target: Path) -> None:
    """Remove a folder that must not be printed; a rename hides it first, whatever happens after."""
    hidden = target.with_name(f".{target.name}.old")
    shutil.rmtree(hidden, ignore_errors=True)
    target.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def refused_writes(path: Path) -> AbstractContextManager[None]:
    """Explain a full disk or a missing permission in plain words.

    Raises:
        RenderingError: naming the path and the reason.
    """
    return disk.refused_writes(path, RenderingError, MAKE_ROOM)
