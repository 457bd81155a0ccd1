"""What was erased, and where it is still: told to whoever erased it, and kept in lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.language.english import counted

# It is imported by `messages`, most of whose commands erase nothing.
if TYPE_CHECKING:
    from campaign.keeping import erasure, erasures_file
    from campaign.storage.database import Database


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


def list_erasures(files: Sequence[Path], database: Database) -> list[erasures_file.ErasuresError]:
    """Bring lists up to date; a fault in one of them waits until all else is done."""
    from campaign.keeping import erasures_file

    faults = []
    for file in files:
        try:
            erasures_file.bring_up_to_date(file, database)
        except erasures_file.ErasuresError as fault:
            faults.append(fault)
    return faults


def tell_erased_again(done: erasures_file.ErasedAgain) -> None:
    """Say what was erased again, and which cards are to be taken out of the pile."""
    others = counted(done.details, "other")
    click.echo(f"erased again: {counted(len(done.messages), 'message')}, and the details of {others}")
    for erased in done.messages:
        if erased.recall:
            click.echo(f"take {erased.recall} out of the pile before it is posted")
    for name in done.staff:
        click.echo(f"{name}: the password was changed since; `build.py staff reset {name}`, or `disable`")
