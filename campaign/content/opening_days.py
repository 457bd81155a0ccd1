"""A campaign's days, in its own time zone: from when to when it takes messages."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SOON = "soon"  # an open campaign before its first day; nobody writes this word


class UnknownTimeZone(Exception):
    """A name that no time zone has."""


def zone(name: str) -> tzinfo:
    """Find a time zone by its name, such as Europe/Minsk.

    Raises:
        UnknownTimeZone: there is none.
    """
    if name == "UTC":
        return UTC  # a machine without a list of time zones has this one
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # the last for a folder of zones: Europe
        raise UnknownTimeZone(name) from error


def now() -> datetime:
    """Look at the clock."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Say which day it is in a time zone."""
    return now().astimezone(zone(time_zone)).date()


def status(written: str, opens: date | None, closes: date | None, day: date) -> str:
    """Say how a campaign stands on a day: `opens` is its first one that takes messages, `closes` its last."""
    if written in {"open", "paused"} and closes and day > closes:
        return "closed"
    if written == "open" and opens and day < opens:
        return SOON
    return written
