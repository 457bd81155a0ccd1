"""The ledger of batches: planned, rendered, printed, posted, or void; one live slot a message.

Every function takes an open `Connection`; those that write are meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Update, case, func, select, update

from campaign.errors import CandleError
from campaign.tables import batches, messages, slots

T = TypeVar("T")

CHUNK = 500  # rows a statement: below SQLite's limit of variables


class BatchError(CandleError):
    """A batch that is not there, or a step that its state does not allow."""


class Changed(BatchError):
    """Somebody withdrew, changed or claimed messages meanwhile; plan or render again."""


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


@dataclass(frozen=True)
class File:
    """A rendered file, as it was when it was proofed; `reprint` 0 is the first time."""

    name: str
    sha256: str
    bytes: int
    reprint: int = 0


@dataclass(frozen=True)
class Batch:
    """One batch as the ledger knows it; `press` is how it was set (sizes, versions, font hashes).

    `files` are those rendered first; `reprinted` those that were printed again otherwise, or some sheets.
    """

    id: int
    campaign: str
    number: int
    state: str
    press: Mapping[str, Any]
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


@dataclass(frozen=True)
class Pull:
    """A card that must not be posted, because a message on it was withdrawn."""

    batch: int
    card: int
    sheet: int
    position: int
    message: str

    def __str__(self) -> str:
        return f"card {self.card} (sheet {self.sheet}) of batch {self.batch}"


@dataclass(frozen=True)
class Voided:
    """What `void` took back: cards not to be posted, and how many messages may be batched again."""

    batch: Batch
    cards: tuple[int, ...]
    freed: int


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


def listing(connection: Connection, campaign: str, state: str | None = None) -> list[Batch]:
    """Return the campaign's batches, the first one first."""
    chosen = select(batches).where(batches.c.campaign == campaign).order_by(batches.c.number)
    if state is not None:
        chosen = chosen.where(batches.c.state == state)
    return [_batch(row) for row in connection.execute(chosen)]


def slots_of(connection: Connection, batch: Batch, cards: range | None = None) -> list[Slot]:
    """Return the slots of the batch, or of some of its cards, in the order of the cards."""
    chosen = (
        select(
            *(slots.c[name] for name in ("card", "position", "message", "text_sha256", "live")),
            *(messages.c[name] for name in ("state", "text", "first_name", "language", "approval")),
        )
        .join(messages, messages.c.id == slots.c.message)
        .where(slots.c.batch == batch.id)
        .order_by(slots.c.card, slots.c.position)
    )
    if cards is not None:
        chosen = chosen.where(slots.c.card >= cards.start, slots.c.card < cards.stop)
    return [Slot(**row._asdict()) for row in connection.execute(chosen)]


def live_messages(connection: Connection, batch: Batch) -> int:
    """Count the messages that hold a live slot of the batch."""
    return connection.scalar(select(func.count()).where(slots.c.batch == batch.id, slots.c.live)) or 0


def drop(connection: Connection, batch: Batch, withdrawn: Iterable[str]) -> None:
    """Take messages out of a planned batch: they were withdrawn or changed before they were printed."""
    _step(connection, batch, ("planned",), "changed")
    for some in chunks(sorted(withdrawn)):
        connection.execute(_of_messages(batch, some).values(live=False))


def rendered(
    connection: Connection,
    batch: Batch,
    files: Sequence[File],
    count: int,
    press: Mapping[str, Any],
    now: datetime,
) -> Batch:
    """Mark a planned batch as rendered: its files are on the disk, proofed, with `count` messages on them.

    Raises:
        Changed: a message was withdrawn or voided since its words were read; render again without it.
        BatchError: it was marked or voided before.
    """
    _step(connection, batch, ("planned",), "rendered")
    if withdrawn_from(connection, batch) or live_messages(connection, batch) != count:
        raise Changed(f"{batch}: some of its messages were withdrawn or voided meanwhile; render it again")
    _change(
        connection,
        batch,
        state="rendered",
        files=[vars(file) for file in files],
        press=dict(press),
        rendered_at=now,
    )
    return get(connection, batch.campaign, batch.number)


