"""Key rotation: what an older approval key signed is signed with the newest one, so that the old can go.

Approvals that an older key of the settings signed are good, and are renewed as they are. Where a key was
stolen its signatures prove nothing any more: then a person reads the words of a batch, and vouches for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select, update

from campaign.accounts import staff, staff_log_renewal
from campaign.accounts.staff_log import SHELL, Scribe
from campaign.cards.progress import Progress, silent
from campaign.errors import CandleError
from campaign.language.english import counted
from campaign.ledger import batches as ledger
from campaign.messages import approval, print_choice
from campaign.messages.message import text_sha256
from campaign.storage.chunks import CHUNK
from campaign.storage.database import Database
from campaign.storage.tables import first_approvals, messages, slots

Approved = Row[Any]
SHOWN = ("text", "first_name", *ledger.PRINTED)


class VouchError(CandleError):
    """Words that nobody can vouch for as they are."""


@dataclass(frozen=True)
class Hanging:
    """What an older key signed: approvals by number, also first ones, staff by name; and what no key signed.

    `log_rows` are rows of the log of staff; those stay as they are, and a later row vouches for them.
    `left_out` are decisions that were taken out of it.
    """

    approvals: int
    members: tuple[str, ...]
    unsigned: tuple[str, ...]
    log_rows: int = 0
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Count the signatures that would be worth nothing without the older keys, if there are any."""
        numbers = {
            counted(self.approvals, "approval"): self.approvals,
            f"{counted(len(self.members), 'member')} of staff": len(self.members),
            f"{counted(self.log_rows, 'row')} of the log": self.log_rows,
        }
        return ", ".join(told for told, number in numbers.items() if number)


@dataclass(frozen=True)
class Vouched:
    """Words of a batch that the newest key did not sign: what a person reads, and what is signed.

    `shown` are the columns that say what a card shows of it.
    """

    message: str
    shown: Mapping[str, str | None]
    signed: tuple[str, ...]

    @property
    def lines(self) -> Iterator[str]:
        """All that is signed, for a person to read; `printed` tells how, where a translation was."""
        yield self.message
        yield self.shown["text"] or ""
        if self.shown["prints"] != "original":
            how = (self.shown[name] or "nobody" for name in ("prints", "translated_into", "translated_by"))
            yield self.shown["translation"] or ""
            yield "printed: {}, in {}, translated by {}".format(*how)
        yield self.shown["first_name"] or ""


def find_hanging(database: Database, keys: Sequence[str], progress: Progress = silent) -> Hanging:
    """Count what an older key is needed for; `unsigned` are approved messages that no key here signed."""
    return _go_through(database, keys, progress)


def renew(database: Database, keys: Sequence[str], progress: Progress = silent, who: str = SHELL) -> Hanging:
    """Sign with the newest key what an older one of `keys` signed, and say what that was.

    It may be stopped and run again. What is approved or taken back meanwhile stays as it is then.
    """
    return _go_through(database, keys, progress, Scribe(who, keys))


def _go_through(
    database: Database, keys: Sequence[str], progress: Progress, renew: Scribe | None = None
) -> Hanging:
    found, unsigned, last, seen = 0, list[str](), 0, 0
    while True:
        with database.read() as connection:
            rows = connection.execute(_approved_otherwise(keys[0], last)).all()
        if not rows:
            break
        signed = [approval.valid(keys, row.approval, *_words(row)) for row in rows]
        good = list(compress(rows, signed))
        unsigned += [row.id for row, by_us in zip(rows, signed, strict=True) if not by_us]
        found, last, seen = found + len(good), rows[-1].sequence, seen + len(rows)
        if renew and good:
            database.write(lambda c, good=good: _sign(c, good, keys))  # type: ignore[misc]
        progress("looking at approvals", seen, 0)
    if renew:
        by = renew
        members, firsts, log = database.write(
            lambda c: (
                _renew_members(c, keys),
                _renew_first_approvals(c, keys),
                staff_log_renewal.renew(c, by),
            )
        )
    else:
        with database.read() as connection:
            members = _older_members(connection, keys)
            firsts = len(_older_first_approvals(connection, keys))
            log = staff_log_renewal.Renewed(staff_log_renewal.count_hanging(connection, keys[0]))
    return Hanging(found + firsts, members, tuple(unsigned), log.rows, log.left_out)


def _approved_otherwise(key: str, after: int) -> Select[Any]:
    """Choose some approved messages whose approval does not name this key."""
    signed = or_(*(messages.c.approval.startswith(f"{one}.") for one in approval.key_ids(key)))
    return (
        select(
            messages.c.sequence, messages.c.id, messages.c.campaign, messages.c.text,
            messages.c.first_name, messages.c.language, messages.c.approval,
            *(messages.c[name] for name in ledger.PRINTED),
        )
        .where(messages.c.state == "approved", messages.c.erased_on.is_(None), messages.c.sequence > after)
        .where(messages.c.approval.is_(None) | ~signed)
        .order_by(messages.c.sequence)
        .limit(CHUNK)
    )  # fmt: skip


