"""The keepsake: every message that was posted, in one PDF for the family."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, func, select
from sqlalchemy.sql.selectable import FromClause

from campaign.cards.documents import keepsake
from campaign.cards.documents.keepsake import Extent
from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.keeping import made_keepsakes
from campaign.language.english import counted
from campaign.ledger.batches import PRINTED, Slot
from campaign.messages import print_choice
from campaign.press.next_batch import Press, why_not_printable
from campaign.press.planning import Unprinted
from campaign.press.sheet_files import digest
from campaign.storage.chunks import CHUNK
from campaign.storage.disk import private_file, private_folder, refused_writes, sync
from campaign.storage.lease import lease
from campaign.storage.tables import batches, messages, slots

# Between people; not y, e or i, which surnames hold as well.
AND = re.compile("(, | (?:&|and|und|oraz|ды|и|й|та|і) )")
MAKE_ROOM = (
    "nothing half done is left: make room or name another file with --output, and run the command again"
)


class KeepsakeError(CandleError):
    """A keepsake that cannot be made, or cannot be written."""


@dataclass(frozen=True)
class MadeKeepsake:
    """A keepsake on the disk. `left_out` were posted and are not in it; `erased` have no words any more.

    `taken_back` were erased by people, and must be in no keepsake.
    """

    path: Path
    extent: Extent
    left_out: tuple[Unprinted, ...]
    erased: int
    taken_back: int

    def __str__(self) -> str:
        lines = [f"{counted(self.extent.messages, 'message')} on {self.extent.pages} pages: {self.path}"]
        if self.erased:
            lines.append(
                f"{counted(self.erased, 'posted message')} had been erased before and cannot be in it; "
                "keep the one that was made earlier"
            )
        if self.taken_back:
            older = (
                "an earlier keepsake may hold them still" if self.erased else "destroy each earlier keepsake"
            )
            lines.append(f"without {counted(self.taken_back, 'posted message')} taken back; {older}")
        return "\n".join(lines)

    @property
    def complaints(self) -> list[str]:
        """Name the posted messages that are not in the keepsake, and why."""
        return _complaints(self.left_out)


@dataclass(frozen=True)
class _Posted:
    """What was posted in all: the first and last day, messages with words, and messages erased since.

    `taken_back` were erased by people; `erased` otherwise, and only an older keepsake holds those.
    """

    first: date
    last: date
    kept: int
    taken_back: int
    erased: int

    @property
    def years(self) -> str:
        first, last = self.first.year, self.last.year
        return str(first) if first == last else f"{first}–{last}"


@dataclass
class _Selection:
    """Messages on their way into the keepsake, one by one; those left out are named.

    `held` are the ids of the slots that are in it.
    """

    press: Press
    of: int
    held: list[int] = field(default_factory=list)
    left_out: list[Unprinted] = field(default_factory=list)

    def settings(self, slots: Iterator[tuple[int, Slot]]) -> Iterator[Setting]:
        for count, (identifier, slot) in enumerate(slots, 1):
            try:
                if why := why_not_printable(self.press, slot):
                    self.left_out.append(Unprinted(slot.message, why))
                else:
                    yield keepsake.set_message(print_choice.wording(slot))
                    self.held.append(identifier)
            except CannotSet as error:
                self.left_out.append(Unprinted(slot.message, str(error)))
            if count % 100 == 0 or count == self.of:
                self.press.progress("setting messages", count, self.of)


def make(press: Press, output: Path) -> MadeKeepsake:
    """Write the keepsake, and note which messages it holds: only those may retention erase.

    What was posted, or marked as posted, after it was read is not among them, even on the same day.

    Raises:
        KeepsakeError: nothing was posted yet, `output` exists and may hold more messages, it cannot be
            written, or another run is making it.
    """
    with lease(press.database, f"{press.campaign.slug}/keepsake") as held:
        if not held:
            raise KeepsakeError(f"{press.campaign.name}: another run is making it; wait until it ends")
        return _make(press, output)


def _make(press: Press, output: Path) -> MadeKeepsake:
    slug = press.campaign.slug
    with press.database.read() as connection:
        posted = _posted(connection, press.campaign)
        if posted.erased and output.exists():
            were = "was" if posted.erased == 1 else "were"
            raise KeepsakeError(
                f"{output}: {counted(posted.erased, 'message')} {were} erased after posting, and this "
                "file may be the only keepsake that holds them; move it away, or name another with --output"
            )
        selection = _Selection(press, posted.kept)
        with closing(_slots(connection, slug)) as slots:
            extent = _write(output, selection, posted.years, slots)
    sha256 = digest(output)
    press.database.write(
        press.by.recording(
            lambda c: made_keepsakes.record(c, slug, selection.held, press.now.date(), sha256),
            "made the keepsake",
            f"{slug}: {counted(len(selection.held), 'message')}",
        )
    )
    return MadeKeepsake(output, extent, tuple(selection.left_out), posted.erased, posted.taken_back)


def _write(output: Path, selection: _Selection, years: str, slots: Iterator[tuple[int, Slot]]) -> Extent:
    """Write beside `output` and rename, so that there is a whole file or none."""
    campaign = selection.press.campaign
    picture = load_illustration(campaign.card_picture)
    # A surname in the house could endanger.
    parts = enumerate(AND.split(campaign.name))
    first_name = "".join(part if k % 2 else "".join(part.split()[:1]) for k, part in parts)
    part = output.with_name(f".{output.name}.part")
    with refused_writes(output, KeepsakeError, MAKE_ROOM):
        private_folder(output.parent)
        part.unlink(missing_ok=True)  # of a run that was killed
        try:
            with private_file(part) as out:
                extent = keepsake.write(out, first_name, years, picture, selection.settings(slots))
            sync(part)
            _check_not_poorer(output, selection.left_out)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
        sync(output.parent)
    return extent


def _check_not_poorer(output: Path, left_out: Sequence[Unprinted]) -> None:
    """Refuse to let a keepsake that lacks messages replace another."""
    if left_out and output.exists():
        named = "\n".join(_complaints(left_out))
        raise KeepsakeError(
            f"{named}\n{output}: left as it was, because it may hold them; review these messages again, or "
            "name another file with --output"
        )


def _posted(connection: Connection, campaign: Campaign) -> _Posted:
    kept = func.count().filter(messages.c.erased_on.is_(None))
    by_people = messages.c.id.in_(made_keepsakes.taken_back_by_people())
    taken_back = func.count().filter(messages.c.erased_on.is_not(None), by_people)
    days = (func.min(batches.c.posted_on), func.max(batches.c.posted_on))
    chosen = select(*days, kept, taken_back, func.count() - kept - taken_back).select_from(_joined())
    posted = _Posted(*connection.execute(chosen.where(_in_keepsake(campaign.slug))).one())
    if not posted.kept and (posted.erased or posted.taken_back):
        raise KeepsakeError(f"{campaign.name}: every posted message was erased; no keepsake can be made now")
    if not posted.kept:
        raise KeepsakeError(
            f"{campaign.name}: nothing was posted yet, so the keepsake would be empty; "
            f"`build.py batches {campaign.slug} list` shows how far the batches are"
        )
    return posted


def _slots(connection: Connection, campaign: str) -> Generator[tuple[int, Slot]]:
    """Yield what was posted, each after its id, in the order of posting and then of arrival."""
    chosen = (
        select(
            slots.c.id,
            *(slots.c[name] for name in ("card", "position", "message", "text_sha256", "live")),
            *(messages.c[name] for name in ("state", "text", "first_name", "language", "approval", *PRINTED)),
        )
        .select_from(_joined())
        .where(_in_keepsake(campaign), messages.c.erased_on.is_(None))
        .order_by(batches.c.posted_on, batches.c.number, messages.c.sequence)
    )
    with connection.execute(chosen.execution_options(yield_per=CHUNK)) as rows:
        for row in rows:
            yield row[0], Slot(*row[1:])


def _joined() -> FromClause:
    return slots.join(batches, batches.c.id == slots.c.batch).join(messages, messages.c.id == slots.c.message)


def _in_keepsake(campaign: str) -> ColumnElement[bool]:
    """Choose what was posted, without what was withdrawn since."""
    return and_(
        batches.c.campaign == campaign,
        batches.c.state == "posted",
        slots.c.live,
        messages.c.state == "approved",
    )


def _complaints(left_out: Sequence[Unprinted]) -> list[str]:
    return [f"message {one.message} is not in the keepsake: {one.why}" for one in left_out]
