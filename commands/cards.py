"""`build.py cards`: make the next batch."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from campaign import settings
from campaign.errors import CandleError
from commands.shared.arguments import PRINTER, WHOLE_NUMBER
from commands.shared.campaigns import find_printed
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.progress_bars import progress_bars

# The press is loaded when cards are made: whoever asks for help waits for none of it.
if TYPE_CHECKING:
    from campaign.press import next_batch as press
    from campaign.press import planning


@click.command()
@click.argument("campaign")
@click.option("--final", is_flag=True, help="Also cards and sheets that are not full.")
@click.option("--limit", type=WHOLE_NUMBER, help="At most N messages.")
@PRINTER
@click.option("--jobs", type=WHOLE_NUMBER, help="Processes that share the work; default one a core.")
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
def cards(
    campaign: str, final: bool, limit: int | None, printer: str | None, jobs: int | None, dry_run: bool
) -> None:
    """Make the next batch of approved messages: sheets.pdf to print, cover.pdf, manifest.csv.

    It may be stopped with Ctrl-C and run again: nothing is lost, and nothing printed twice.
    """
    from campaign.press import next_batch as press

    config = settings.load()
    wanted = find_printed(campaign, config, printer)
    with open_database() as database, progress_bars() as show:
        if dry_run:
            on = press.Press.from_settings(database, wanted, config, now(), show)
            told: planning.DryRun | press.Run = press.dry_run(on, final=final, limit=limit)
        else:
            jobs = jobs or len(os.sched_getaffinity(0))
            told = press.next_batch(
                database, wanted, config, now(), final=final, limit=limit, progress=show, jobs=jobs
            )
    click.echo(told)
    if told.complaints:
        raise CandleError("\n".join(told.complaints))
