"""`build.py restore`: put a backup into an empty database, without what was erased since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Connection, select

from campaign import settings
from campaign.accounts import staff_log
from campaign.accounts.staff_log import Scribe
from campaign.accounts.staff_log_check import Noted
from campaign.keeping import backup as copies
from campaign.keeping import erasures_file, log_ends
from campaign.keeping.erasures_file import ErasedAgain
from campaign.ledger import batch_folders
from campaign.storage.tables import batches
from commands.shared.acting_as import scribe
from commands.shared.arguments import FILE
from commands.shared.database import open_database
from commands.shared.erasures import tell_erased_again
from commands.shared.progress_bars import progress_bars

UNKNOWN = (
    "No list of erasures lies beside the database: what was taken back since the backup or its list was\n"
    "written is here again. Name the old database, a newer backup or a list: build.py erase-again SOURCE"
)

MADE_SINCE = (
    "made since the backup, which knows nothing of it: its messages would be printed once more\n"
    "(docs/operators.md, `Cards made since the backup`)"
)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--erasures",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="What was erased since: an old database (file or URL), a newer backup, or a list; may be repeated.",
)
def restore(file: Path, sources: tuple[str, ...]) -> None:
    """Put a backup into the empty database that CANDLE_DATABASE_URL names, SQLite or PostgreSQL.

    What was taken back since is erased again, as far as it is known: by erasures.txt beside the database and
    beside FILE, and by each --erasures.
    """
    config = settings.load()
    beside = [config.erasures_file, file.absolute().parent / erasures_file.NAME]
    unknown = not sources and not config.erasures_file.exists()
    known_by = [*(str(known) for known in dict.fromkeys(beside) if known.exists()), *sources]
    for source in known_by:  # a mistyped one is told before anything is copied
        next(erasures_file.read_source(source), None)
    noted, by = log_ends.read_all(log_ends.files_beside(config, file)), scribe()
    known = [one for one in noted if one.end.is_signed(config.approval_keys)]  # else anybody could say it
    done: list[tuple[ErasedAgain, str, list[Path]]] = []

    def finish(copied: Connection) -> None:
        again = erasures_file.apply(copied, erasures_file.read_sources(known_by))
        lost, unknown_batches = _continue_log(copied, by, known), _unknown_batches(copied, config.build_dir)
        done.append((again, lost, unknown_batches))  # all that is told: once it is restored nothing is read

    with open_database() as database, progress_bars() as show:
        counts = copies.restore(file, database, settings.CONFIG, finish, show)
    try:
        erasures_file.write(config.erasures_file, erasures_file.read_sources(known_by))
    finally:  # a second run would find a database that is not empty, and tell nothing
        rows = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
        click.echo(rows or "the backup is empty")
        ((erased_again, lost, unknown_batches),) = done
        tell_erased_again(erased_again)
        if lost:
            click.echo(lost)
        for folder in unknown_batches:
            click.echo(f"{folder}: {MADE_SINCE}", err=True)
        if unknown:
            click.echo(UNKNOWN, err=True)


def _continue_log(connection: Connection, by: Scribe, noted: Sequence[Noted]) -> str:
    """Write into the log that a backup was restored, and say which rows were lost with what it replaced."""
    known = max((one.end.number for one in noted), default=0)
    end = staff_log.read_end(connection)
    last = end.number if end else 0
    about = f"a backup that ends with row {last}; known to row {max(known, last)}"
    by.record(connection, "restored", about)
    if known <= last:
        return ""
    return (
        f"the log of staff ends with row {last}; rows to {known} were written since, and are lost with that"
    )


def _unknown_batches(connection: Connection, build_dir: Path) -> list[Path]:
    """List the folders on this machine of batches that what was restored has not drawn."""
    drawn = select(batches.c.campaign, batches.c.number).where(batches.c.state != "planned")
    known = {batch_folders.of_batch(build_dir, *row) for row in connection.execute(drawn)}
    return sorted(set(build_dir.glob("cards/*/batch-[0-9]*[0-9]")) - known)
