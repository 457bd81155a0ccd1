"""Work that nobody has done for too long: messages that wait, cards that lie."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from campaign.content.campaign import Campaign
from campaign.doctor.status import Pile, of_campaign
from campaign.keeping import retention
from campaign.messages import queries
from campaign.storage import marks

UNREAD_DAYS = 14  # that a message may wait for review
LYING_DAYS = 14  # that printed cards may lie
UNPURGED_DAYS = 2  # where what is due is erased each night


def find(connection: Connection, campaigns: Mapping[str, Campaign], today: date) -> Iterator[str]:
    """Name the campaigns in which something lies, with its day and what to do."""
    for slug, campaign in campaigns.items():
        found = of_campaign(connection, slug)
        if _for(found.waiting, today) > UNREAD_DAYS:
            yield f"{slug}: messages wait for review, {found.told_waiting}; read them at the desk"
        if _for(found.approved, today) > campaign.card.max_wait_days:
            told = f"approved messages are on no printed card, {found.approved}"
            yield f"{slug}: {told}; print their batch, or build.py cards {slug}"
        if soon := retention.soon(connection, campaign, today):
            yield f"{slug}: {soon}; read them at the desk, and build.py cards {slug} --final"
        if _for(found.printed, today) > LYING_DAYS:
            yield (
                f"{slug}: printed batches were not posted, {found.printed}; "
                f"post them, then build.py batches {slug} posted N"
            )


def find_left(connection: Connection, content: Path) -> Iterator[str]:
    """Name what is kept for a campaign whose folder was renamed or taken away: nobody reads or erases it."""
    if not os.access(content, os.R_OK | os.X_OK):
        return  # closed to this user, or nowhere: that is told of the campaigns themselves
    there = {folder.name for folder in content.glob("*/")}
    for slug in queries.campaigns(connection):
        if slug not in there:
            why = "messages are kept for it, which nobody can read, print or take back, nor purge erase"
            yield f"{content / slug}: missing, and {why}; put the folder back until the last one is purged"


def find_purge(connection: Connection, today: date) -> Iterator[str]:
    """Report that what is due is not erased, as the privacy page promises."""
    last = marks.last(connection, "purge")
    if last is None:
        yield "no purge was made yet; systemctl enable --now candle-purge.timer"
    elif abs((today - last.date()).days) > UNPURGED_DAYS:  # one that is far ahead stops all others
        yield f"the last purge was on {last.date()}; journalctl -u candle-purge says why"


def _for(pile: Pile, today: date) -> int:
    return (today - pile.since).days if pile.since else 0
