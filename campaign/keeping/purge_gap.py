"""The time since the last purge: nothing is erased by a clock that may be wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from campaign.errors import CandleError
from campaign.storage import marks
from campaign.storage.database import Database
from campaign.storage.tables import backups, erasures, messages, staff_log

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
