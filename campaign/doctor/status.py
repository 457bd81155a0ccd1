"""How things stand: numbers and days, and no word of a message or of whom it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from campaign.doctor import backups
from campaign.keeping.backup_copies import lapsed_copies
from campaign.messages import message_counts
from campaign.storage import marks
from campaign.storage.tables import batches, messages, slots

HOURS = 24  # of which refusals are added up
ON_PAPER = ("printed", "posted")


@dataclass(frozen=True)
class Pile:
    """So many, the oldest of them since that day."""

    number: int
    since: date | None

    def __str__(self) -> str:
        return f"{self.number} since {self.since}" if self.number else "none"


@dataclass(frozen=True)
class CampaignStatus:
    """One campaign: what waits for people, and when they last did something.

    `flood` of those that wait came in a flood, `aside` were set aside. `approved` are on no printed card yet;
    `printed` are batches that were not posted.
    """

    waiting: Pile
    flood: int
    aside: int
    approved: Pile
    printed: Pile
    last_printed: date | None
    last_posted: date | None

    @property
    def rows(self) -> dict[str, str]:
        """Give it for people to read."""
        return {
            "waiting for review": self.told_waiting,
            "approved, not printed": str(self.approved),
            "batches printed, not posted": str(self.printed),
            "last printed, last posted": f"{self.last_printed or 'never'}, {self.last_posted or 'never'}",
        }

    @property
    def told_waiting(self) -> str:
        """Say how many wait, and how many of them not in the queue that everybody reviews."""
        aside = f", {self.aside} of them set aside" if self.aside else ""
        return f"{self.waiting}{aside}" + (f", {self.flood} of a flood" if self.flood else "")


@dataclass(frozen=True)
class InstallationStatus:
    """What belongs to no campaign; `refused` is added up over the last hours."""

    last_login: date | None
    refused: int
    flood: str
    last_backup: date | None
    lapsed_backups: int
    last_purge: date | None
    free_megabytes: int

    @property
    def rows(self) -> dict[str, str]:
        """Give it for people to read."""
        return {
            "last login at the desk": str(self.last_login or "unknown"),
            f"refused in {HOURS} hours": str(self.refused),
            "flood mode": self.flood,
            "last backup": str(self.last_backup or "never"),
            "backups to delete": str(self.lapsed_backups),
            "last purge": str(self.last_purge or "never"),
            "free": f"{self.free_megabytes} MB",
        }


@dataclass(frozen=True)
class Status:
    """All of it; campaigns by slug."""

    campaigns: dict[str, CampaignStatus]
    here: InstallationStatus


def read(
    connection: Connection, slugs: Iterable[str], now: datetime, flood: str, free_megabytes: int
) -> Status:
    """Look at the database; `flood` is the setting."""
    today = now.date()
    here = InstallationStatus(
        last_login=_day(marks.last(connection, "login")),
        refused=marks.total(connection, "refused", now - timedelta(hours=HOURS)),
        flood=flood,
        last_backup=backups.newest(connection, today),
        lapsed_backups=len(lapsed_copies(connection, today)),
        last_purge=_day(marks.last(connection, "purge")),
        free_megabytes=free_megabytes,
    )
    return Status({slug: of_campaign(connection, slug) for slug in slugs}, here)


def of_campaign(connection: Connection, slug: str) -> CampaignStatus:
    """Look at one campaign."""
    of_batch = batches.c.campaign == slug
    printed = select(func.count(), func.min(batches.c.printed_at)).where(
        of_batch, batches.c.state == "printed"
    )
    number, since = connection.execute(printed).one()
    last = select(func.max(batches.c.printed_at), func.max(batches.c.posted_on)).where(of_batch)
    last_printed, last_posted = connection.execute(last).one()
    return CampaignStatus(
        waiting=_pile(connection, slug, messages.c.state == "waiting", messages.c.received_on),
        flood=message_counts.count_flood(connection, slug),
        aside=message_counts.count_aside(connection, slug),
        approved=_pile(connection, slug, _approved_only(), messages.c.reviewed_on),
        printed=Pile(number, _day(since)),
        last_printed=_day(last_printed),
        last_posted=last_posted,
    )


def _pile(connection: Connection, slug: str, chosen: ColumnElement[bool], since: ColumnElement[date]) -> Pile:
    kept = (messages.c.campaign == slug, messages.c.erased_on.is_(None), chosen)
    return Pile(*connection.execute(select(func.count(), func.min(since)).where(*kept)).one())


def _approved_only() -> ColumnElement[bool]:
    on_paper = (
        select(slots.c.id)
        .join(batches, batches.c.id == slots.c.batch)
        .where(slots.c.message == messages.c.id, slots.c.live, batches.c.state.in_(ON_PAPER))
    )
    return (messages.c.state == "approved") & ~on_paper.exists()


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
