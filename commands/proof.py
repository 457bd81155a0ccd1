"""`build.py proof`: compare a file of sheets with the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from campaign import settings
from campaign.errors import CandleError
from commands.shared.arguments import EXISTING_FILE, PRINTER
from commands.shared.campaigns import find_printed
from commands.shared.database import open_database
from commands.shared.progress_bars import progress_bars


@click.command()
@click.argument("file", type=EXISTING_FILE)
@click.option("--campaign", metavar="CAMPAIGN", help="Whose cards a sample shows; a batch's file needs none.")
@PRINTER
def proof(file: Path, campaign: str | None, printer: str | None) -> None:
    """Open a file of sheets again and compare it with the ledger."""
    from rich.console import Console
    from rich.table import Table

    from campaign.press import proofing
    from campaign.press.ticket import Setup

    config = settings.load()
    if printer and not campaign:
        raise click.UsageError("--printer is for a sample, and needs --campaign")
    shown = find_printed(campaign, config, printer) if campaign else None
    sheets = Setup.from_facts(shown.card).imposition if shown else None
    with open_database() as database, progress_bars() as show:
        report = proofing.proof_file(file, database, sheets, show)
    table = Table("check", "found", "faults", title=str(file))
    for row in proofing.table(report):
        table.add_row(*row)
    width = None if Console().is_terminal else 100
    Console(width=width, color_system=None, markup=False, emoji=False).print(table)
    if not report.passed:
        raise CandleError(f"{file}: do not print it; {report.faults[0]}")
