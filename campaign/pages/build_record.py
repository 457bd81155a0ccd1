"""What a build was made from and what it holds: `build.json`, beside the page, for whoever compares it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from campaign.errors import CandleError
from campaign.pages import walls
from campaign.pages.git_revision import Checkout, checkout
from campaign.pages.walls import Walls
from campaign.settings import Settings

NAME = "build.json"
MOST_ADDRESSES = 50  # of one kind
LONGEST = 2_000  # letters of an address, or of a file's name


class RecordError(CandleError):
    """A `build.json` that is none."""


@dataclass(frozen=True)
class PageSettings:
    """The operator's settings that reach the page; everybody can read them there."""

    site_url: tuple[str, ...]
    receiver_url: str
    source_url: str
    age_recipients: tuple[str, ...]


@dataclass(frozen=True)
class BuildRecord:
    """One build; `files` maps each file's path to its SHA-256, `walls` is what supporters said on it.

    `day` is that of the build, `days` that of each campaign in its own time zone.
    """

    checkout: Checkout
    day: date
    settings: PageSettings
    files: Mapping[str, str]
    walls: Walls
    days: Mapping[str, date]


def page_settings(settings: Settings) -> PageSettings:
    """Pick what the page shows."""
    return PageSettings(
        settings.site_url, settings.receiver_url, settings.source_url, settings.age_recipients
    )


def record(
    folder: Path, settings: Settings, day: date, shown: Walls, days: Mapping[str, date]
) -> BuildRecord:
    """Describe the build that lies in `folder`, whatever files it has."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    hashes = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    return BuildRecord(checkout(), day, page_settings(settings), hashes, shown, days)


def write(folder: Path, made: BuildRecord) -> None:
    """Put the record beside what it describes."""
    told = {
        **asdict(made.checkout),
        "day": made.day.isoformat(),
        "days": {slug: day.isoformat() for slug, day in made.days.items()},
        "settings": asdict(made.settings),
        "files": dict(made.files),
        "walls": walls.as_json(made.walls),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(text: bytes) -> BuildRecord:
    """Read a record that a stranger may have written.

    Raises:
        RecordError: it is no record of a build.
    """
    try:
        told = json.loads(text)
        return BuildRecord(
            Checkout(_word(told["revision"]), changed=told["changed"] is True),
            date.fromisoformat(told["day"]),
            _settings(told["settings"]),
            {_word(name): _word(found) for name, found in told["files"].items()},
            walls.parse(told["walls"]),
            {_word(slug): date.fromisoformat(day) for slug, day in told.get("days", {}).items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise RecordError(f"{NAME}: is no record of a build") from None


def _settings(told: Any) -> PageSettings:
    return PageSettings(
        _words(told["site_url"]),
        _word(told["receiver_url"]),
        _word(told["source_url"]),
        _words(told["age_recipients"]),
    )


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_ADDRESSES:
        raise ValueError
    return tuple(map(_word, value))


def _word(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError
    return value
