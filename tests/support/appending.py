"""Rows that another process appends to the staff's log: what it reads for that, and no more."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess

from campaign.accounts.staff_log import Decided, Done, Scribe
from campaign.storage.database import connect

MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def appending(url: str, who: str, keys: list[str], many: int) -> ForkServerProcess:
    """Begin a process that appends so many rows, forked from one that has read its modules."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=append_some, args=(url, who, keys, many))
    process.start()
    return process


def append_some(url: str, who: str, keys: list[str], many: int) -> None:
    """Append decisions and other things in turn."""
    database = connect(url)
    for number in range(many):
        what: Decided | Done = "approved" if number % 2 else "downloaded"
        scribe, about = Scribe(who, keys, lambda: MORNING), f"{who} {number}"
        database.write(lambda c, scribe=scribe, what=what, about=about: scribe.record(c, what, about))
    database.close()
