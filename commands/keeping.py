"""For operators: what is kept, for how long, and where copies of it are."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import backup as copies
from campaign import content, settings
from campaign.messages import retention
from commands.shared import FILE, now, opened


@click.command()
def purge() -> None:
    """Erase what is due in every campaign, as its campaign.toml says; for a daily timer."""
    config = settings.load()
    campaigns = content.load_all(config.content_dir)
    with opened() as database:
        for slug, campaign in campaigns.items():
            click.echo(f"{slug}: {retention.purge(database, campaign, now(), config.build_dir)}")
        with database.read() as connection:
            for copy in copies.lapsed(connection, now().date()):
                click.echo(f"delete {copy.name}, made on {copy.made_on}: it lapsed on {copy.lapses_on}")


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write everything to a new FILE, while the receiver runs."""
    days = settings.load().backup_days
    with opened() as database:
        copy = copies.backup(database, file, now().date(), days)
    click.echo(f"{copy.name}: whole; keep it until {copy.lapses_on}, then delete it")


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put a backup into the empty database that CANDLE_DATABASE_URL names, SQLite or PostgreSQL."""
    with opened() as database:
        counts = copies.restore(file, database)
    click.echo(", ".join(f"{rows} {name}" for name, rows in counts.items() if rows) or "the backup is empty")
    click.echo("What was withdrawn or erased since this backup was made is back: erase it again.")
