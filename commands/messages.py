"""For staff: review messages from the shell."""

from __future__ import annotations

import getpass
from collections.abc import Callable

import click
from sqlalchemy import Connection

from campaign import messages as kept
from campaign import settings
from campaign.content import Campaign
from campaign.errors import CandleError
from campaign.messages import Message, erasure, ledger
from campaign.messages.retention import scrub
from campaign.press import fitting
from campaign.tables import MESSAGE_STATES
from commands.shared import Refusing, named, now, opened, say

STAFF = "erased by staff"


@click.group(cls=Refusing, invoke_without_command=True)
@click.argument("campaign")
@click.pass_context
def messages(context: click.Context, campaign: str) -> None:
    """Review messages: list, approve, reject, erase."""
    context.obj = named(campaign, settings.load())
    if context.invoked_subcommand is None:
        context.invoke(listing)


@messages.command("list")
@click.option("--state", type=click.Choice(MESSAGE_STATES))
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_obj
def listing(campaign: Campaign, state: str | None = None, as_json: bool = False) -> None:
    """List messages, the oldest first, with their flags."""
    with opened() as database, database.read() as connection:
        found = fitting.look(connection, kept.listing(connection, campaign.slug, state), campaign)
    if as_json:
        say([message.as_dict() for message in found])
        return
    for message in found:
        kinds = " ".join(sorted({flag.kind for flag in message.flags}))
        line = f"{message.id}  {message.state:9}  {message.first_name}: {message.text!r}  {kinds}"
        click.echo(line.rstrip())


@messages.command()
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def approve(campaign: Campaign, identifiers: tuple[str, ...]) -> None:
    """Approve the exact words of messages for printing; all of them or none."""
    config = settings.load()
    config.require_keys()

    def one(connection: Connection, identifier: str) -> None:
        fitting.must_fit(campaign.card, kept.get(connection, identifier))
        kept.approve(connection, identifier, getpass.getuser(), config.approval_keys, now().date())

    _each(campaign, identifiers, one)
    click.echo(f"approved: {len(identifiers)}")


@messages.command()
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason, for other staff to read.")
@click.pass_obj
def reject(campaign: Campaign, identifiers: tuple[str, ...], why: str) -> None:
    """Keep messages from being printed; all of them or none."""

    def one(connection: Connection, identifier: str) -> None:
        kept.reject(connection, identifier, getpass.getuser(), why, now().date())

    _each(campaign, identifiers, one)
    click.echo(f"rejected: {len(identifiers)}")


@messages.command()
@click.argument("identifier", metavar="ID")
@click.pass_obj
def erase(campaign: Campaign, identifier: str) -> None:
    """Erase a message and its details: the bytes, not only the row."""
    config = settings.load()

    def work(connection: Connection) -> erasure.Erased:
        _check(kept.get(connection, identifier), campaign)
        return erasure.erase(connection, identifier, STAFF, now().date())

    with opened() as database:
        erased = database.write(work)
        scrub(database)
    click.echo(f"{identifier}: erased")
    if erased.pull:
        click.echo(f"take {erased.pull} out of the pile before it is posted")
    for file in erasure.rendered_files(config.build_dir, campaign.slug, erased.sheets):
        click.echo(f"{file} holds the words still; reprint the batch, or delete the file")
    for copy in erased.backups:
        click.echo(f"{copy.name}, made on {copy.made_on}, holds it until {copy.lapses_on}")
    click.echo(f"other backups made since {erased.received_on} hold it until they are deleted")
    entry = ledger.Entry(now().date(), "message", identifier, campaign.slug, STAFF)
    ledger.append(config.erasures_file, [entry])


def _each(
    campaign: Campaign, identifiers: tuple[str, ...], step: Callable[[Connection, str], object]
) -> None:
    """Take one step with each message, in one transaction."""

    def work(connection: Connection) -> None:
        for identifier in identifiers:
            _check(kept.get(connection, identifier), campaign)
            step(connection, identifier)

    with opened() as database:
        database.write(work)


def _check(message: Message, campaign: Campaign) -> None:
    """Refuse a message of another campaign: its id was taken from another list."""
    if message.campaign != campaign.slug:
        raise CandleError(f"{message.id}: a message of {message.campaign}, not of {campaign.slug}")
