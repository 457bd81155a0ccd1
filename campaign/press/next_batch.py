"""The press: plans the next batch, renders it, proofs it, and only then says that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from campaign.accounts.staff_log import NOBODY, Scribe
from campaign.cards.illustration.prepared_picture import Illustration
from campaign.cards.progress import Progress, silent
from campaign.cards.proof.report import Report
from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.language.english import counted
from campaign.ledger import batch_folders, batches, claims, transitions
from campaign.ledger.batches import Batch, ChangedMeanwhile, Slot
from campaign.messages import approval, print_choice, review
from campaign.messages.message import text_sha256
from campaign.press import crew as crews
from campaign.press import picture_cache as pictures
from campaign.press import planning, rendering
from campaign.press import ticket as setups
from campaign.press.crew import ALONE, Crew
from campaign.press.planning import NONE_WAITING, DryRun, Plan, Terms, Unprinted
from campaign.press.rendering import Job
from campaign.press.stacks import CannotPrint, CardSlots, NotPrintable
from campaign.press.ticket import Setup
from campaign.settings import Settings
from campaign.storage.database import Database, InDoubt, Unavailable
from campaign.storage.lease import lease

MOST_TRIES = 5  # when others claim or withdraw messages at the same moment
CLAIM_TIMEOUT = 120.0  # seconds, on a slow disk
FEWEST_MESSAGES = 100  # or cards that are left to be drawn, for a process to be worth its beginning


@dataclass(frozen=True)
class Press:
    """One campaign's press: what each of its runs needs. `folder` holds the batches, one folder each."""

    database: Database
    campaign: Campaign
    keys: Sequence[str]
    folder: Path
    now: datetime
    progress: Progress = field(default=silent)
    by: Scribe = NOBODY  # who runs it, for the log of staff
    crew: Crew = ALONE  # the processes that set, draw and proof

    @classmethod
    def from_settings(
        cls,
        database: Database,
        campaign: Campaign,
        settings: Settings,
        now: datetime,
        progress: Progress = silent,
    ) -> Press:
        """Take keys and folder from the settings.

        Raises:
            SettingsError: without an approval key nothing can be shown to be approved.
        """
        settings.require_keys()
        folder = batch_folders.of_campaign(settings.build_dir, campaign.slug)
        return cls(database, campaign, settings.approval_keys, folder, now, progress, Scribe.of(settings))

    def folder_of(self, batch: Batch) -> Path:
        """Give the folder of a batch."""
        return self.folder / batch_folders.name(batch.number)

    def picture(self, setup: Setup) -> Illustration:
        """Give the picture of its cards' fronts, as it is today.

        Raises:
            IllustrationError: naming the file, what would print otherwise than it looks, and the remedy.
        """
        kept = self.folder.with_name(f"{self.folder.name}.picture")
        return pictures.prepared(self.campaign.card_picture, setup.imposition.card, kept, self.keys)


@dataclass(frozen=True)
class Rendered:
    """A batch whose files are on the disk. `left_out` were withdrawn or could not be set in the end."""

    batch: Batch
    folder: Path
    messages: int
    cards: int  # that hold messages
    sheets: int
    reports: tuple[Report, ...]
    left_out: tuple[Unprinted, ...] = ()

    def __str__(self) -> str:
        if self.batch.state == "void":
            return f"{self.batch}: void, nothing of it is printed: {self.batch.void_reason}"
        printer = self.batch.ticket.get("printer")
        return (
            f"{self.batch}: {counted(self.messages, 'message')} on {counted(self.cards, 'card')}, "
            f"{counted(self.sheets, 'sheet')}{f' for the printer {printer}' if printer else ''}, "
            f"proofed: {self.folder}"
        )


@dataclass(frozen=True)
class Run:
    """What one run did. `reason` says why messages still wait, or why nothing was printed."""

    rendered: tuple[Rendered, ...]
    elsewhere: tuple[Batch, ...]
    waiting: int
    reason: str
    cannot_set: tuple[Unprinted, ...]
    unsigned: tuple[str, ...]

    def __str__(self) -> str:
        lines = [str(rendered) for rendered in self.rendered]
        lines += [f"{batch}: another run is rendering it" for batch in self.elsewhere]
        if not lines:
            lines.append(f"Nothing ready: {self.reason}")
        elif self.reason != NONE_WAITING:
            lines.append(self.reason)
        return "\n".join(filter(None, lines))

    @property
    def complaints(self) -> list[str]:
        """Name the approved messages that were not printed, and why."""
        return planning.complaints(
            [*self.cannot_set, *(m for r in self.rendered for m in r.left_out)], self.unsigned
        )


