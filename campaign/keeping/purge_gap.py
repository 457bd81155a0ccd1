"""Clocks that were wrong: nothing is erased by one, nor kept for too long, nor gone at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select, update

from campaign.errors import CandleError
from campaign.storage import marks
from campaign.storage.database import Database
from campaign.storage.tables import backups, batches, erasures, messages, originals, slots, staff_log

LONGEST = timedelta(days=30)  # between two purges, where one is made each night
# A clock that is wrong since the machine's start has written these days too; what is older was there before.
DOUBTFUL = timedelta(days=2)
LIVED = (
    messages.c.received_on,
    messages.c.reviewed_on,
    erasures.c.erased_on,
    backups.c.made_on,
    staff_log.c.day,
)


class GapError(CandleError):
    """A clock that says of the last purge that it is further away than a machine is usually off."""


def refuse(database: Database, moment: datetime) -> None:
    """Erase nothing when the last purge is far away: at the start of a machine its clock can be years off.

    A database that was never purged by a program that noted it, as after an upgrade, tells by the last days
    on which anything happened there. That day is noted, for a wrong clock soon writes its own beside it.

    Raises:
        GapError: it is further away than a machine is usually off.
    """
    last, purged = database.write(lambda connection: _last_sign(connection, moment))
    if last and abs(moment - last) > LONGEST:
        told = "the last purge was" if purged else "before that the last thing happened here"
        raise GapError(
            f"the clock says {moment.date()}, and {told} on {last.date()}: nothing was erased; "
            "if `date` is right, once: build.py purge --after-gap"
        )


def _last_sign(connection: Connection, moment: datetime) -> tuple[datetime | None, bool]:
    """Give the last purge, else the last sign of life, and whether it is a purge."""
    if last := marks.last(connection, "purge"):
        return last, True
    if last := marks.last(connection, "alive"):
        return last, False
    if day := _last_day(connection, moment.date() - DOUBTFUL):
        last = datetime(day.year, day.month, day.day, tzinfo=UTC)
        marks.note(connection, "alive", last)
    return last, False


def _last_day(connection: Connection, until: date) -> date | None:
    """Give the last day until then, else the first of all: to a clock that is years behind all are ahead."""
    asked = (select(func.max(column).filter(column <= until), func.min(column)) for column in LIVED)
    latest, first = zip(*(connection.execute(days).one() for days in asked), strict=True)
    return max(filter(None, latest), default=min(filter(None, first), default=None))


def believe_no_day_far_off(connection: Connection, campaign: str, waits: timedelta, today: date) -> None:
    """Date to today what a clock dated that was far ahead, or so far behind that it would be due at once.

    What is less ahead may be right and today's clock behind, as far as `refuse` lets it be. That something is
    dated too early is known by what came to this campaign before it: of others a day ahead may stay there.
    `waits` is how long messages may wait.
    """
    own = messages.c.campaign == campaign
    of_batch = slots.c.batch.in_(select(batches.c.id).where(batches.c.campaign == campaign))
    of_message = originals.c.message.in_(select(messages.c.id).where(own))
    for day, its in (
        (messages.c.received_on, own),
        (messages.c.reviewed_on, own),
        (originals.c.kept_on, of_message),
        (batches.c.posted_on, batches.c.campaign == campaign),
        (slots.c.in_book_on, of_batch),
    ):
        connection.execute(update(day.table).where(its, day > today + LONGEST).values({day: today}))
    due = today - waits
    since = messages.c.received_on > due + min(LONGEST, waits / 2)
    later = select(messages.c.sequence).where(own, since)
    if first := connection.scalar(later.order_by(messages.c.sequence).limit(1)):
        early = (own, messages.c.sequence > first, messages.c.received_on <= due)
        connection.execute(update(messages).where(*early).values(received_on=today))
