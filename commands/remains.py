"""Where the words of an erased message remain, for whoever erased it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign.keeping import erasure


def remains(erased: erasure.Erased, files: Sequence[Path], keepsake: Path | None) -> dict[str, object]:
    """List where the words of an erased message remain, for a program."""
    return {
        "erased": erased.message,
        "pull": str(erased.recall) if erased.recall else None,
        "files": [str(file) for file in files],
        "book": str(keepsake) if keepsake else None,
        "backups": [vars(copy) for copy in erased.backups],
    }


def remains_in_words(erased: erasure.Erased, files: Sequence[Path], keepsake: Path | None) -> Iterator[str]:
    """Say the same for people."""
    yield f"{erased.message}: erased"
    if erased.recall:
        yield f"take {erased.recall} out of the pile before it is posted"
    for file in files:
        yield f"{file} holds the words still; reprint the batch, or delete the file"
    if erased.in_keepsake:
        where = (
            f"{keepsake} holds the words still" if keepsake else "a keepsake for the family holds the words"
        )
        yield f"{where}: make it anew with `build.py keepsake {erased.campaign}`, and destroy the old one"
    for copy in erased.backups:
        yield f"{copy.name}, made on {copy.made_on}, holds it until {copy.lapses_on}"
    yield f"other backups made since {erased.received_on} hold it until they are deleted"
