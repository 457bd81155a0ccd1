"""For staff: the book that the family keeps."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.errors import CandleError
from campaign.keeping import keepsake_records
from campaign.keeping.keepsake import make
from campaign.press.run import Press
from commands.shared import FILE, named, now, opened, progress


@click.command()
@click.argument("campaign")
@click.option("--output", type=FILE, help="Where to; default _build/keepsake/CAMPAIGN.pdf.")
def keepsake(campaign: str, output: Path | None) -> None:
    """Make the family's book: all posted messages, A5, with a cover."""
    config = settings.load()
    wanted = named(campaign, config)
    written = output or keepsake_records.file_of(config.build_dir, wanted.slug)
    with opened() as database, progress() as show:
        made = make(Press.of(database, wanted, config, now(), show), written)
    click.echo(made)
    if made.complaints:
        raise CandleError("\n".join(made.complaints))
