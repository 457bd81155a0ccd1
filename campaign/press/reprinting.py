"""After rendering: the same sheets once more, sheets taken back, files proofed again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.cards.illustration.loading import load_illustration
from campaign.cards.progress import Progress, silent
from campaign.content.campaign import Campaign
from campaign.ledger import batches, transitions
from campaign.ledger.batches import Batch, BatchError, Slot
from campaign.ledger.transitions import Voided
from campaign.press import manifest, rendering
from campaign.press import setup as setups
from campaign.press.rendering import Job, Printed, Words
from campaign.press.run import Press, why_not
from campaign.press.setup import Setup
from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.disk import private_folder, sync
from campaign.storage.lease import lease


@dataclass(frozen=True)
class Reprint:
    """A batch printed once more.

    `same`: the bytes are those of the first time; `why_not` says what changed since. `compared`: they are
    known to differ. Of some sheets only what sets them can be compared, not the bytes.
    `backs` says how they were drawn, for another printer perhaps.
    `left_out` names the cards that lack a message, or all of them, and why.
    """

    batch: Batch
    files: tuple[Path, ...]
    same: bool
    why_not: tuple[str, ...]
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
        lines += [f"{unlike}: {why}" for why in self.why_not]
        lines += [f"Not the same as the first time: {why}" for why in self.left_out]
        if self.batch.state == "posted":
            lines.append(f"It was posted on {self.batch.posted_on}: do not post these cards a second time.")
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
        BatchError: it is planned or void, it has no such sheets, or another run is at it.
        RenderingError: no space, or a proof that failed; what was there stays.
    """
    used = Press.of(database, campaign, settings, now, progress)
    with lease(database, f"{campaign.slug}/{number}") as held:
        with database.read() as connection:
            batch = batches.get(connection, campaign.slug, number)
        if not held:
            raise BatchError(f"{batch}: another run is at it; try again in a moment")
        if batch.state not in ("rendered", "printed", "posted"):
            raise BatchError(f"{batch}: it is {batch.state}; only what was rendered can be printed again")
        planned = Setup.planned(batch.ticket)
        setup = planned.drawn_for(campaign.on_printer(printer).card) if printer else planned
        left_out: dict[str, None] = {}
        job = Job(campaign, batch, setup, _reader(used, batch, left_out), now.date(), progress)
        printed, files = _whole(used, job) if sheets is None else _some(used, job, sheets)
        other = setup.of_printer if setup != planned else None
        batch = database.write(lambda c: transitions.count_reprint(c, batch, printed.files, other))
    moved = setup.imposition != planned.imposition
    why_not = tuple(_changes(batch, setups.ticket_of(setup, batch, printed.fonts, campaign.illustration)))
    if moved:
        why_not = (f"then {planned.backs}; now {setup.backs}", *why_not)
    same = tuple(printed.files) == batch.files if sheets is None else not (why_not or left_out)
    if not same and not why_not and not left_out:
        why_not = ("the program itself sets them otherwise",)
    known = moved or sheets is None
    return Reprint(batch, files, same, why_not, tuple(left_out), known, setup.backs)


def _reader(used: Press, batch: Batch, left_out: dict[str, None]) -> rendering.Read:
    """Read what of the batch may still be printed, and note what may not."""

    def words(cards: range) -> list[Words]:
        with used.database.read() as connection:
            slots = batches.slots_of(connection, batch, cards)
        return rendering.cards_of(_kept(used, slots, left_out), cards)

    return words


def _kept(used: Press, slots: Sequence[Slot], left_out: dict[str, None]) -> Iterator[Slot]:
    for slot in slots:
        why = why_not(used, slot) if slot.live else "it was voided"
        if why:
            left_out[f"card {slot.card}, message {slot.message}: {why}"] = None
        else:
            yield slot


def _whole(used: Press, job: Job) -> tuple[Printed, tuple[Path, ...]]:
    place = used.place(job.batch)
    with rendering.workplace(place) as part:
        printed = rendering.write_batch(job, part)
        rendering.put_in_place(part, place)
    return printed, tuple(place / file.name for file in printed.files)


def _some(used: Press, job: Job, sheets: range) -> tuple[Printed, tuple[Path, ...]]:
    count = job.setup.imposition.sheets(job.batch.cards)
    asked = f"{sheets.start}-{sheets.stop - 1}"
    if not 1 <= sheets.start < sheets.stop <= count + 1:
        raise BatchError(f"{job.batch}: it has the sheets 1 to {count}, and not {asked}")
    cards = setups.sheet_cards(job.setup, job.batch.cards, sheets)
    place, printed = used.place(job.batch), Printed()
    name = f"reprint-sheets-{asked}.pdf"
    picture = load_illustration(job.campaign.illustration, job.setup.imposition.card)
    with rendering.workplace(place) as part, rendering.refused_writes(place):
        listed = manifest.beside(part / name)
        manifest.start(listed)
        rendering.write_part(job, picture, cards, part / name, printed)
        private_folder(place)
        for path in (part / name, listed):  # a list that is older than its sheets names too much, never less
            sync(path)
            path.rename(place / path.name)
        sync(place)
    return printed, (place / name,)


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
    campaign: Campaign,
    settings: Settings,
    number: int,
    why: str,
    cards: range | None = None,
) -> Voided:
    """Take a batch back, or some cards of it; the sheets of a void batch are put out of the way.

    Raises:
        BatchError: it was posted, has no such cards, or no reason is given.
    """
    voided = database.write(lambda c: transitions.void(c, campaign.slug, number, why, cards))
    place = settings.build_dir / "cards" / campaign.slug / f"batch-{number:04}"
    if voided.batch.state == "void" and place.exists():
        aside = place.with_name(f"{place.name}-void")
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
    return voided
