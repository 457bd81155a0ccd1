"""`build.py erase-again`: after a restore, erase what was erased since the backup."""

from __future__ import annotations

from collections.abc import Sequence

import click
from sqlalchemy import Connection

from campaign import settings
from campaign.accounts.staff_log import Scribe
from campaign.keeping import erasures_file, retention
from campaign.keeping.erasures_file import ErasedAgain, Erasure
from campaign.language.english import counted
from commands.shared.acting_as import scribe
from commands.shared.database import open_database
from commands.shared.erasures import tell_erased_again


@click.command("erase-again")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
def erase_again(sources: tuple[str, ...]) -> None:
    """Erase again, after a restore, what each SOURCE says was erased.

    A SOURCE is an old database (file or URL), a newer backup, or a list.
    """
    config = settings.load()
    with open_database() as database:
        by, entries = scribe(), erasures_file.of_what_is_here(database, erasures_file.read_sources(sources))
        done = database.write(lambda connection: _apply_again(connection, entries, by), timeout=600)
        try:
            erasures_file.write(config.erasures_file, erasures_file.read_sources(sources))
        finally:  # once told it is never told again, and what follows may have to wait in vain
            tell_erased_again(done)
        for line in retention.scrub(database):
            click.echo(line)


def _apply_again(connection: Connection, entries: Sequence[Erasure], by: Scribe) -> ErasedAgain:
    done = erasures_file.apply(connection, entries)
    by.record(
        connection, "erased again", f"{counted(len(done.messages), 'message')}, details of {done.details}"
    )
    return done
