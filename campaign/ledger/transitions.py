"""A batch's transitions: rendered, printed, posted, void, printed again.

Every function takes an open `Connection`; those that write are meant for `Database.write`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, select

from campaign.ledger import ranges
from campaign.ledger.batches import (
    Batch,
    BatchError,
    ChangedMeanwhile,
    File,
    free_slots,
    get,
    live_messages,
    lock,
    update_batch,
)
from campaign.ledger.recalls import open_recalls, withdrawn_from
from campaign.storage.chunks import chunks
from campaign.storage.tables import messages, slots


@dataclass(frozen=True)
class Voided:
    """What `void` took back: cards not to be posted, and how many messages may be batched again."""

    batch: Batch
    cards: tuple[int, ...]
    freed: int


def drop_messages(connection: Connection, batch: Batch, withdrawn: Iterable[str]) -> None:
    """Take messages out of a planned batch: they were withdrawn or changed before they were printed."""
    _lock_in_state(connection, batch, ("planned",), "changed")
    _drop(connection, batch, withdrawn)


def mark_rendered(
    connection: Connection,
    batch: Batch,
    files: Sequence[File],
    count: int,
    ticket: Mapping[str, Any],
    now: datetime,
) -> Batch:
    """Mark a planned batch as rendered: its files are on the disk, proofed, with `count` messages on them.

    Raises:
        Changed: a message was withdrawn or voided since its words were read; render again without it.
        BatchError: it was marked or voided before.
    """
    _lock_in_state(connection, batch, ("planned",), "rendered")
    if withdrawn_from(connection, batch) or live_messages(connection, batch) != count:
        raise ChangedMeanwhile(
            f"{batch}: some of its messages were withdrawn or voided meanwhile; render it again"
        )
    update_batch(
        connection,
        batch,
        state="rendered",
        files=[vars(file) for file in files],
        press=dict(ticket),
        rendered_at=now,
    )
    return get(connection, batch.campaign, batch.number)


def mark_printed(connection: Connection, campaign: str, number: int, now: datetime) -> Batch:
    """Note that a batch is on paper.

    Raises:
        BatchError: it is not `rendered`.
    """
    batch = get(connection, campaign, number)
    _lock_in_state(connection, batch, ("rendered",), "printed")
    update_batch(connection, batch, state="printed", printed_at=now)
    return get(connection, campaign, number)


def mark_posted(connection: Connection, campaign: str, number: int, on: date, today: date) -> Batch:
    """Note the day on which a batch was posted; from then on nothing of it can be taken back.

    Raises:
        BatchError: it is not `printed`, the day cannot be right, or a card has to be pulled first.
    """
    batch = get(connection, campaign, number)
    batch = _lock_in_state(connection, batch, ("printed",), "posted")
    _check_day(batch, on, today)
    if recalls := open_recalls(connection, batch, on):
        cards = ", ".join(str(card) for card in sorted({recall.card for recall in recalls}))
        raise BatchError(
            f"{batch}: a message was withdrawn; take card {cards} out of the pile, then `build.py "
            f'batches {campaign} void {number} --cards {recalls[0].card} --why "withdrawn"` and so on; '
            "or name the day before that on which it was posted"
        )
    update_batch(connection, batch, state="posted", posted_on=on)
    return get(connection, campaign, number)


def void(connection: Connection, campaign: str, number: int, why: str, cards: range | None = None) -> Voided:
    """Take a batch back, or some spoiled cards of it; their messages may be batched again.

    Raises:
        BatchError: it was posted or is void, it has no such cards, or no reason is given.
    """
    batch = get(connection, campaign, number)
    if not why.strip():
        raise BatchError(f"{batch}: say why it is void, with --why")
    batch = _lock_in_state(connection, batch, ("planned", "rendered", "printed"), "void")
    chosen = _chosen_cards(connection, batch, cards)
    for some in chunks(sorted(chosen)):
        free_slots(connection, batch, slots.c.card.in_(some))
    rest = "all other cards" if batch.void_reason else ""
    which = rest if cards is None else ranges.name(chosen)
    note = f"{which}: {why.strip()}" if which else why.strip()
    reasons = "; ".join(filter(None, (batch.void_reason, note)))
    left = live_messages(connection, batch)
    update_batch(connection, batch, state=batch.state if left else "void", void_reason=reasons)
    return Voided(get(connection, campaign, number), tuple(chosen), sum(chosen.values()))


def count_reprint(
    connection: Connection,
    batch: Batch,
    files: Sequence[File] = (),
    printer_fields: Mapping[str, Any] | None = None,
    lacking: Sequence[str] = (),
) -> Batch:
    """Count one more reprint of the batch, and keep its files; of a name the first and the last.

    `printer_fields` is how it was drawn for another printer than the batch. `lacking` are withdrawn messages
    that the new files of the whole batch lack: while none is on paper, no card has to be pulled for them. Of
    a batch that lacks all of them the cards are voided instead, and it with them.
    """
    now = lock(connection, batch)
    if now.state == "rendered" and len(lacking) < live_messages(connection, now):
        _drop(connection, now, lacking)
    number, names = now.reprints + 1, {file.name for file in files}
    new = [replace(file, reprint=number) for file in files if file not in now.files]
    kept = [*now.files, *(file for file in now.reprinted if file.name not in names), *new]
    ticket = dict(now.ticket)
    if printer_fields:
        ticket["reprints"] = {**ticket.get("reprints", {}), str(number): dict(printer_fields)}
    update_batch(connection, now, reprints=number, files=[vars(file) for file in kept], press=ticket)
    return get(connection, batch.campaign, batch.number)


def _drop(connection: Connection, batch: Batch, withdrawn: Iterable[str]) -> None:
    for some in chunks(sorted(withdrawn)):
        free_slots(connection, batch, slots.c.message.in_(some))


def _lock_in_state(connection: Connection, batch: Batch, allowed: tuple[str, ...], done: str) -> Batch:
    """Lock the batch's row until COMMIT and read it again; refuse a transition that it does not allow."""
    batch = lock(connection, batch)
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


def _check_day(batch: Batch, on: date, today: date) -> None:
    if on > today:
        raise BatchError(f"{batch}: {on} lies in the future; give the day on which it was posted")
    # A day earlier is possible west of Greenwich: the ledger's days are UTC.
    if batch.printed_at and on < batch.printed_at.date() - timedelta(days=1):
        raise BatchError(f"{batch}: it was printed on {batch.printed_at.date()}, after {on}")


def _chosen_cards(connection: Connection, batch: Batch, cards: range | None) -> dict[int, int]:
    """Map each live card of the range to the messages that may be batched again."""
    if cards is not None and not (1 <= cards.start < cards.stop <= batch.cards + 1):
        raise BatchError(f"{batch}: {ranges.outside(cards, batch.cards)}")
    approved = func.sum(case((messages.c.state == "approved", 1), else_=0))
    chosen = (
        select(slots.c.card, approved)
        .join(messages, messages.c.id == slots.c.message)
        .where(slots.c.batch == batch.id, slots.c.live)
        .group_by(slots.c.card)
        .order_by(slots.c.card)
    )
    by_card = {card: freed for card, freed in connection.execute(chosen) if cards is None or card in cards}
    if cards is not None and not by_card:
        raise BatchError(f"{batch}: {ranges.name(cards)} {'is' if len(cards) == 1 else 'are'} void already")
    return by_card
