"""What killed runs left behind: half-made sheets and keepsakes, which hold words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from campaign.keeping import keepsake_records
from campaign.storage import disk
from campaign.storage.database import Database
from campaign.storage.lease import lease

_BATCH = re.compile(r"\.batch-(\d+)\.(?:part|old)")  # as `rendering` names unfinished folders


def delete_abandoned(database: Database, build_dir: Path, campaign: str) -> tuple[Path, ...]:
    """Delete what no run is working on any more, and say what it was.

    A run that still works on its files needs them, and finds by itself that a message was taken back.
    """
    gone = []
    for path, name in _unfinished(build_dir, campaign):
        with lease(database, name) as held:
            if held and path.exists():  # else its run ended a moment ago, and removed it
                disk.remove(path)
                gone.append(path)
    return tuple(gone)


def _unfinished(build_dir: Path, campaign: str) -> Iterator[tuple[Path, str]]:
    """Yield what is half made, with the name of the lease under which a run holds it."""
    for folder in sorted((build_dir / "cards" / campaign).glob(".batch-*")):
        if name := _BATCH.fullmatch(folder.name):
            yield folder, f"{campaign}/{int(name[1])}"
    keepsake = keepsake_records.default_file(build_dir, campaign)
    yield keepsake.with_name(f".{keepsake.name}.part"), f"{campaign}/keepsake"
