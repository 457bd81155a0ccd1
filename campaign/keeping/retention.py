"""Retention: what is erased when it is due, and what waits for the keepsake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, delete, func, or_, select

from campaign import petition
from campaign.accounts.staff_log import NOBODY, Scribe
from campaign.keeping import abandoned_files, erasure, made_keepsakes, purge_gap, rendered_files
from campaign.keeping.backup_copies import BackupCopy, copies_holding
from campaign.keeping.made_keepsakes import RETENTION
from campaign.language.english import counted
from campaign.messages import queries, uncut_words
from campaign.press.sheet_files import digest
from campaign.storage.database import Database, write_anew
from campaign.storage.tables import (
    asides,
    batches,
    details,
    erasures,
    first_approvals,
    presence,
    slots,
    staff_log_today,
    used_tokens,
)
from campaign.storage.tables import messages as table
from campaign.storage.tables import originals as originals_table

if TYPE_CHECKING:
    from campaign.content.campaign import Campaign

WARNED_DAYS = 30  # at the most, before what nobody approved or printed is erased
MESSAGES_AT_ONCE = 200  # messages a transaction: supporters' messages are stored in between


@dataclass(frozen=True)
class Purged:
    """How much was erased.

    `waiting` messages are past their time, but no keepsake holds them yet. `soon` says how many that nobody
    approved or printed are erased next, and when. `files` are rendered ones that held erased words,
    and are deleted, as is what killed runs left `unfinished`; `left` names those that could not be.
    `keepsake` holds erased words: only people may delete it, for it may be the only one. `backups` hold what
    was erased, until they lapse.
    """

    details: int = 0
    messages: int = 0
    webhooks: int = 0
    originals: int = 0
    waiting: int = 0
    soon: str = ""
    files: tuple[Path, ...] = ()
    left: tuple[str, ...] = ()
    unfinished: tuple[Path, ...] = ()
    backups: tuple[BackupCopy, ...] = ()
    keepsake: Path | None = None

    def __str__(self) -> str:
        numbers = {
            "detail": self.details,
            "message": self.messages,
            "webhook": self.webhooks,
            "original": self.originals,
            "rendered file": len(self.files),
            "leftover": len(self.unfinished),
        }
        of = {"original": " of cut messages", "leftover": " of killed runs"}
        told = (counted(n, what) + of.get(what, "") for what, n in numbers.items() if n)
        lines = ["erased " + (", ".join(told) or "nothing")]
        if self.waiting:
            lines.append(
                f"kept past their time, until a keepsake holds them: {counted(self.waiting, 'message')}"
            )
        if self.soon:
            lines.append(f"{self.soon}: read them, print them")
        lines += [
            f"{copy.name}, made on {copy.made_on}, holds them until {copy.lapses_on}" for copy in self.backups
        ]
        if self.keepsake:
            lines.append(
                f"{self.keepsake} holds words that were erased: give it to the family, and delete it here"
            )
        return "; ".join(lines)


def purge(
    database: Database, campaign: Campaign, now: datetime, build_dir: Path, by: Scribe = NOBODY
) -> Purged:
    """Erase what is due of one campaign: details, messages, webhooks' ids, files; then `scrub`.

    Details go `details_days` after their card was posted, messages `messages_days` after the first keepsake
    that holds them; both go so many days after a message was rejected, and
    `waiting_days` after it arrived where it was neither approved nor put on a card. `by` records what went.
    """
    today = now.astimezone(UTC).date()
    waits = timedelta(days=campaign.privacy.waiting_days)
    database.write(lambda c: purge_gap.believe_no_day_far_off(c, campaign.slug, waits, today))
    purged = Purged(
        details=_repeat(database, lambda c: _erase_details(c, campaign, today, by)),
        messages=_repeat(database, lambda c: _erase_messages(c, campaign, today, by)),
        webhooks=database.write(
            lambda c: petition.fold_old_events(
                c, campaign.slug, campaign.signatures, campaign.signatures_as_of, now
            )
        ),
        originals=database.write(lambda c: uncut_words.drop_old(c, campaign.slug, today)),
    )
    with database.read() as connection:
        purged = replace(purged, soon=soon(connection, campaign, today))
        purged = replace(purged, waiting=_count(connection, _awaiting_keepsake(campaign, today)))
        files = [
            file
            for number in erased_from(connection, campaign.slug)
            for file in holding_erased(connection, build_dir, campaign.slug, number)
        ]
        if purged.details or purged.messages:
            purged = replace(purged, backups=_still_holding(connection, campaign, today))
        purged = replace(purged, keepsake=_keepsake_holding_erased(connection, build_dir, campaign.slug))
    gone, left = rendered_files.delete(files)
    unfinished = abandoned_files.delete_abandoned(database, build_dir, campaign.slug)
    return replace(purged, files=gone, left=left + unfinished.left, unfinished=unfinished.gone)


def drop_tokens(connection: Connection, now: datetime) -> int:
    """Erase used tokens that have expired; return how many there were."""
    return connection.execute(delete(used_tokens).where(used_tokens.c.expires_at < now)).rowcount


def scrub(database: Database) -> tuple[str, ...]:
    """Take erased bytes out of the files: what holds words is written anew, and SQLite's log emptied.

    Nobody writes meanwhile, so this is for a command and not for a request. What PostgreSQL's role may not
    do is said, with the grant that would allow it.

    Raises:
        NotStored: somebody reads or writes there for too long.
    """
    held = (
        *(table, originals_table, asides, first_approvals, presence),
        *(details, used_tokens, slots, staff_log_today),
    )
    return write_anew(database, [known.name for known in held])


def erased_from(connection: Connection, campaign: str) -> list[int]:
    """List the batches that held messages erased since."""
    chosen = _erased_slots(campaign).with_only_columns(batches.c.number).distinct().order_by(batches.c.number)
    return list(connection.scalars(chosen))


def holding_erased(connection: Connection, build_dir: Path, campaign: str, number: int) -> list[Path]:
    """List the files on this machine that hold what was erased from a batch, for whatever reason."""
    if not rendered_files.rendered_files(build_dir, campaign, number):
        return []
    erased = set(connection.scalars(_erased_slots(campaign).where(batches.c.number == number)))
    return rendered_files.files_holding(build_dir, campaign, number, erased) if erased else []


def _keepsake_holding_erased(connection: Connection, build_dir: Path, campaign: str) -> Path | None:
    """Give the keepsake's file if it is older than the latest erasure of a message that was in one.

    Within one day the order is not known; but of the latest keepsake it is known whether a message was taken
    back. One that another user made may be any.
    """
    keepsake, made_on, is_latest = made_keepsakes.default_file(build_dir, campaign), date.min, False
    with suppress(OSError):
        if not keepsake.is_file():
            return None
        made_on = datetime.fromtimestamp(keepsake.stat().st_mtime, UTC).date()
        is_latest = made_keepsakes.latest_sha256(connection, campaign) == digest(keepsake)
    held: ColumnElement[bool] = slots.c.in_book_on.is_not(None)
    if not is_latest:  # perhaps of a run that ended before it could say what it holds
        held |= slots.c.live & (batches.c.posted_on <= made_on)
    erased = _erased_slots(campaign).where(held)
    if is_latest and not made_keepsakes.count_taken_back(connection, campaign):
        erased = erased.where(table.c.id.not_in(made_keepsakes.taken_back_by_people()))
    erased_on = connection.scalar(erased.with_only_columns(func.max(table.c.erased_on)))
    return keepsake if erased_on and made_on <= erased_on else None


def _erased_slots(campaign: str) -> Select[Any]:
    return (
        select(slots.c.message)
        .join(batches, slots.c.batch == batches.c.id)
        .join(table, table.c.id == slots.c.message)
        .where(batches.c.campaign == campaign, table.c.erased_on.is_not(None))
    )


def _still_holding(connection: Connection, campaign: Campaign, today: date) -> tuple[BackupCopy, ...]:
    """List the backups that hold what was erased today."""
    erased = select(erasures.c.message).where(erasures.c.erased_on == today, erasures.c.why == RETENTION)
    of_campaign = table.c.campaign == campaign.slug
    earliest = connection.scalar(
        select(func.min(table.c.received_on)).where(of_campaign, table.c.id.in_(erased))
    )
    return tuple(copies_holding(connection, earliest, today)) if earliest else ()


def _repeat(database: Database, step: Callable[[Connection], int]) -> int:
    total = 0
    while done := database.write(step):
        total += done
    return total


def _erase_details(connection: Connection, campaign: Campaign, today: date, by: Scribe) -> int:
    before = today - timedelta(days=campaign.privacy.details_days)
    due = or_(_of_card(batches.c.posted_on) <= before, _rejected(before))
    ids = _hold(connection, _ids(campaign).join(details, details.c.message == table.c.id).where(due))
    for identifier in ids:
        erasure.erase_details(connection, queries.get(connection, identifier), RETENTION, today)
    if ids:
        by.record(connection, "purged", f"{campaign.slug}: details of {len(ids)}")
    return len(ids)


def _erase_messages(connection: Connection, campaign: Campaign, today: date, by: Scribe) -> int:
    before = today - timedelta(days=campaign.privacy.messages_days)
    never = _never_printed(today - timedelta(days=campaign.privacy.waiting_days))
    due = or_(_of_card(slots.c.in_book_on) <= before, _rejected(before), never)
    ids = _hold(connection, _ids(campaign).where(due))
    for identifier in ids:
        erasure.erase(connection, identifier, RETENTION, today)
    if ids:
        by.record(connection, "purged", f"{campaign.slug}: {counted(len(ids), 'message')}")
    return len(ids)


def _hold(connection: Connection, due: Select[Any]) -> Sequence[str]:
    """Choose some of what is due, without what is taken back, or purged elsewhere, at this moment."""
    return connection.scalars(due.limit(MESSAGES_AT_ONCE).with_for_update(of=table)).all()


def _awaiting_keepsake(campaign: Campaign, today: date) -> Select[Any]:
    before = today - timedelta(days=campaign.privacy.messages_days)
    return _ids(campaign).where(
        _of_card(batches.c.posted_on) <= before, _of_card(slots.c.in_book_on).is_(None)
    )


def _ids(campaign: Campaign) -> Select[Any]:
    return select(table.c.id).where(table.c.campaign == campaign.slug, table.c.erased_on.is_(None))


def _of_card(column: Column[date]) -> ColumnElement[date]:
    """What is known of the card on which the message was posted; null before."""
    return (
        select(column)
        .select_from(slots.join(batches, slots.c.batch == batches.c.id))
        .where(slots.c.message == table.c.id, slots.c.live, batches.c.state == "posted")
        .scalar_subquery()
    )


def _rejected(before: date) -> ColumnElement[bool]:
    return and_(table.c.state == "rejected", table.c.reviewed_on <= before)


def _never_printed(before: date) -> ColumnElement[bool]:
    """What arrived until then and is on no card: nobody approved it, or nothing was printed since."""
    on_card = select(slots.c.id).where(slots.c.message == table.c.id, slots.c.live)
    waits = table.c.state.in_(("waiting", "approved")) & ~on_card.exists()
    return and_(waits, table.c.received_on <= before)


def soon(connection: Connection, campaign: Campaign, today: date) -> str:
    """Say how many are erased within `WARNED_DAYS` that nobody approved or printed, and when; "" if none.

    Where they are kept for few days, in the second half of those.
    """
    kept = timedelta(days=campaign.privacy.waiting_days)
    warned = min(timedelta(days=WARNED_DAYS), kept / 2)
    chosen = _ids(campaign).where(_never_printed(today + warned - kept))
    earliest = connection.scalar(chosen.with_only_columns(func.min(table.c.received_on)))
    if earliest is None:
        return ""
    number = counted(_count(connection, chosen), "message")
    return f"{number} that nobody approved or printed will be erased from {earliest + kept} on"


def _count(connection: Connection, chosen: Select[Any]) -> int:
    return connection.scalar(select(func.count()).select_from(chosen.subquery())) or 0
