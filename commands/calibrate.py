"""`build.py calibrate`: the sheet that shows how far a printer shifts its backs."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.cards.imposition import SHEET_SIZES
from campaign.storage.disk import private_folder
from commands.shared.arguments import FILE


@click.command()
@click.option("--output", type=FILE, help="Where to; default _build/calibration.pdf.")
@click.option("--sheet", type=click.Choice(list(SHEET_SIZES)), default="A4", help="The paper; default A4.")
def calibrate(output: Path | None, sheet: str) -> None:
    """Write the sheet that shows how far, in millimetres, the printer shifts its backs."""
    from campaign.cards.documents import calibration

    written = output or settings.load().build_dir / "calibration.pdf"
    private_folder(written.parent)
    with written.open("wb") as out:
        calibration.write(out, SHEET_SIZES[sheet])
    click.echo(written)
