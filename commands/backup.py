"""`build.py backup`: write everything to a file."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.accounts import staff_log
from campaign.keeping import backup as copies
from campaign.keeping import backup_copies, erasures_file, log_ends
from campaign.settings import Settings
from campaign.storage import machines
from campaign.storage.machines import Machine
from commands.shared.acting_as import scribe
from commands.shared.arguments import FILE
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.erasures import list_erasures
from commands.shared.progress_bars import progress_bars


@click.command()
@click.argument("file", type=FILE)
@click.option("--seal", is_flag=True, help="Seal it to the age recipients; only their secret keys open it.")
@click.option("--forgotten", is_flag=True, help="Write nothing: that copy is gone, and is named no more.")
def backup(file: Path, *, seal: bool, forgotten: bool) -> None:
    """Write everything to a new FILE, while the receiver runs."""
    config = settings.load()
    if forgotten:
        with open_database() as database:
            database.write(lambda connection: backup_copies.forget(connection, file))
        click.echo(f"{file}: forgotten")
        return
    sealed = copies.Seal(config.age_recipients, config.build_dir) if seal else None
    with open_database() as database, progress_bars() as show:
        with database.read() as connection:
            end = staff_log.read_end(connection)  # before it is copied: so far it goes there at the least
        copy = copies.backup(database, file, now().date(), config.backup_days, show, sealed)
        beside = (config.erasures_file, file.absolute().parent / erasures_file.NAME)
        unlisted = list_erasures(beside, database)
        if end:
            for listed in log_ends.files_beside(config, file):
                log_ends.note(listed, copy.made_on, end)
        by = scribe()
        if sealed:
            to = Settings(age_recipients=config.age_recipients)
            database.write(lambda connection: machines.note(connection, Machine("backup"), to, now()))
        database.write(lambda connection: by.record(connection, "backed up", file.name))
    click.echo(f"{copy.name}: whole; keep it until {copy.lapses_on}, then delete it")
    if end:
        click.echo(f"the log of staff ends there with row {end.number}, {end.digest[:16]}")
    for fault in unlisted:
        raise fault
