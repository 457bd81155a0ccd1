"""Machines that share this database and run with other keys: one was changed, and the other forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from campaign.language.english import counted
from campaign.settings import PREFIX, Settings
from campaign.storage import machines
from campaign.storage.machines import Lagging

NAME = re.compile(r"[\w.-]+( [\w.-]+)?")  # who writes to the database alone may write anything there
MOST_NAMED = 20


def find(connection: Connection, settings: Settings, now: datetime) -> Iterator[str]:
    """Name each program that runs with another key than the settings here, and the key."""
    found = machines.lagging(connection, settings, now)
    yield from map(_told, islice(found, MOST_NAMED))
    if more := sum(1 for _ in found):
        yield f"{counted(more, 'more machine')} with other keys than here; mend those above first"


def _told(lagging: Lagging) -> str:
    machine = lagging.machine
    place = ", ".join(word if NAME.fullmatch(word) else "unnamed" for word in (machine.name, machine.part))
    keys = ", ".join(
        f"{'an older' if key in lagging.older else 'another'} {PREFIX}{key.upper()}" for key in lagging.other
    )
    does, then = (
        ("was sealed to", "seal one anew") if machine.part == "backup" else ("runs with", "restart it")
    )
    return f"{place}: {does} {keys} than the settings here; {then}, with the same settings on each machine"
