"""`build.py wall`: the walls for a machine without the database."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.content.campaign import load_all
from campaign.errors import CandleError
from campaign.pages import walls
from commands.shared.arguments import REPLACED_FILE
from commands.shared.clock import now


@click.command()
@click.argument("file", type=REPLACED_FILE)
def wall(file: Path) -> None:
    """Write the campaigns' walls into FILE, for `site --wall FILE` on a machine without the database.

    It holds supporters' words and is good for seven days.
    """
    config = settings.load()
    limits = walls.wanted(load_all(config.content_dir))
    if not limits:
        raise CandleError("no campaign has a wall; write `wall = 24` below [page] in its campaign.toml")
    found = walls.from_database(limits, config)
    walls.write(file, found, now().date())
    told = ", ".join(f"{slug} {len(messages)}" for slug, messages in found.items())
    click.echo(f"{file}: {told}; it holds supporters' words, so delete it when the page is built")
