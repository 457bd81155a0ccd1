"""`build.py digest`: how a campaign goes, in numbers."""

from __future__ import annotations

import click

from campaign import settings
from campaign.doctor import digest as digests
from commands.shared.campaigns import find_facts
from commands.shared.clock import now
from commands.shared.database import open_database


@click.command()
@click.argument("campaign")
def digest(campaign: str) -> None:
    """Say in numbers how CAMPAIGN goes, as Markdown, with where the log of staff ends."""
    config = settings.load()
    facts = find_facts(campaign, config)
    with open_database() as database, database.read() as connection:
        click.echo(digests.as_markdown(digests.read_digest(connection, facts.slug, facts, now())))
