"""After rendering: the same sheets once more, sheets taken back, files proofed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.accounts.staff_log import Scribe
from campaign.cards.progress import Progress, silent
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign import Campaign
from campaign.content.campaign_toml.facts import CampaignFacts
from campaign.ledger import batch_folders, batches, ranges, transitions
from campaign.ledger.batches import Batch, BatchError, Slot
from campaign.ledger.recalls import withdrawn_from
from campaign.ledger.transitions import Voided
from campaign.messages import print_choice
from campaign.press import made_with, manifest, rendering, sheet_files
from campaign.press import ticket as setups
from campaign.press.next_batch import Press, why_not_printable
from campaign.press.rendering import Job, Written
from campaign.press.stacks import CardSlots, NotPrintable, draw
from campaign.press.ticket import Setup
from campaign.settings import Settings
from campaign.storage import disk
from campaign.storage.database import Database, InDoubt
from campaign.storage.disk import private_folder, sync
from campaign.storage.lease import lease

BEING_PRINTED = "another run is printing it; try again in a moment"
NOT_OURS = "nothing is taken back: its sheets cannot be put away, so ask whoever made them"
LeftOut = dict[tuple[int, str], dict[str, None]]  # by card and reason, the messages in their order


@dataclass(frozen=True)
class Reprint:
    """A batch printed once more.

    `same`: the bytes are those of the first time; `differences` says what changed since. `compared`: they are
    known to differ. Of some sheets only what sets them can be compared, not the bytes. `backs` says how they
    were drawn, for another printer perhaps; `left_out` names the cards that lack a message, or all, and why.
    """

    batch: Batch
    files: tuple[Path, ...]
    same: bool
    differences: tuple[str, ...]
    left_out: tuple[str, ...]
    compared: bool
    backs: str

    def __str__(self) -> str:
        lines = [f"{self.batch}, reprint {self.batch.reprints}: {self.files[0].parent}", f"  {self.backs}"]
        lines += [f"  {file.name}" for file in self.files]
        if self.same:
            lines.append("The same bytes as the first time.")
            unlike = "Made in another way, to the same bytes"
        else:
            unlike = f"{'Not' if self.compared else 'Perhaps not'} the same as the first time"
        lines += [f"{unlike}: {why}" for why in self.differences]
        lines += [f"Not the same as the first time: {why}" for why in self.left_out]
        if self.batch.state == "posted":
            lines.append(f"It was posted on {self.batch.posted_on}: do not post these cards a second time.")
        elif self.left_out:
            lines.append("What was printed before holds what is left out now: destroy it.")
        return "\n".join(lines)


def reprint(
    database: Database,
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    number: int,
    sheets: range | None = None,
    progress: Progress = silent,
    printer: str | None = None,
) -> Reprint:
    """Render a batch again, or some of its sheets, as the ledger says that it was set.

    Its backs are drawn anew for a `printer`, as campaign.toml describes that one today. Words that were
    withdrawn, erased or voided since are left out, and their cards named. Some sheets go to one file of their
    own, beside the batch's.

    Raises:
        UnknownPrinter: campaign.toml names no such printer.
        BatchError: it is planned or void, it has no such sheets, another run is printing it, or a message can
            be printed no more: such a batch may be older than the rule that refuses it.
        RenderingError: no space, or a proof that failed; what was there stays.
    """
    press = Press.from_settings(database, campaign, settings, now, progress)
    with lease(database, f"{campaign.slug}/{number}") as held:
        with database.read() as connection:
            batch = batches.get(connection, campaign.slug, number)
            lacking = withdrawn_from(connection, batch) if sheets is None else ()
        if not held:
            raise BatchError(f"{batch}: {BEING_PRINTED}")
        if batch.state not in ("rendered", "printed", "posted"):
            raise BatchError(f"{batch}: it is {batch.state}; only what was rendered can be printed again")
        planned = Setup.from_ticket(batch.ticket)
        setup = planned.for_printer(campaign.on_printer(printer).card) if printer else planned
        left_out: LeftOut = defaultdict(dict)
        written, files = _written(press, batch, setup, sheets, left_out)
        other = setup.printer_fields if setup != planned else None
        batch = database.write(
            press.by.recording(
                lambda c: transitions.count_reprint(c, batch, written.files, other, lacking), "reprinted"
            )
        )
    moved = setup.imposition != planned.imposition
    how = setups.finished_ticket(setup, batch, written.fonts, written.picture)
    differences = tuple(_changes(batch, how))
    if moved:
        differences = (f"then {planned.backs}; now {setup.backs}", *differences)
    same = tuple(written.files) == batch.files if sheets is None else not (differences or left_out)
    if not same and not differences and not left_out:
        differences = ("the program itself sets them otherwise",)
    known = moved or sheets is None
    return Reprint(batch, files, same, differences, tuple(_lacking(left_out)), known, setup.backs)


def _written(
    press: Press, batch: Batch, setup: Setup, sheets: range | None, left_out: LeftOut
) -> tuple[Written, tuple[Path, ...]]:
    """Draw what may still be printed, and note what may not.

    What no card can carry stops it, for it would count as printed; of a posted batch it is left out.
    """
    unprintable: dict[str, str] = {}
    while True:
        reader = _reader(press, batch, left_out, unprintable)
        today, picture = press.now.date(), press.picture(setup)
        job = Job(press.campaign, batch, setup, picture, reader, today, press.progress)
        try:
            return _reprint_all(press, job) if sheets is None else _reprint_sheets(press, job, sheets)
        except NotPrintable as error:
            found = {one.message: one.why for one in error.messages} | dict(_cannot_be_set(job, sheets))
            if batch.state != "posted":
                raise BatchError(_to_be_taken_back(job, found)) from error
            unprintable |= found
            left_out.clear()


def _cannot_be_set(job: Job, sheets: range | None) -> Iterator[tuple[str, str]]:
    """Find all that no card can carry, so that nobody has to begin again for each."""
    count = job.batch.cards
    cards = sheet_files.sheet_cards(job.setup.imposition, count, sheets) if sheets else range(1, count + 1)
    for slot in (slot for card in job.read_cards(cards) for slot in card.slots):
        try:
            job.setup.typesetter.set(*print_choice.wording(slot))
        except CannotSet as error:
            yield slot.message, str(error)


def _to_be_taken_back(job: Job, found: Mapping[str, str]) -> str:
    """Say which cards hold what cannot be printed, why, and how the others are."""
    batch, told = job.batch, dict[int, list[str]]()
    for card in job.read_cards(range(1, batch.cards + 1)):
        for slot in (slot for slot in card.slots if slot.message in found):
            told.setdefault(card.card, []).append(f"message {slot.message}: {found[slot.message]}")
    void = f"build.py batches {batch.campaign} void {batch.number} --cards"
    remedy = " and ".join(f"`{void} {card} --why WORDS`" for card in told)
    return "\n".join(
        [
            *(f"{batch}, card {card}: {one}" for card, some in told.items() for one in some),
            f"Nothing was made again. Take {ranges.name(told)} back ({remedy}) and make the sheets again: "
            "the others are printed. Then cut what is odd out of the messages named above, or reject them.",
        ]
    )


def _reader(
    press: Press, batch: Batch, left_out: LeftOut, unprintable: Mapping[str, str]
) -> rendering.ReadCards:
    """Read what may still be printed of the batch, and note what may not."""

    def read_cards(cards: range) -> list[CardSlots]:
        with press.database.read() as connection:
            slots = batches.slots_of(connection, batch, cards)
        return rendering.group_by_card(_printable(press, slots, left_out, unprintable), cards)

    return read_cards


def _printable(
    press: Press, slots: Sequence[Slot], left_out: LeftOut, unprintable: Mapping[str, str]
) -> Iterator[Slot]:
    for slot in slots:
        why = why_not_printable(press, slot) or ("" if slot.live else "it was voided")
        if why := why or unprintable.get(slot.message, ""):
            left_out[slot.card, why][slot.message] = None
        else:
            yield slot


def _lacking(left_out: LeftOut) -> Iterator[str]:
    """Name each card that lacks messages, and why, in one line."""
    for (card, why), messages in left_out.items():
        what = f"message {next(iter(messages))}" if len(messages) == 1 else f"{len(messages)} messages"
        yield f"card {card}, {what}: {why}"


def _reprint_all(press: Press, job: Job) -> tuple[Written, tuple[Path, ...]]:
    folder = press.folder_of(job.batch)
    with rendering.scratch_folder(folder) as part:
        written = rendering.write_batch(job, part)
        rendering.replace_folder(part, folder)
    return written, tuple(folder / file.name for file in written.files)


def _reprint_sheets(press: Press, job: Job, sheets: range) -> tuple[Written, tuple[Path, ...]]:
    count = job.setup.imposition.sheets(job.batch.cards)
    if not 1 <= sheets.start < sheets.stop <= count + 1:
        raise BatchError(f"{job.batch}: {ranges.outside(sheets, count, 'sheet')}")
    cards = sheet_files.sheet_cards(job.setup.imposition, job.batch.cards, sheets)
    folder, written = press.folder_of(job.batch), Written()
    name = f"reprint-sheets-{sheets.start}-{sheets.stop - 1}.pdf"
    with rendering.scratch_folder(folder) as part, rendering.refused_writes(folder):
        listed = manifest.beside(part / name)
        manifest.start(listed)
        some = job.read_cards(cards)
        rendering.write_part(job, some, draw(job.setup, some, job.crew), part / name, written)
        tools = listed.with_suffix(".json")
        manifest.write_tools(tools, made_with.versions(), written.fonts)
        private_folder(folder)
        # A list that is older than its sheets names too much, never less.
        for path in (part / name, tools, listed):
            sync(path)
            path.rename(folder / path.name)
        sync(folder)
    return written, (folder / name,)


def _changes(batch: Batch, now: Mapping[str, Any]) -> Iterator[str]:
    """Say what differs between the first time and today."""
    for kind in ("versions", "fonts"):
        then, today = batch.ticket.get(kind, {}), now[kind]
        for name in sorted(set(then) & set(today)):
            if then[name] != today[name]:
                what = "another version of this program set it: " if name == "candle" else ""
                yield f"{what}{name} was {str(then[name])[:16]} and is {str(today[name])[:16]}"
    if "candle" not in batch.ticket.get("versions", {}):
        yield "it was not noted then which version of candle set it"
    if batch.ticket.get("illustration") != now["illustration"]:
        yield "the illustration is another"


def void(
    database: Database,
    campaign: CampaignFacts,
    settings: Settings,
    number: int,
    why: str,
    cards: range | None = None,
) -> Voided:
    """Take a batch back, or some cards of it; sheets that hold them are put out of the way.

    `reprint` makes the sheets of the other cards again.

    Raises:
        BatchError: it was posted, has no such cards, no reason is given, a run prints it, or it is not ours.
    """
    which = ranges.name(cards) if cards else "all cards"
    work = Scribe.of(settings).recording(
        lambda c: transitions.void(c, campaign.slug, number, why, cards),
        "took back",
        f"{which} of batch {number} of {campaign.slug}",
    )
    with lease(database, f"{campaign.slug}/{number}") as held:
        if not held:  # it has read its slots, and would put sheets with these cards back
            raise BatchError(f"batch {number} of {campaign.slug}: {BEING_PRINTED}")
        with _put_aside(batch_folders.of_batch(settings.build_dir, campaign.slug, number)):
            return database.write(work)


@contextmanager
def _put_aside(folder: Path) -> Iterator[None]:
    """Put sheets away before their cards are taken back: a crash in between leaves none to be printed.

    The messages go on new cards, so that whoever printed these again would print them twice. Where nothing
    is taken back, the sheets stay; not where nobody knows, as at Ctrl-C or when a server goes during COMMIT.
    """
    aside = batch_folders.aside(folder)
    with disk.refused_writes(folder, BatchError, NOT_OURS):
        if there := folder.exists():
            disk.remove(aside)
            folder.rename(aside)
        try:
            if there:
                sync(folder.parent)
            yield
        except Exception as error:
            if there and not isinstance(error, InDoubt):
                aside.rename(folder)
            raise
