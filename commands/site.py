"""`build.py site`: freeze the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from campaign import settings
from campaign.content import checks
from campaign.content.campaign import drafts, load_all, published
from campaign.errors import ContentErrors
from campaign.pages import walls
from campaign.pages.site import freeze
from campaign.settings import PREFIX
from commands.shared.arguments import DAY, EXISTING_FILE, FOLDER

NEXT = (
    "to publish it, copy what is in that folder to the web server, as docs/operators.md says below "
    '"Publish the page", or give it to whoever runs the server'
)
NO_KEY = (
    f"details are not asked for, since {PREFIX}AGE_RECIPIENTS names no key to seal them to; make a pair with "
    "`build.py keys new`"
)


@click.command()
@click.option("--output", type=FOLDER, help="Where to; default _build/site.")
@click.option(
    "--wall", "wall_file", type=EXISTING_FILE, help="What `wall` wrote, on a machine without the database."
)
@click.option("--on", metavar="DATE", type=DAY, help="The page of that day; default today.")
def site(output: Path | None, wall_file: Path | None, on: date | None) -> None:
    """Freeze content/ into a folder that any static host may publish.

    A campaign's wall is read from the database, or from the file that --wall names. Drafts are left out,
    and what is dated comes with its day, in the campaign's time zone.
    """
    config = settings.load()
    written = output or config.build_dir / "site"
    campaigns = published(load_all(config.content_dir), on)
    if unwritten := checks.unwritten(campaigns.values()):
        raise ContentErrors(unwritten)
    for slug in drafts(config.content_dir):
        click.echo(f"{slug}: a draft, left out", err=True)
    addresses = freeze(written, campaigns, config, on, walls=walls.gather(campaigns, config, wall_file))
    taking = ((slug, one) for slug, one in campaigns.items() if one.status not in {"closed", "won"})
    asking = [slug for slug, one in taking if one.form.details]
    if asking and not config.age_recipients:
        click.echo(f"{', '.join(asking)}: {NO_KEY}", err=True)
    click.echo(f"{written}: {len(addresses)} files")
    click.echo(NEXT)
