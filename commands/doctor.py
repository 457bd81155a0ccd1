"""For operators: what is wrong here, and how things stand."""

from __future__ import annotations

import click

from campaign import settings
from campaign.content.campaign import folders
from campaign.doctor import digest as digests
from campaign.doctor import examination, machine
from campaign.doctor import status as statuses
from campaign.doctor.premises import Premises
from commands.shared import find_facts, now, open_database, print_json


@click.command()
def doctor() -> None:
    """Look for what is wrong with this installation: one line a finding, with its remedy.

    It changes nothing. The status is 1 where there is anything to mend.
    """
    found = 0
    for line in examination.examine(Premises(settings.load(), settings.CONFIG, now())):
        click.echo(line)
        found += 1
    if found:
        click.get_current_context().exit(1)
    click.echo("nothing to mend")


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
        print_json(found.as_dict())
        return
    rows = {slug: one.rows for slug, one in found.campaigns.items()} | {"here": found.here.rows}
    for title, told_of in rows.items():
        click.echo(title)
        for what, told in told_of.items():
            click.echo(f"  {what:29}{told}")


@click.command()
@click.argument("campaign")
def digest(campaign: str) -> None:
    """Say in numbers how CAMPAIGN goes, as Markdown, with where the log of staff ends."""
    config = settings.load()
    facts = find_facts(campaign, config)
    with open_database() as database, database.read() as connection:
        click.echo(digests.as_markdown(digests.read_digest(connection, facts.slug, facts, now())))
