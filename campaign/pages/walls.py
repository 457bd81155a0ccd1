"""The campaigns' walls between the database and the page: a dated file carries them where there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.language import locales
from campaign.messages import wall
from campaign.messages.wall import WallMessage
from campaign.settings import Settings
from campaign.storage import database, disk

GOOD_FOR = timedelta(days=7)  # what was taken back since is still in the file
LONGEST = 4 << 20  # bytes
MOST_AT_FIRST = 400  # characters
NOTHING: Mapping[str, tuple[WallMessage, ...]] = {}

Walls = Mapping[str, tuple[WallMessage, ...]]  # each campaign's messages, the newest first


class WallError(CandleError):
    """A wall that is asked for and not at hand."""


def wanted(campaigns: Mapping[str, Campaign]) -> Mapping[str, int]:
    """Say which campaigns have a wall, and for how many messages."""
    return {slug: campaign.page.wall for slug, campaign in campaigns.items() if campaign.page.wall}


def from_database(limits: Mapping[str, int], config: Settings) -> Walls:
    """Read the walls from this machine's database, which is neither made nor changed.

    Raises:
        WallError: there is none, or no key that tells what was approved.
    """
    path = config.database_url.removeprefix("sqlite:///")
    if path != config.database_url and not Path(path).is_file():
        raise WallError(_missing(limits, f"{path}: there is no database before the receiver's first start"))
    config.require_keys("approval_key")
    opened = database.connect(config.database_url)
    try:
        with opened.read() as connection:
            return {
                slug: wall.newest(connection, slug, limit, config.approval_keys)
                for slug, limit in limits.items()
            }
    except database.Unavailable as fault:
        raise WallError(_missing(limits, str(fault))) from fault
    finally:
        opened.close()


def gather(
    campaigns: Mapping[str, Campaign], config: Settings, file: Path | None = None, today: date | None = None
) -> Walls:
    """Find the walls that the campaigns ask for: in the file, else in the database.

    Raises:
        WallError: one is asked for, and is in neither.
    """
    limits = wanted(campaigns)
    if not limits:
        return NOTHING
    if file:
        return read(file, limits, today or datetime.now(UTC).date())
    return from_database(limits, config)


def at_hand(campaigns: Mapping[str, Campaign], config: Settings) -> Walls:
    """Find the walls where there are any, to look at the page on one's own machine."""
    try:
        return gather(campaigns, config)
    except WallError:
        return NOTHING


def beginning(messages: Sequence[WallMessage]) -> Sequence[WallMessage]:
    """Choose what stands on the campaign's own page, which must stay light: the newest, one in any case."""
    lengths = accumulate(len(message.text) for message in messages)
    return messages[: max(1, sum(length <= MOST_AT_FIRST for length in lengths))]


def write(file: Path, walls: Walls, day: date) -> None:
    """Write the walls of `day` into a file of its owner alone."""
    told = {"day": day.isoformat(), "walls": as_json(walls)}
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with disk.private_file(unfinished) as handle:
            handle.write(json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def read(file: Path, limits: Mapping[str, int], today: date) -> Walls:
    """Read the walls of a file that is not too old.

    Raises:
        WallError: it is too old, or holds something else.
    """
    remedy = f"make it anew where the database is: build.py wall {file.name}"
    try:
        told = json.loads(disk.read_within(file, LONGEST))
        day, walls = date.fromisoformat(told["day"]), parse(told["walls"])
    except OSError as error:
        raise WallError(f"{file}: cannot be read ({error.strerror}); {remedy}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WallError(f"{file}: is no file of `build.py wall`; {remedy}") from None
    if not today - GOOD_FOR <= day <= today + timedelta(days=1):
        old = f"is of {day}: in {GOOD_FOR.days} days people take messages back"
        raise WallError(f"{file}: {old}; {remedy}")
    if lacking := sorted(limits.keys() - walls.keys()):
        raise WallError(f"{file}: holds no wall of {', '.join(lacking)}; {remedy}")
    return within(walls, limits)


def within(walls: Walls, limits: Mapping[str, int]) -> Walls:
    """Take no more of walls than is asked for: whoever wrote them down could have put words onto any page."""
    return {slug: walls.get(slug, ())[:limit] for slug, limit in limits.items()}


def as_json(walls: Walls) -> dict[str, list[dict[str, str]]]:
    """Give walls as JSON holds them."""
    return {slug: [asdict(message) for message in found] for slug, found in walls.items()}


def parse(told: Any) -> Walls:
    """Take walls as JSON holds them.

    Raises:
        ValueError: it holds something else.
    """
    if not isinstance(told, dict):
        raise ValueError  # what a file says is no mistake of the program
    return {str(slug): tuple(map(_message, found)) for slug, found in told.items()}


def _message(told: Any) -> WallMessage:
    message = WallMessage(**told)
    if not all(isinstance(word, str) for word in vars(message).values()):
        raise ValueError
    if not locales.known(message.language):
        raise ValueError
    (message.text + message.first_name).encode()  # JSON can hold half a character, which no page can
    return message


def _missing(limits: Mapping[str, int], fault: str) -> str:
    campaigns = ", ".join(f"content/{slug}" for slug in limits)
    return (
        f"{fault}, and {campaigns} asks for a wall; where the database is: build.py wall FILE, "
        "and here: build.py site --wall FILE; or take `wall` out of [page]"
    )