def printed(connection: Connection, campaign: str, number: int, now: datetime) -> Batch:
    """Note that a batch is on paper.

    Raises:
        BatchError: it is not `rendered`.
    """
    batch = get(connection, campaign, number)
    _step(connection, batch, ("rendered",), "printed")
    _change(connection, batch, state="printed", printed_at=now)
    return get(connection, campaign, number)


def posted(connection: Connection, campaign: str, number: int, on: date, today: date) -> Batch:
    """Note the day on which a batch was posted; from then on nothing of it can be taken back.

    Raises:
        BatchError: it is not `printed`, the day cannot be right, or a card has to be pulled first.
    """
    batch = get(connection, campaign, number)
    batch = _step(connection, batch, ("printed",), "posted")
    _check_day(batch, on, today)
    if pulls := to_pull(connection, batch):
        cards = ", ".join(str(card) for card in sorted({pull.card for pull in pulls}))
        raise BatchError(
            f"{batch}: a message was withdrawn; take card {cards} out of the pile, then "
            f'`build.py batches {campaign} void {number} --cards {pulls[0].card} --why "withdrawn"` and so on'
        )
    _change(connection, batch, state="posted", posted_on=on)
    return get(connection, campaign, number)


def void(connection: Connection, campaign: str, number: int, why: str, cards: range | None = None) -> Voided:
    """Take a batch back, or some spoiled cards of it; their messages may be batched again.

    Raises:
        BatchError: it was posted or is void, it has no such cards, or no reason is given.
    """
    batch = get(connection, campaign, number)
    if not why.strip():
        raise BatchError(f"{batch}: say why it is void, with --why")
    batch = _step(connection, batch, ("planned", "rendered", "printed"), "void")
    chosen = _chosen_cards(connection, batch, cards)
    for some in chunks(sorted(chosen)):
        connection.execute(
            update(slots)
            .where(slots.c.batch == batch.id, slots.c.live, slots.c.card.in_(some))
            .values(live=False)
        )
    note = why.strip() if cards is None else f"cards {_ranges(chosen)}: {why.strip()}"
    reasons = "; ".join(filter(None, (batch.void_reason, note)))
    left = live_messages(connection, batch)
    _change(connection, batch, state=batch.state if left else "void", void_reason=reasons)
    return Voided(get(connection, campaign, number), tuple(chosen), sum(chosen.values()))


def withdraw(connection: Connection, message: str) -> Pull | None:
    """Give up a withdrawn message's slot while that is possible; else name the card to pull.

    Call it in the transaction that withdraws or erases the message. None: nothing is on paper, or the
    card was posted and cannot be pulled any more.
    """
    chosen = (
        select(slots.c.card, slots.c.position, batches.c.campaign, batches.c.number)
        .join(batches, batches.c.id == slots.c.batch)
        .where(slots.c.message == message, slots.c.live)
    )
    row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    batch = get(connection, row.campaign, row.number)
    state = _locked(connection, batch).state
    if state == "planned":
        connection.execute(_of_messages(batch, [message]).values(live=False))
    return _pull(batch, row.card, row.position, message) if state in ("rendered", "printed") else None


def to_pull(connection: Connection, batch: Batch) -> list[Pull]:
    """List the cards of a rendered or printed batch that hold a message withdrawn since."""
    if batch.state not in ("rendered", "printed"):
        return []
    chosen = (
        select(slots.c.card, slots.c.position, slots.c.message)
        .where(slots.c.batch == batch.id, slots.c.live, slots.c.message.in_(_not_approved(batch)))
        .order_by(slots.c.card, slots.c.position)
    )
    return [_pull(batch, row.card, row.position, row.message) for row in connection.execute(chosen)]


def count_reprint(connection: Connection, batch: Batch, files: Sequence[File] = ()) -> Batch:
    """Count one more reprint of the batch, and keep its files; of a name the first and the last."""
    now = _locked(connection, batch)
    number, names = now.reprints + 1, {file.name for file in files}
    new = [replace(file, reprint=number) for file in files if file not in now.files]
    kept = [*now.files, *(file for file in now.reprinted if file.name not in names), *new]
    _change(connection, now, reprints=number, files=[vars(file) for file in kept])
    return get(connection, batch.campaign, batch.number)


