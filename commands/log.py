"""For operators: what staff did, and whether the log of it is whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from campaign import settings
from campaign.accounts import staff_log
from campaign.accounts.staff_log_check import Verified, verify_all
from campaign.accounts.staff_log_rows import LogEntry
from campaign.errors import CandleError
from campaign.keeping import log_ends
from campaign.language.english import counted
from commands.shared.arguments import AS_JSON, DAY, EXISTING_FILE
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.output import print_json
from commands.shared.refusals import RefusingGroup


@click.group(cls=RefusingGroup)
def log() -> None:
    """Show what staff did, and check that nothing of it was changed."""


@log.command("list")
@click.option("--who", metavar="NAME", help="Only what this person did.")
@click.option("--on", metavar="DATE", type=DAY, help="Only of this day (UTC).")
@AS_JSON
def list_entries(who: str | None, on: date | None, as_json: bool) -> None:
    """List what was done, the oldest first.

    Decisions on messages carry no time, and get their numbers, by lot, once their day has ended.
    """
    with open_database() as database, database.read() as connection:
        numbered: list[tuple[int | None, LogEntry]] = [
            (row.number, row.entry) for row in staff_log.read_rows(connection)
        ]
        numbered += [(None, decision.entry) for decision in staff_log.read_decisions(connection)]
    wanted = [
        (number, entry) for number, entry in numbered if who in (None, entry.who) and on in (None, entry.day)
    ]
    if as_json:
        print_json([{"number": number, **vars(entry)} for number, entry in wanted])
        return
    for number, entry in wanted:
        moment = f"{entry.day} {entry.minute or '':5}"
        click.echo(f"{number or '–':>6}  {moment}  {entry.who}  {entry.what}: {entry.about}")


@log.command("verify")
@click.argument("sources", metavar="[BACKUP]...", nargs=-1, type=EXISTING_FILE)
def verify_log(sources: tuple[Path, ...]) -> None:
    """Check every row of the log, and name those that were changed, removed, put in or moved.

    It is also compared with where it ended at each BACKUP, and with log-ends.txt beside the database and
    beside each BACKUP: rows that were cut off at the end show in no other way.
    """
    config = settings.load()
    config.require_keys("approval_key")
    lists = [
        *log_ends.files_beside(config),
        *(source.absolute().parent / log_ends.NAME for source in sources),
    ]
    noted = [one for source in sources for one in log_ends.read_source(source, now().date())]
    noted += log_ends.read_all(file for file in lists if file not in sources)
    with open_database() as database:
        found = verify_all(database, config.approval_keys, noted)
    for note in found.notes:
        click.echo(note)
    if found.faults:
        raise CandleError("\n".join(found.faults))
    click.echo(_told(found, len({one.end for one in noted})))  # one may stand in several lists


def _told(found: Verified, noted: int) -> str:
    without = f", and {counted(found.decisions, 'decision')} without a number yet" if found.decisions else ""
    ends = f"; it ends with {found.digest[:16]}" if found.rows else ""
    compared = f", compared with {counted(noted, 'backup')}" if noted else ""
    return f"the log is whole: {counted(found.rows, 'row')}{without}{ends}{compared}"
