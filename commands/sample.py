"""`build.py sample`: sheets of the content's own suggestions, without a database."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.content.campaign import Campaign
from campaign.press import sample_sheets
from campaign.settings import Settings
from commands.shared.arguments import PRINTER, REPLACED_FILE
from commands.shared.campaigns import find_campaign


@click.command()
@click.argument("campaign")
@click.option("--output", type=REPLACED_FILE, help="Where to; default _build/samples/CAMPAIGN.pdf.")
@PRINTER
def sample(campaign: str, output: Path | None, printer: str | None) -> None:
    """Make sample sheets from the content's own suggestions; needs no database."""
    config = settings.load()
    wanted = find_campaign(campaign, config)
    click.echo(write_sample(wanted.on_printer(printer) if printer else wanted, config, output))


def write_sample(campaign: Campaign, config: Settings, output: Path | None = None) -> Path:
    """Write the campaign's sample sheets and return where they are."""
    written = output or config.build_dir / "samples" / f"{campaign.slug}.pdf"
    sample_sheets.sample(campaign, written)
    return written
