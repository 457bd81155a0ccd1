"""For operators: staff accounts, and the keys that seal and open details."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from campaign import settings
from campaign.accounts import staff as members
from campaign.errors import CandleError
from campaign.keeping import erasure_log
from campaign.keys import sealing
from campaign.messages import details as sealed_details
from commands.shared import EXISTING_FILE, RefusingGroup, now, open_database


@click.group(cls=RefusingGroup)
def staff() -> None:
    """Let staff in to the staff desk, or keep them out."""


@staff.command()
@click.argument("name")
def add(name: str) -> None:
    """Add a member and print the password, once."""
    signing = _signing_keys()
    with open_database() as database:
        click.echo(database.write(lambda connection: members.add(connection, name, signing, now().date())))


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Print a new password, let the member in again, and end their sessions."""
    signing = _signing_keys()
    with open_database() as database:
        click.echo(database.write(lambda connection: members.reset(connection, name, signing)))
        erasure_log.bring_up_to_date(settings.load().erasures_file, database)


@staff.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep a member out from now on, and end their sessions."""
    signing = _signing_keys()
    with open_database() as database:
        database.write(lambda connection: members.disable(connection, name, signing))
        erasure_log.bring_up_to_date(settings.load().erasures_file, database)
    click.echo(f"{name}: disabled")


@staff.command("list")
def list_staff() -> None:
    """List the members, and who of them cannot come in."""
    signing = _signing_keys()
    with open_database() as database, database.read() as connection:
        for member in members.list_members(connection, signing):
            click.echo(f"{member.name}  since {member.added_on}  {_why_kept_out(member)}".rstrip())


def _why_kept_out(member: members.Member) -> str:
    if not member.signed:
        return f"not signed with the approval key: `build.py staff reset {member.name}` lets them in"
    return "disabled" if member.disabled else ""


def _signing_keys() -> tuple[str, ...]:
    """Return the keys that sign the rows of staff; without them nobody could come in."""
    config = settings.load()
    config.require_keys("approval_key")
    return config.approval_keys


@click.group(cls=RefusingGroup)
def keys() -> None:
    """Make the age keys that supporters' details are sealed to."""


@keys.command("new")
def new_key() -> None:
    """Print a new pair of keys; the secret half is for an offline machine."""
    public, secret = sealing.new_key()
    click.echo(f"# On the server, in CANDLE_AGE_RECIPIENTS:\n# public key: {public}")
    click.echo(f"# On an offline machine, in a file of its own, and nowhere else:\n{secret}")


@click.command()
@click.argument("campaign")
@click.option("--identity", type=EXISTING_FILE, required=True, help="The file with the secret age key.")
@click.option("--from", "backup", type=EXISTING_FILE, help="A backup in place of this machine's database.")
def details(campaign: str, identity: Path, backup: Path | None) -> None:
    """Open the sealed details and print them as CSV; on an offline machine, from a backup."""
    key_file = sealing.read_key_file(identity)
    with ExitStack() as stack:
        if backup:
            connection = stack.enter_context(sealed_details.open_backup(backup))
        else:
            connection = stack.enter_context(stack.enter_context(open_database()).read())
        table = sealed_details.as_csv(connection, campaign, key_file)
    click.echo(table.csv, nl=False)
    if faults := _faults(table):
        raise CandleError("\n".join(faults))


def _faults(table: sealed_details.OpenedDetails) -> list[str]:
    """Name the messages of which the CSV says nothing."""
    told = {
        "sealed to another key, or damaged": table.unopened,
        "what is sealed are no details": table.strange,
    }
    return [f"{fault}: {' '.join(ids)}" for fault, ids in told.items() if ids]
