"""A batch's files: drawn, proofed and safe on the disk, from the words in its slots."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from campaign.cards.documents import cover
from campaign.cards.draw import Card, DrawnSheets, draw_sheets
from campaign.cards.fitting import UNREADABLE
from campaign.cards.illustration.loading import Illustration, load_illustration
from campaign.cards.preview import preview
from campaign.cards.progress import Progress, silent
from campaign.cards.proof.proof import ExpectedCard, Report, proof
from campaign.cards.type.typesetter import CannotSet, Setting, Typesetter
from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.ledger.batches import Batch, File, Slot
from campaign.press import manifest
from campaign.press import setup as setups
from campaign.press.planning import Unprinted
from campaign.press.setup import Setup
from campaign.storage import disk
from campaign.storage.disk import private_file, private_folder, sync

CARDS_A_TICK = 100
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
class Words:
    """What one card carries: its number in the batch, and its slots from the top down."""

    card: int
    slots: Sequence[Slot]


Read = Callable[[range], list[Words]]  # the words of some cards, read when they are needed


@dataclass(frozen=True)
class Job:
    """A batch to be rendered. `words` reads what may be printed."""

    campaign: Campaign
    batch: Batch
    setup: Setup
    words: Read
    today: date
    progress: Progress = silent


@dataclass
class Printed:
    """What was written into a folder."""

    messages: int = 0
    files: list[File] = field(default_factory=list)
    fonts: dict[str, str] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)


def cards_of(slots: Iterable[Slot], cards: range) -> list[Words]:
    """Gather the slots of each card; a card without any is left blank."""
    found: dict[int, list[Slot]] = {card: [] for card in cards}
    for slot in slots:
        found[slot.card].append(slot)
    return [Words(card, some) for card, some in found.items()]


def write_batch(job: Job, folder: Path) -> Printed:
    """Write all files of a batch into an empty folder, file by file, so that the memory stays flat.

    Raises:
        CannotPrint: messages that no card can carry.
        RenderingError: no space, no permission, or a proof that failed.
    """
    printed = Printed()
    picture = load_illustration(job.campaign.illustration, job.setup.imposition.card)
    with refused_writes(folder):
        manifest.start(folder / "manifest.csv")
    for name, cards in setups.file_cards(job.setup, job.batch.cards).items():
        write_part(job, picture, cards, folder / name, printed)
    with refused_writes(folder):
        with private_file(folder / "cover.pdf") as out:
            cover.write(out, _summary(job, printed))
        for file in folder.iterdir():
            sync(file)
        sync(folder)
    return printed


def write_part(job: Job, picture: Illustration, cards: range, path: Path, printed: Printed) -> None:
    """Write one of a batch's files, and its cards in the manifest beside it.

    The words of its cards are forgotten before the next are read.
    """
    words = job.words(cards)
    drawn = write_file(job.setup, picture, words, path, printed, job.progress, job.batch.cards)
    with refused_writes(path):
        manifest.add(manifest.beside(path), _entries(job.setup, words, drawn.fonts))


def write_file(
    setup: Setup,
    picture: Illustration,
    words: Sequence[Words],
    path: Path,
    printed: Printed,
    progress: Progress = silent,
    of: int = 0,
) -> DrawnSheets:
    """Write one file of sheets, open it again and compare it; note in `printed` what is in it.

    `progress` is told the cards that were set, then those that were proofed, `of` the batch's.

    Raises:
        CannotPrint: messages that no card can carry.
        RenderingError: no space, no permission, or a proof that failed, naming the card.
    """
    drawn = _draw(path, setup, picture, _told(words, "setting cards", of, progress))
    printed.reports.append(_proof(path, setup, words, _told(words, "proofing cards", of, progress)))
    printed.files.append(setups.measured(path))
    printed.fonts |= drawn.fonts
    printed.messages += sum(len(card.slots) for card in words)
    return drawn


def _draw(path: Path, setup: Setup, illustration: Illustration, words: Iterable[Words]) -> DrawnSheets:
    typesetter = setup.typesetter
    with refused_writes(path), private_file(path) as out:
        return draw_sheets(
            out, setup.imposition, illustration, _set(words, setup, typesetter), typesetter=typesetter
        )


def _told(words: Sequence[Words], what: str, of: int, progress: Progress) -> Iterator[Words]:
    """Pass cards on, and tell how far they are: often enough to be seen, seldom enough to cost nothing."""
    for count, card in enumerate(words, 1):
        yield card
        if count % CARDS_A_TICK == 0 or count == len(words):
            progress(what, card.card, of)


def _proof(path: Path, setup: Setup, cards: Sequence[Words], counted: Iterable[Words]) -> Report:
    expected = (
        ExpectedCard(words.card, [(slot.text, slot.first_name) for slot in words.slots], setup.number)
        for words in counted
    )
    report = proof(path, setup.imposition, expected)
    if report.only_unreadable and (guilty := list(_unreadable(report, setup, cards))):
        raise NotPrintable([Unprinted(slot.message, UNREADABLE) for slot in guilty])
    if not report.passed:
        count = len(report.faults)
        fault, more = report.faults[0], "s" if count > 1 else ""
        raise RenderingError(
            f"{path.name}: the proof found {count} fault{more}; {fault}{_on_card(fault, cards)}"
            ". The batch stays planned: nothing of it is to be printed. Report this; to print the others "
            "meanwhile, take the card back with `build.py batches ... void`, and reject the message"
        )
    return report


def _unreadable(report: Report, setup: Setup, cards: Sequence[Words]) -> Iterator[Slot]:
    """Find the messages that their cards do not show.

    Where each of a card's would be read by itself, it is all of them; but when most cards fail so, the
    fault is not in the messages.
    """
    few = 2 * len(report.unreadable) < len(cards)
    for words in (card for card in cards if card.card in report.unreadable):
        alone = len(words.slots) == 1
        guilty = [slot for slot in words.slots if not _reads(slot, setup, alone=alone)]
        yield from guilty or (words.slots if few else ())


def _reads(slot: Slot, setup: Setup, *, alone: bool) -> bool:
    shown = preview(slot.text, slot.first_name, slot.language, setup.imposition.card, alone=alone)
    return shown.reads(slot.text, slot.first_name)


def _on_card(fault: str, cards: Sequence[Words]) -> str:
    """Name the messages of the card that a fault names."""
    found = [
        slot.message for words in cards for slot in words.slots if fault.startswith(f"card {words.card}:")
    ]
    return f" (message {', '.join(found)})" if found else ""


def _set(cards: Iterable[Words], setup: Setup, typesetter: Typesetter) -> Iterator[Card]:
    alone = replace(typesetter, alone=True)
    for words in cards:
        setter = alone if len(words.slots) == 1 else typesetter
        yield Card([_setting(slot, setter) for slot in words.slots], words.card if setup.number else None)


def _setting(slot: Slot, typesetter: Typesetter) -> Setting:
    try:
        return typesetter.set(slot.text, slot.first_name, slot.language)
    except CannotSet as error:
        raise NotPrintable([Unprinted(slot.message, str(error))]) from error


def _entries(setup: Setup, words: Iterable[Words], fonts: Mapping[str, str]) -> Iterator[manifest.Entry]:
    per_sheet = setup.imposition.per_sheet
    tools, faces = manifest.listed(setups.versions()), manifest.listed(fonts)
    for card, slots in ((one.card, one.slots) for one in words):
        sheet = -(-card // per_sheet)
        for slot in slots:
            yield manifest.Entry(card, sheet, slot.position, slot.message, slot.text_sha256, tools, faces)


def _summary(job: Job, printed: Printed) -> cover.Summary:
    recipient, batch = job.campaign.recipient, job.batch
    return cover.Summary(
        job.campaign.name,
        batch.number,
        batch.planned_at.date(),
        printed.messages,
        batch.cards,
        job.setup.imposition.sheets(batch.cards),
        [file.name for file in printed.files],
        job.setup.imposition,
        job.setup.printer,
        cover.Address(recipient.address, recipient.address_verified_on, recipient.address_valid_days),
        job.today,
    )


@contextmanager
def workplace(place: Path) -> Iterator[Path]:
    """Give an empty folder beside `place`, and take away what is left of it in the end."""
    part = place.with_name(f".{place.name}.part")
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


def put_in_place(part: Path, place: Path) -> None:
    """Rename a finished folder; a reader sees the old files, or all new ones."""
    with refused_writes(place):
        if place.exists():
            old = place.with_name(f".{place.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            place.rename(old)
            part.rename(place)
            shutil.rmtree(old)
        else:
            part.rename(place)
        sync(place.parent)


def take_away(place: Path) -> None:
    """Remove a folder that must not be printed; one step hides it, whatever happens after."""
    hidden = place.with_name(f".{place.name}.old")
    shutil.rmtree(hidden, ignore_errors=True)
    place.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def refused_writes(path: Path) -> AbstractContextManager[None]:
    """Turn a full disk or a missing permission into plain words.

    Raises:
        RenderingError: naming the path and the reason.
    """
    return disk.refused_writes(path, RenderingError, MAKE_ROOM)
