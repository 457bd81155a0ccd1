"""`build.py details`: open the sealed details, as CSV."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from campaign.errors import CandleError
from campaign.keeping import erasures_file
from campaign.keys import sealing
from campaign.language.english import counted
from campaign.messages import details as sealed_details
from commands.shared.acting_as import scribe
from commands.shared.arguments import EXISTING_FILE
from commands.shared.database import open_database


@click.command()
@click.argument("campaign")
@click.option("--identity", type=EXISTING_FILE, required=True, help="The file with the secret age key.")
@click.option("--from", "backup", type=EXISTING_FILE, help="A backup in place of this machine's database.")
@click.option("--all", "everybody", is_flag=True, help="Also those who did not ask for news.")
def details(campaign: str, identity: Path, backup: Path | None, everybody: bool) -> None:
    """Open the sealed details of those who asked for news, as CSV; on an offline machine, from a backup.

    What erasures.txt beside the backup says was taken back since stays sealed.
    """
    key_file = sealing.read_key_file(identity)
    beside = backup.absolute().parent / erasures_file.NAME if backup else None
    entries = erasures_file.read(beside) if beside and beside.exists() else ()
    with ExitStack() as stack:
        if backup:
            connection = stack.enter_context(sealed_details.open_backup(backup))
        else:
            connection = stack.enter_context(stack.enter_context(open_database()).read())
        table = sealed_details.as_csv(
            connection,
            campaign,
            key_file,
            news_only=not everybody,
            taken_back=(entry.whose for entry in entries if entry.what != "staff"),
        )
    if not backup:
        _record_opening(campaign)
    click.echo(table.csv, nl=False)
    if not table.number:
        click.echo(f"{campaign}: nobody left details in a campaign of this name", err=True)
    if beside and not beside.exists():
        click.echo(f"{beside}: missing, so who took details back since that backup is in here", err=True)
    if table.taken_back:
        click.echo(f"left sealed: {counted(table.taken_back, 'message')}, taken back since", err=True)
    if table.without_news:
        many = counted(table.without_news, "message")
        click.echo(f"left sealed: {many} whose writers asked for no news; --all opens them", err=True)
    if faults := _faults(table):
        raise CandleError("\n".join(faults))


def _record_opening(campaign: str) -> None:
    """Write into the log that details were opened; from a backup there is no log to write into."""
    by = scribe()
    with open_database() as database:
        database.write(lambda connection: by.record(connection, "opened details", campaign))


def _faults(table: sealed_details.OpenedDetails) -> list[str]:
    """Name the messages of which the CSV says nothing."""
    told = {
        "sealed to another key, or damaged": table.unopened,
        "what is sealed are no details": table.strange,
    }
    return [f"{fault}: {' '.join(ids)}" for fault, ids in told.items() if ids]
