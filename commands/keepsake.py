"""For staff: the keepsake for the family."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.errors import CandleError
from campaign.keeping import made_keepsakes
from campaign.keeping.keepsake import make
from campaign.press.next_batch import Press
from commands.shared.arguments import REPLACED_FILE
from commands.shared.campaigns import find_campaign
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.progress_bars import progress_bars


@click.command()
@click.argument("campaign")
@click.option("--output", type=REPLACED_FILE, help="Where to; default _build/keepsake/CAMPAIGN.pdf.")
def keepsake(campaign: str, output: Path | None) -> None:
    """Make the family's keepsake: all posted messages, A5, with a cover."""
    config = settings.load()
    wanted = find_campaign(campaign, config)
    written = output or made_keepsakes.default_file(config.build_dir, wanted.slug)
    with open_database() as database, progress_bars() as show:
        made = make(Press.from_settings(database, wanted, config, now(), show), written)
    click.echo(made)
    if made.complaints:
        raise CandleError("\n".join(made.complaints))
