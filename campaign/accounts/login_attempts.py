"""Wrong passwords and codes, counted in the database, so that a restart forgets none.

A row names whom they were tried for by a digest, or a known browser by its id: see
`receiver.staff.login_delay`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from campaign.storage.bulk_insert import insert_new
from campaign.storage.tables import guesses

FORGOTTEN_AFTER = timedelta(hours=1)  # without another one


@dataclass(frozen=True)
class Allowance:
    """How many may be wrong at once, and how long the next one waits: twice as long as the one before."""

    free: int
    first: timedelta
    longest: timedelta


PASSWORDS = Allowance(5, timedelta(seconds=1), timedelta(minutes=1))  # slows guessing, locks nobody out
CODES = Allowance(10, timedelta(hours=1), timedelta(hours=1))  # of six digits: a guess hits once in 300,000


@dataclass(frozen=True)
class Tried:
    """How many were tried since the last right one, and when the last of them."""

    count: int
    last: datetime

    def wait(self, allowance: Allowance, moment: datetime) -> timedelta:
        """Return how long the next one has to wait; nothing or less: it need not."""
        over = self.count - allowance.free
        if over < 0:
            return timedelta(0)
        pause = min(allowance.first * 2 ** min(over, 16), allowance.longest)
        return min(self.last + pause - moment, pause)  # a moment that lies ahead holds nobody up for longer

    def counts_at(self, moment: datetime) -> bool:
        """Tell whether it is not forgotten yet."""
        return abs(moment - self.last) < FORGOTTEN_AFTER


def read(connection: Connection, who: str) -> Tried | None:
    """Return what was tried for them, if anything."""
    row = connection.execute(select(guesses).where(guesses.c.who == who)).one_or_none()
    return Tried(row.tried, row.last_at) if row else None


def keep(connection: Connection, who: str, tally: Tried) -> None:
    """Keep a tally, and forget those that are old."""
    values = {"tried": tally.count, "last_at": tally.last}
    if not insert_new(connection, guesses, [{"who": who} | values]):
        connection.execute(update(guesses).where(guesses.c.who == who).values(values))
    connection.execute(delete(guesses).where(guesses.c.last_at <= tally.last - FORGOTTEN_AFTER))


def forget(connection: Connection, who: str) -> None:
    """Begin anew: they have come in."""
    connection.execute(delete(guesses).where(guesses.c.who == who))
