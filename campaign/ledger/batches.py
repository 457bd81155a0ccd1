"""The ledger of batches: planned, rendered, printed, posted, or void; one live slot a message.

Every function takes an open `Connection`; those that write are meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from campaign.errors import CandleError
from campaign.storage.tables import batches, messages, slots


class BatchError(CandleError):
    """A batch that is not there, or a transition that its state does not allow."""


class ChangedMeanwhile(BatchError):
    """Somebody withdrew, changed or claimed messages meanwhile; plan or render again."""


PRINTED = ("translation", "translated_into", "translated_by", "prints")  # what a card shows besides the words


@dataclass(frozen=True)
class Slot:
    """A message's place in a batch, with its words as they are now; `prints`: they may go on paper."""

    card: int
    position: int
    message: str
    text_sha256: str
    live: bool
    state: str
    text: str
    first_name: str
    language: str
    approval: str | None
    translation: str | None = None
    translated_into: str | None = None
    translated_by: str | None = None
    prints: str = "original"


@dataclass(frozen=True)
class File:
    """A rendered file, as it was when it was proofed; `reprint` 0 is the first time."""

    name: str
    sha256: str
    bytes: int
    reprint: int = 0


@dataclass(frozen=True)
class Batch:
    """One batch as the ledger knows it; `ticket` is how it was set (sizes, printer, versions, font hashes).

    `files` are those rendered first; `reprinted` those that were printed again otherwise, or some sheets.
    """

    id: int
    campaign: str
    number: int
    state: str
    ticket: Mapping[str, Any]
    files: tuple[File, ...]
    cards: int
    reprints: int
    planned_at: datetime
    rendered_at: datetime | None
    printed_at: datetime | None
    posted_on: date | None
    void_reason: str | None
    reprinted: tuple[File, ...] = ()

    def __str__(self) -> str:
        return f"batch {self.number} of {self.campaign}"

    @property
    def per_sheet(self) -> int:
        """How many cards are on a sheet, as its ticket says it, whoever wrote that."""
        noted = self.ticket.get("per_sheet")
        return noted if isinstance(noted, int) and noted > 0 else 1


def get(connection: Connection, campaign: str, number: int) -> Batch:
    """Return one batch.

    Raises:
        BatchError: the campaign has no such batch.
    """
    chosen = select(batches).where(batches.c.campaign == campaign, batches.c.number == number)
    row = connection.execute(chosen).one_or_none()
    if row is None:
        raise BatchError(
            f"batch {number} of {campaign}: there is none; see `build.py batches {campaign} list`"
        )
    return _batch(row)


def list_batches(connection: Connection, campaign: str, *states: str) -> list[Batch]:
    """Return the campaign's batches, or those of some states, the first one first."""
    chosen = select(batches).where(batches.c.campaign == campaign).order_by(batches.c.number)
    if states:
        chosen = chosen.where(batches.c.state.in_(states))
    return [_batch(row) for row in connection.execute(chosen)]


def slots_of(connection: Connection, batch: Batch, cards: range | None = None) -> list[Slot]:
    """Return the slots of the batch, or of some of its cards, in the order of the cards."""
    chosen = (
        select(
            *(slots.c[name] for name in ("card", "position", "message", "text_sha256", "live")),
            *(messages.c[name] for name in ("state", "text", "first_name", "language", "approval", *PRINTED)),
        )
        .join(messages, messages.c.id == slots.c.message)
        .where(slots.c.batch == batch.id)
        .order_by(slots.c.card, slots.c.position)
    )
    if cards is not None:
        chosen = chosen.where(slots.c.card >= cards.start, slots.c.card < cards.stop)
    return [Slot(*row) for row in connection.execute(chosen).all()]


def live_messages(connection: Connection, batch: Batch) -> int:
    """Count the messages that hold a live slot of the batch."""
    return connection.scalar(select(func.count()).where(slots.c.batch == batch.id, slots.c.live)) or 0


def live_cards(connection: Connection, batch: Batch) -> int:
    """Count the cards that hold a live slot of the batch: those that were taken back are left out."""
    cards = select(func.count(slots.c.card.distinct())).where(slots.c.batch == batch.id, slots.c.live)
    return connection.scalar(cards) or 0


def live_cards_of_all(connection: Connection, campaign: str) -> dict[int, int]:
    """Count them for each batch of a campaign, by its number; a batch without any is missing."""
    joined = slots.join(batches, slots.c.batch == batches.c.id)
    counted = select(batches.c.number, func.count(slots.c.card.distinct())).select_from(joined)
    chosen = counted.where(batches.c.campaign == campaign, slots.c.live).group_by(batches.c.number)
    return {row[0]: row[1] for row in connection.execute(chosen)}


def lock(connection: Connection, batch: Batch) -> Batch:
    """Read the batch again once its row is held: another program may have changed it before."""
    connection.execute(select(batches.c.state).where(batches.c.id == batch.id).with_for_update())
    return get(connection, batch.campaign, batch.number)


def free_slots(connection: Connection, batch: Batch, which: ColumnElement[bool]) -> None:
    """Take messages off their cards in a batch."""
    chosen = update(slots).where(slots.c.batch == batch.id, slots.c.live, which)
    connection.execute(chosen.values(live=False))


def update_batch(connection: Connection, batch: Batch, **values: Any) -> None:
    connection.execute(update(batches).where(batches.c.id == batch.id).values(values))


def _batch(row: Row[Any]) -> Batch:
    values = row._asdict()
    values["ticket"] = held if isinstance(held := values.pop("press"), dict) else {}
    files = list(_files(values["files"]))
    values["files"] = tuple(file for file in files if not file.reprint)
    values["reprinted"] = tuple(file for file in files if file.reprint)
    return Batch(**values)


def _files(stored: object) -> Iterator[File]:
    """Read the files of a batch; what nobody here wrote there is none."""
    kinds = {"name": str, "sha256": str, "bytes": int, "reprint": int}
    for file in stored if isinstance(stored, list) else ():
        held: dict[str, Any] = {"reprint": 0} | file if isinstance(file, dict) else {}
        if {name: type(value) for name, value in held.items()} == kinds:
            yield File(**held)
