"""Where the files of a batch lie: a folder for each batch, beside the others of its campaign."""

from __future__ import annotations

import re
from pathlib import Path

_ASIDE = "-void"
PATTERN = re.compile(rf"batch-([0-9]{{1,9}})(?:{_ASIDE})?")  # a folder of a batch, or its sheets put aside


def name(number: int) -> str:
    """Name the folder that holds a batch's files."""
    return f"batch-{number:04}"


def of_campaign(build_dir: Path, campaign: str) -> Path:
    """Return the folder that holds those of a campaign's batches."""
    return build_dir / "cards" / campaign


def of_batch(build_dir: Path, campaign: str, number: int) -> Path:
    """Return the folder of a batch, whether it is there or not."""
    return of_campaign(build_dir, campaign) / name(number)


def aside(folder: Path) -> Path:
    """Return where a batch's folder is put whose sheets nobody prints again."""
    return folder.with_name(folder.name + _ASIDE)
