"""What killed runs left behind: half-made sheets and keepsakes, which hold words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from campaign.keeping import made_keepsakes
from campaign.ledger import batch_folders
from campaign.storage import disk
from campaign.storage.database import Database
from campaign.storage.lease import lease

_BATCH = re.compile(r"\.batch-(\d+)\.(?:part|old)")  # as `rendering` names unfinished folders


class Deleted(NamedTuple):
    """What is gone, and a line for each that somebody has to delete."""

    gone: tuple[Path, ...]
    left: tuple[str, ...]


def delete_abandoned(database: Database, build_dir: Path, campaign: str) -> Deleted:
    """Delete what no run is working on any more, and say what it was.

    A run that still works on its files needs them, and finds by itself that a message was taken back.
    """
    return delete_all(_abandoned(database, build_dir, campaign))


def delete_all(paths: Iterable[Path]) -> Deleted:
    """Delete files and folders, and say what is gone and what is left."""
    gone, left = list[Path](), list[str]()
    for path in paths:
        try:
            disk.remove(path)
            gone.append(path)
        except OSError as error:
            why = f"cannot be deleted ({error.strerror})"
            left.append(f"{path}: {why}, and may hold erased words; delete it")
    return Deleted(tuple(gone), tuple(left))


def _abandoned(database: Database, build_dir: Path, campaign: str) -> Iterator[Path]:
    """Yield what is to be deleted, each while no run can begin to work on it."""
    for path, name in _unfinished(build_dir, campaign):
        with lease(database, name) as held:
            if held and path.exists():  # else its run ended a moment ago, and removed it
                yield path


def _unfinished(build_dir: Path, campaign: str) -> Iterator[tuple[Path, str]]:
    """Yield what is half made, with the name of the lease under which a run holds it."""
    for folder in sorted(batch_folders.of_campaign(build_dir, campaign).glob(".batch-*")):
        if name := _BATCH.fullmatch(folder.name):
            yield folder, f"{campaign}/{int(name[1])}"
    keepsake = made_keepsakes.default_file(build_dir, campaign)
    part = keepsake.with_name(f".{keepsake.name}.part")
    with suppress(OSError):  # another user made its folder
        if part.exists():
            yield part, f"{campaign}/keepsake"
