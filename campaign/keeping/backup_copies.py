"""Which backups were made and still hold what they held, so that an erasure can name them."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from campaign.errors import CandleError
from campaign.storage.disk import first_bytes
from campaign.storage.foreign_file import MAGIC
from campaign.storage.tables import backups

KINDS = (".sqlite", ".sqlite.age")  # how the names of backups end
UNFINISHED = ".candle-"  # how the folder begins in which one lies until it is whole
COPY = select(backups.c.name, backups.c.made_on, backups.c.lapses_on)
AGE = b"age-encryption.org/"
BEGINNINGS = (MAGIC, AGE)  # and their bytes begin


@dataclass(frozen=True)
class BackupCopy:
    """A backup as the database remembers it, so that an erasure can name the copies that still hold it."""

    name: str
    made_on: date
    lapses_on: date


def note_copy(connection: Connection, copy: BackupCopy) -> int:
    adding = insert(backups).values(vars(copy)).returning(backups.c.id)
    return connection.execute(adding).scalar_one()


def copies_holding(connection: Connection, received_on: date, today: date) -> list[BackupCopy]:
    """List the backups that hold what was received on that day and erased only now, until they lapse."""
    chosen = COPY.where(backups.c.made_on >= received_on, backups.c.lapses_on >= today)
    rows = connection.execute(chosen.order_by(backups.c.made_on, backups.c.id))
    return [BackupCopy(*row) for row in rows]


def lapsed_copies(connection: Connection, today: date) -> list[BackupCopy]:
    """List the backups that should be deleted, wherever they were taken, if they are not gone.

    Only where its folder is here can be told whether a file is gone: another machine has its own, and an
    empty one may be where a disk comes. What lies here and is no backup is none of them: whoever writes to
    the database would have a key deleted by hand.
    """
    chosen = COPY.where(backups.c.lapses_on < today).order_by(backups.c.lapses_on, backups.c.id)
    return [copy for row in connection.execute(chosen) if _is_left(copy := BackupCopy(*row))]


def forget(connection: Connection, file: Path) -> None:
    """Tick a copy off that somebody deleted elsewhere: from now on nothing names it.

    Raises:
        CandleError: there is none of that name.
    """
    names = (str(file), str(file.absolute()))
    if not connection.execute(delete(backups).where(backups.c.name.in_(names))).rowcount:
        raise CandleError(f"{file}: no backup of that name is known; write it as `build.py purge` does")


def lapsed_in(folder: Path, today: date, days: int) -> list[Path]:
    """List the backups in a folder that were made `days` ago or earlier, sealed ones too."""
    found = sorted(file for kind in KINDS for file in folder.glob(f"*{kind}"))
    return [file for file in found if _made_by(file, today - timedelta(days=days)) and file.is_file()]


def unfinished_in(folder: Path, today: date) -> list[Path]:
    """List what killed backups and restores left in a folder, open whole copies; a run may take a day."""
    found = sorted(folder.glob(f"{UNFINISHED}*"))
    return [path for path in found if _made_by(path, today - timedelta(days=2))]


def folders_of_copies(connection: Connection) -> list[Path]:
    """List the folders of this machine in which backups that are still kept were made, or begun."""
    folders = {Path(name).parent for name in connection.scalars(select(backups.c.name))}
    return sorted(folder for folder in folders if folder.is_absolute() and os.path.isdir(folder))  # noqa: PTH112 # no error


def _made_by(file: Path, day: date) -> bool:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC).date() <= day
    except OSError:
        return False  # its run ended a moment ago, or it is a link to nothing, or into a closed folder


def _is_left(copy: BackupCopy) -> bool:
    file = Path(copy.name)
    try:
        if not file.is_absolute() or not file.parent.is_dir() or not any(file.parent.iterdir()):
            return True  # it is elsewhere, or on a disk that is not in its place
        file.lstat()
        return file.is_file() and first_bytes(file, max(map(len, BEGINNINGS))).startswith(BEGINNINGS)
    except (FileNotFoundError, ValueError):
        return any(file.parent.glob(f"{glob.escape(file.name)}.*"))
    except OSError:
        return True  # nobody can tell
