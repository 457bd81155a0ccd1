"""For editors: publish the page."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.content.campaign import load_all
from campaign.pages.site import freeze
from commands.shared import FOLDER


@click.command()
@click.option("--output", type=FOLDER, help="Where to; default _build/site.")
def site(output: Path | None) -> None:
    """Freeze content/ into a folder that any static host may publish."""
    config = settings.load()
    written = output or config.build_dir / "site"
    addresses = freeze(written, load_all(config.content_dir), config)
    click.echo(f"{written}: {len(addresses)} files")
