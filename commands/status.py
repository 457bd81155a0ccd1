"""`build.py status`: what waits and since when, in numbers and days."""

from __future__ import annotations

from dataclasses import asdict

import click

from campaign import settings
from campaign.content.campaign import folders
from campaign.doctor import machine
from campaign.doctor import status as statuses
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.output import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def status(*, as_json: bool) -> None:
    """Say in numbers and days what waits and since when, and when anybody last did anything."""
    config = settings.load()
    slugs = [folder.name for folder in folders(config.content_dir)]
    free = machine.free_megabytes(config.erasures_file.parent)
    with open_database() as database, database.read() as connection:
        found = statuses.read(connection, slugs, now(), config.flood, free)
    if as_json:
        print_json(asdict(found))
        return
    rows = {slug: one.rows for slug, one in found.campaigns.items()} | {"here": found.here.rows}
    for title, told_of in rows.items():
        click.echo(title)
        for what, told in told_of.items():
            click.echo(f"  {what:29}{told}")