def withdrawn_from(connection: Connection, batch: Batch) -> list[str]:
    """List the messages with a live slot that are not approved any more."""
    chosen = select(slots.c.message).where(
        slots.c.batch == batch.id, slots.c.live, slots.c.message.in_(_not_approved(batch))
    )
    return list(connection.scalars(chosen))


def _not_approved(batch: Batch) -> Select[Any]:
    return select(messages.c.id).where(messages.c.campaign == batch.campaign, messages.c.state != "approved")


def _step(connection: Connection, batch: Batch, allowed: tuple[str, ...], done: str) -> Batch:
    """Hold the batch's row until COMMIT and give it as it is then; refuse a step that it does not allow."""
    batch = _locked(connection, batch)
    if batch.state in allowed:
        return batch
    command = f"`build.py batches {batch.campaign}"
    why = {
        "planned": f"it is not on the disk yet: `build.py cards {batch.campaign}` renders it",
        "rendered": f"when it is on paper, {command} printed {batch.number}` comes first",
        "printed": "it was marked as printed before",
        "posted": f"it was posted on {batch.posted_on}, and nothing of it can be taken back",
        "void": f"it is void ({batch.void_reason})",
    }[batch.state]
    raise BatchError(f"{batch}: it is {batch.state} and cannot be marked {done}; {why}")


def _locked(connection: Connection, batch: Batch) -> Batch:
    """Read the batch again once its row is held: another program may have changed it before."""
    connection.execute(select(batches.c.state).where(batches.c.id == batch.id).with_for_update())
    return get(connection, batch.campaign, batch.number)


def _check_day(batch: Batch, on: date, today: date) -> None:
    if on > today:
        raise BatchError(f"{batch}: {on} lies in the future; give the day on which it was posted")
    # A day earlier is possible west of Greenwich: the ledger's days are UTC.
    if batch.printed_at and on < batch.printed_at.date() - timedelta(days=1):
        raise BatchError(f"{batch}: it was printed on {batch.printed_at.date()}, after {on}")


def _chosen_cards(connection: Connection, batch: Batch, cards: range | None) -> dict[int, int]:
    """Map each live card of the range to the messages that may be batched again."""
    if cards is not None and not (1 <= cards.start < cards.stop <= batch.cards + 1):
        raise BatchError(f"{batch}: it has the cards 1 to {batch.cards}, and not {_ranges(cards)}")
    approved = func.sum(case((messages.c.state == "approved", 1), else_=0))
    chosen = (
        select(slots.c.card, approved)
        .join(messages, messages.c.id == slots.c.message)
        .where(slots.c.batch == batch.id, slots.c.live)
        .group_by(slots.c.card)
        .order_by(slots.c.card)
    )
    found = {card: freed for card, freed in connection.execute(chosen) if cards is None or card in cards}
    if cards is not None and not found:
        raise BatchError(f"{batch}: cards {_ranges(cards)} are void already")
    return found


def _ranges(cards: Iterable[int]) -> str:
    """Write card numbers shortly: 3, 5–7."""
    runs: list[list[int]] = []
    for card in sorted(cards):
        if runs and card == runs[-1][1] + 1:
            runs[-1][1] = card
        else:
            runs.append([card, card])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _of_messages(batch: Batch, some: Sequence[str]) -> Update:
    return update(slots).where(slots.c.batch == batch.id, slots.c.live, slots.c.message.in_(some))


def _change(connection: Connection, batch: Batch, **values: Any) -> None:
    connection.execute(update(batches).where(batches.c.id == batch.id).values(values))


def _batch(row: Row[Any]) -> Batch:
    values = row._asdict()
    files = [File(**file) for file in values["files"]]
    values["files"] = tuple(file for file in files if not file.reprint)
    values["reprinted"] = tuple(file for file in files if file.reprint)
    for name in ("planned_at", "rendered_at", "printed_at"):
        values[name] = _utc(values[name])
    return Batch(**values)


def _utc(moment: datetime | None) -> datetime | None:
    """SQLite keeps no time zone; what was stored is UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _pull(batch: Batch, card: int, position: int, message: str) -> Pull:
    return Pull(batch.number, card, -(-card // batch.press["per_sheet"]), position, message)


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield lists of at most `CHUNK` items."""
    iterator = iter(items)
    while some := list(islice(iterator, CHUNK)):
        yield some