def _older_members(connection: Connection, keys: Sequence[str]) -> tuple[str, ...]:
    newest = {member.name for member in staff.list_members(connection, keys[:1]) if member.signed}
    listed = staff.list_members(connection, keys)
    return tuple(member.name for member in listed if member.signed and member.name not in newest)


def _renew_members(connection: Connection, keys: Sequence[str]) -> tuple[str, ...]:
    older = _older_members(connection, keys)
    for name in older:
        staff.renew_signature(connection, name, keys)
    return older


def _older_first_approvals(connection: Connection, keys: Sequence[str]) -> list[tuple[str, str, str]]:
    """List the first approvals that an older key signed: the message, what was signed, and that anew."""
    columns = (first_approvals.c.message, first_approvals.c.by, first_approvals.c.part)
    shown = (messages.c.campaign, messages.c.text, messages.c.first_name, messages.c.language)
    chosen = select(*columns, *shown, *(messages.c[name] for name in ledger.PRINTED)).join(
        messages, messages.c.id == first_approvals.c.message
    )
    found = []
    for row in connection.execute(chosen.where(messages.c.erased_on.is_(None))):
        words = print_choice.signed(row.message, row.campaign, row)
        good, newest = (approval.valid_part(some, row.by, row.part, *words) for some in (keys, keys[:1]))
        if good and not newest:
            found.append((row.message, row.part, approval.sign_as(row.by, keys, *words)))
    return found


def _renew_first_approvals(connection: Connection, keys: Sequence[str]) -> int:
    """Sign with the newest key what an older one signed; returns how many there were."""
    found = _older_first_approvals(connection, keys)
    for message, part, anew in found:
        same = (first_approvals.c.message == message) & (first_approvals.c.part == part)
        connection.execute(update(first_approvals).where(same).values(part=anew))
    return len(found)


def words_to_vouch_for(
    database: Database, campaign: str, number: int, keys: Sequence[str]
) -> tuple[list[Vouched], list[str]]:
    """List the words on a batch's cards that no key here signed, and the messages that cannot be vouched for.

    The latter hold other words than the ledger noted when they were printed.

    Raises:
        BatchError: there is no such batch.
        VouchError: nothing of it is on paper.
    """
    with database.read() as connection:
        batch = ledger.get(connection, campaign, number)
        if batch.state not in ("rendered", "printed", "posted"):
            raise VouchError(f"{batch}: it is {batch.state}; only what was printed is vouched for")
        some = [slot for slot in ledger.slots_of(connection, batch) if _to_be_vouched(slot, campaign, keys)]
    changed = [slot.message for slot in some if text_sha256(slot.text) != slot.text_sha256]
    return [_as_vouched(slot, campaign) for slot in some if slot.message not in changed], changed


def _as_vouched(slot: ledger.Slot, campaign: str) -> Vouched:
    shown = {name: getattr(slot, name) for name in SHOWN}
    return Vouched(slot.message, shown, print_choice.signed(slot.message, campaign, slot))


def as_text(words: Iterable[Vouched]) -> bytes:
    """Write words for a person to read."""
    return "".join("\n".join(filter(None, (*one.lines, "\n"))) for one in words).encode()


def vouch(database: Database, campaign: str, number: int, words: Sequence[Vouched], by: Scribe) -> int:
    """Sign exactly these words of a batch with the newest key, and record it; returns how many were signed.

    A message whose words are others by now is passed over.
    """
    signed = 0
    for first in range(0, len(words), CHUNK):
        some = words[first : first + CHUNK]
        signed += database.write(lambda c, some=some: _vouch(c, campaign, number, some, by))  # type: ignore[misc]
    return signed


def _to_be_vouched(slot: ledger.Slot, campaign: str, keys: Sequence[str]) -> bool:
    words = print_choice.signed(slot.message, campaign, slot)
    on_paper = slot.live and slot.state == "approved" and bool(slot.text)
    return on_paper and not approval.valid(keys, slot.approval, *words)


def _vouch(connection: Connection, campaign: str, number: int, some: Sequence[Vouched], by: Scribe) -> int:
    on_paper = select(slots.c.id).where(slots.c.message == messages.c.id, slots.c.live).exists()
    approved = and_(messages.c.campaign == campaign, messages.c.state == "approved", on_paper)
    signed = 0
    for one in some:
        same = and_(*(messages.c[name].is_not_distinct_from(value) for name, value in one.shown.items()))
        chosen = update(messages).where(messages.c.id == one.message, approved, same)
        signed += connection.execute(chosen.values(approval=approval.sign(by.keys, *one.signed))).rowcount
    by.record(connection, "vouched", f"batch {number} of {campaign}: {counted(signed, 'message')}")
    return signed


def _sign(connection: Connection, rows: Sequence[Approved], keys: Sequence[str]) -> None:
    """Renew approvals, but for those that were changed since they were looked at."""
    for row in rows:
        same = (messages.c.approval == row.approval) & (messages.c.state == "approved")
        values = {"approval": approval.renew(keys, row.approval, *_words(row))}
        connection.execute(update(messages).where(messages.c.id == row.id, same).values(values))


def _words(row: Approved) -> tuple[str, ...]:
    return print_choice.signed(row.id, row.campaign, row)
