"""`build.py purge`: erase what is due."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from campaign import settings
from campaign.accounts import sessions
from campaign.content.campaign import load_sound
from campaign.doctor import waiting
from campaign.errors import CandleError, ContentErrors
from campaign.keeping import abandoned_files, backup_copies, day_numbers, purge_gap, retention
from campaign.language.english import counted
from campaign.settings import Settings
from campaign.storage import marks
from campaign.storage.database import Database, DatabaseError
from commands.shared.acting_as import scribe
from commands.shared.arguments import FOLDER
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.erasures import list_erasures

TICK_OFF = "`build.py backup --forgotten` with that name once it is gone elsewhere"


@click.command()
@click.option("--backups", type=FOLDER, help="Also delete the backups in this folder that lapsed.")
@click.option("--after-gap", is_flag=True, help="The clock is right, although the last purge was long ago.")
def purge(backups: Path | None, *, after_gap: bool) -> None:
    """Erase what is due in every campaign, as its campaign.toml says; for a daily timer.

    A campaign with a fault, or whose folder was removed, keeps what it has and is named at the end, as is a
    list of erasures that somebody wrote something else into, and a file that cannot be deleted.
    """
    config = settings.load()
    campaigns, faults = load_sound(config.content_dir)
    with open_database() as database:
        if not after_gap:
            purge_gap.refuse(database, now())
        by = scribe()
        stuck = list[CandleError]()
        for slug, campaign in campaigns.items():
            purged = retention.purge(database, campaign, now(), config.build_dir, by)
            click.echo(f"{slug}: {purged}")
            stuck += map(CandleError, purged.left)
        database.write(lambda connection: sessions.delete_ended(connection, now()))
        stuck += list_erasures((config.erasures_file,), database)
        gone, left = abandoned_files.delete_all(_due_backups(database, backups, config))
        stuck += map(CandleError, left)
        for path in gone:
            click.echo(f"deleted {path}: it lapsed")
        with database.read() as connection:
            for copy in backup_copies.lapsed_copies(connection, now().date()):
                told = f"delete {copy.name}, made on {copy.made_on}: it lapsed on {copy.lapses_on}"
                click.echo(f"{told}; {TICK_OFF}")
            missing = list(waiting.find_left(connection, config.content_dir))
        database.write(lambda connection: marks.note(connection, "purge", now()))
        if tokens := database.write(lambda connection: retention.drop_tokens(connection, now())):
            click.echo(f"erased {counted(tokens, 'used token')}")
        database.write(lambda connection: day_numbers.keep_numbers(connection, campaigns.values(), now()))
        stuck += _scrub(database)  # last: it may have to wait in vain
    for line in missing:
        click.echo(line, err=True)
    if faults:
        click.echo("".join(f"{fault}\n" for fault in stuck), err=True, nl=False)
        raise ContentErrors(faults)
    if stuck:
        raise CandleError("\n".join(map(str, stuck)))


def _scrub(database: Database) -> list[CandleError]:
    """Take erased bytes out of the files; who reads there for too long keeps nothing else untold."""
    try:
        for line in retention.scrub(database):
            click.echo(line)
    except DatabaseError as held:
        return [held]
    return []


def _due_backups(database: Database, backups: Path | None, config: Settings) -> Iterator[Path]:
    """Yield the backups that lapsed, and what killed runs left of one, of a sealed one, and of a restore."""
    today = now().date()
    if backups:
        yield from backup_copies.lapsed_in(backups, today, config.backup_days)
    with database.read() as connection:
        noted = backup_copies.folders_of_copies(connection)
    for folder in dict.fromkeys(filter(None, (backups, config.build_dir, settings.CONFIG.parent, *noted))):
        yield from backup_copies.unfinished_in(folder, today)
