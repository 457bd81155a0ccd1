"""Where the log of what staff did ended at each backup: noted beside the database and beside the backups.

Who can write to the database can cut rows off at the end of the log, and put back what said where it ended.
What was noted elsewhere they do not reach. Each line is the signed end itself, so nobody makes one up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from campaign.accounts.staff_log_check import Noted
from campaign.accounts.staff_log_rows import End
from campaign.settings import Settings
from campaign.storage import append_only_lists, foreign_file
from campaign.storage.append_only_lists import ListError

NAME = "log-ends.txt"
TITLE = (
    "# Where the log of staff ended at each backup: made on, row, digest, day, its decisions, signature.\n"
)
MOST_DIGITS = 18  # of a number of rows


def files_beside(settings: Settings, backup: Path | None = None) -> list[Path]:
    """Name the lists: that beside the database, and that beside a backup."""
    beside = [settings.erasures_file.with_name(NAME)]
    return beside + ([backup.absolute().parent / NAME] if backup else [])


def of_backup(file: Path) -> End | None:
    """Return where the log ends in a backup; None in one from before there was a log.

    Raises:
        ListError: it is no backup.
    """
    try:
        with closing(foreign_file.opened(file)) as opened:
            if not opened.execute("SELECT 1 FROM sqlite_schema WHERE name = 'staff_log_end'").fetchone():
                return None
            row = opened.execute(
                "SELECT number, digest, day, decisions, signature FROM staff_log_end"
            ).fetchone()
    except sqlite3.Error as error:
        raise ListError(f"{file}: is no backup of Candle ({error})") from error
    return End.read(*row) if row else None


def note(file: Path, made_on: date, end: End) -> None:
    """Add where the log ended on a day.

    Raises:
        ListError: it cannot be written.
    """
    facts = (made_on, end.number, end.digest, end.day, end.decisions, end.signature)
    append_only_lists.append(file, TITLE, ["\t".join(map(str, facts)) + "\n"])


def read_source(file: Path, made_on: date) -> list[Noted]:
    """Return what a list holds, or a backup itself, which is taken as of today.

    Raises:
        ListError: it is neither.
    """
    try:
        is_backup = foreign_file.begins_as_one(file)
    except OSError as error:
        raise ListError(f"{file}: {error.strerror}; name a backup, or {NAME} beside one") from error
    if is_backup:
        end = of_backup(file)
        return [Noted(str(file), made_on, end)] if end else []
    return read_all([file])


def read_all(files: Iterable[Path]) -> list[Noted]:
    """Return what those of the lists hold that are there."""
    entries = (entry for file in dict.fromkeys(files) for entry in append_only_lists.read(file))
    return [_noted(place, line) for place, line in entries]


def _noted(place: str, line: str) -> Noted:
    try:
        if append_only_lists.NO_TEXT in line:
            raise ValueError(line)
        made_on, number, digest, day, decisions, signature = line.split("\t")
        if max(len(number), len(decisions)) > MOST_DIGITS:
            raise ValueError(line)
        end = End(int(number), digest, date.fromisoformat(day), int(decisions), signature)
        return Noted(place, date.fromisoformat(made_on), end)
    except ValueError:
        raise ListError(f"{place}: is no line of a list of ends; see {NAME} beside a backup") from None