def next_batch(
    database: Database,
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    final: bool = False,
    limit: int | None = None,
    progress: Progress = silent,
    jobs: int = 1,
) -> Run:
    """Render what an earlier run left planned, then claim and render the next batch.

    It may be stopped at any point and run again: nothing is lost, and nothing printed twice.

    Raises:
        RenderingError: no space, or a proof that failed; the batch stays planned.
    """
    press = Press.from_settings(database, campaign, settings, now, progress)
    with database.read() as connection:
        unfinished = batches.list_batches(connection, campaign.slug, "planned")
        waiting = claims.ready(connection, campaign.slug).number
    most = max(min(waiting, limit or waiting), *(batch.cards for batch in unfinished), 0)
    with crews.crew(min(jobs, most // FEWEST_MESSAGES)) as crew:
        return _run(replace(press, crew=crew), unfinished, final=final, limit=limit)


def _run(press: Press, unfinished: list[Batch], *, final: bool, limit: int | None) -> Run:
    done = [render(press, batch) for batch in unfinished]
    plan, claimed = _plan_and_claim(press, final=final, limit=limit)
    if claimed:
        unfinished.append(claimed)
        done.append(render(press, claimed))
    elsewhere = tuple(batch for batch, rendered in zip(unfinished, done, strict=True) if rendered is None)
    rendered = tuple(one for one in done if one is not None)
    return Run(rendered, elsewhere, plan.waiting, plan.reason, plan.cannot_set, plan.unsigned)


def dry_run(press: Press, *, final: bool = False, limit: int | None = None) -> DryRun:
    """Say what the next batch would be; nothing is claimed."""
    setup = Setup.from_facts(press.campaign.card)
    plan = _plan(press, setup, final=final, limit=limit)
    cards = plan.places.cards
    return DryRun(len(plan.places), cards, setup.imposition.sheets(cards), plan)


def _plan(press: Press, setup: Setup, *, final: bool, limit: int | None) -> Plan:
    terms = Terms.of(press.campaign.card, setup.imposition.per_sheet, press.now.date(), limit, final=final)
    with (
        press.database.read() as connection,
        closing(claims.candidates(connection, press.campaign.slug)) as candidates,
    ):
        return planning.plan(candidates, setup.typesetter, terms, press.keys, press.progress, press.crew)


def _plan_and_claim(press: Press, *, final: bool, limit: int | None) -> tuple[Plan, Batch | None]:
    """Plan outside any transaction, then claim in a short one; plan again if others were quicker."""
    setup = Setup.from_facts(press.campaign.card)
    for tries_left in reversed(range(MOST_TRIES)):
        plan = _plan(press, setup, final=final, limit=limit)
        if not plan.places:
            return plan, None
        who, ticket = press.campaign.slug, setup.as_ticket()
        claim = partial(claims.claim, campaign=who, places=plan.places, ticket=ticket, now=press.now)
        try:
            return plan, press.database.write(claim, timeout=CLAIM_TIMEOUT)
        except ChangedMeanwhile:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


def render(press: Press, batch: Batch) -> Rendered | None:
    """Render a planned batch; None where another run is rendering it, or has just finished it.

    Raises:
        RenderingError: no space, or a proof that failed; the batch stays planned.
    """
    with lease(press.database, f"{batch.campaign}/{batch.number}") as held:
        if not held:
            return None
        with press.database.read() as connection:
            batch = batches.get(connection, batch.campaign, batch.number)
        if batch.state != "planned":
            return None
        left_out: list[Unprinted] = []
        while True:
            try:
                return replace(_render(press, batch), left_out=tuple(left_out))
            except CannotPrint as error:
                left_out += error.messages
                press.database.write(lambda c, error=error: _leave_out(c, batch, error))  # type: ignore[misc]
            except ChangedMeanwhile:
                continue  # somebody withdrew a message while it was drawn: the next round finds it


def _leave_out(connection: Connection, batch: Batch, error: CannotPrint) -> None:
    """Give up the slots of what cannot be printed; what was approved in vain waits for staff again."""
    messages = [one.message for one in error.messages]
    transitions.drop_messages(connection, batch, messages)
    if isinstance(error, NotPrintable):
        for message in messages:
            review.send_back(connection, message)


def _render(press: Press, batch: Batch) -> Rendered:
    """Draw, proof, put in place, mark: in this order, so that what is marked is there."""
    folder, setup = press.folder_of(batch), Setup.from_ticket(batch.ticket)
    with rendering.scratch_folder(folder) as part:
        picture, today = press.picture(setup), press.now.date()
        read_cards = partial(_printable, press, batch)
        job = Job(press.campaign, batch, setup, picture, read_cards, today, press.progress, press.crew)
        written = rendering.write_batch(job, part)
        if not written.messages:
            why = "all its messages were withdrawn, or can be printed no more"
            voided = press.database.write(lambda c: transitions.void(c, batch.campaign, batch.number, why))
            rendering.remove_folder(folder)  # of a run that was killed before it was marked
            return Rendered(voided.batch, folder, 0, 0, 0, ())
        how = setups.finished_ticket(setup, batch, written.fonts, written.picture)
        mark = press.by.recording(
            lambda c: transitions.mark_rendered(c, batch, written.files, written.messages, how, press.now),
            "made a batch",
        )
        try:
            rendering.replace_folder(part, folder)
            marked = press.database.write(mark)
        except CandleError as error:
            marked = batch
            with suppress(Unavailable), press.database.read() as connection:
                marked = batches.get(connection, batch.campaign, batch.number)
            if unknown := marked.state in ("planned", "void"):
                rendering.remove_folder(folder)  # nobody may print what the ledger does not know
            if unknown or not isinstance(error, InDoubt):
                raise
    sheets = setup.imposition.sheets(batch.cards)
    return Rendered(marked, folder, written.messages, written.cards, sheets, tuple(written.reports))


def _printable(press: Press, batch: Batch, cards: range) -> list[CardSlots]:
    """Read the live slots of some cards, and stop if one must not be printed any more.

    Raises:
        CannotPrint: naming the messages.
    """
    with press.database.read() as connection:
        slots = [slot for slot in batches.slots_of(connection, batch, cards) if slot.live]
    if faults := [Unprinted(slot.message, why) for slot in slots if (why := why_not_printable(press, slot))]:
        raise CannotPrint(faults)
    return rendering.group_by_card(slots, cards)


def why_not_printable(press: Press, slot: Slot) -> str:
    """Say why a slot's words must not go on paper; "" when they may."""
    if not slot.text:
        return "it was erased"
    if slot.state != "approved":
        return f"it is {slot.state}"
    signed = print_choice.signed(slot.message, press.campaign.slug, slot)
    if text_sha256(slot.text) != slot.text_sha256 or not approval.valid(press.keys, slot.approval, *signed):
        return "its words are not those that were approved"
    return ""
