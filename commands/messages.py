"""For staff: review messages from the shell."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection

from campaign import messages as kept
from campaign import settings
from campaign.content import Campaign
from campaign.errors import CandleError
from campaign.messages import Message, erasure, exchange, ledger, translations
from campaign.messages.retention import scrub
from campaign.press import fitting
from campaign.tables import MESSAGE_STATES
from commands.shared import FILE, OLD_FILE, Refusing, named, now, opened, say

STAFF = "erased by staff"


def _known_suffix(_context: click.Context, _parameter: click.Parameter, file: Path) -> Path:
    """Take the format from the file's name."""
    if file.suffix.lower() not in exchange.SUFFIXES:
        raise click.BadParameter(f"{file}: name a file that ends with {' or '.join(exchange.SUFFIXES)}")
    return file


@click.group(cls=Refusing, invoke_without_command=True)
@click.argument("campaign")
@click.pass_context
def messages(context: click.Context, campaign: str) -> None:
    """Review messages: list, approve, reject, erase; give them to a translator."""
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


@messages.command("export-translations")
@click.argument("file", type=FILE, callback=_known_suffix)
@click.option("--all", "everything", is_flag=True, help="Also what is translated or decided already.")
@click.pass_obj
def export_translations(campaign: Campaign, file: Path, everything: bool) -> None:
    """Write a file for a translator: what waits or is approved and has no translation yet."""
    with opened() as database, database.read() as connection:
        found = translations.to_translate(connection, campaign.slug, everything=everything)
    if not found:
        click.echo("nothing to translate; no file was written")
        return
    exchange.write(file, found)
    click.echo(f"{file}: {len(found)} to translate; it holds supporters' words, so delete it when it is done")


@messages.command("import-translations")
@click.argument("file", type=OLD_FILE, callback=_known_suffix)
@click.option("--skip-changed", is_flag=True, help="Leave out what was changed or erased since.")
@click.pass_obj
def import_translations(campaign: Campaign, file: Path, skip_changed: bool) -> None:
    """Take a translator's file back; all of it or nothing, and rows without a translation are passed over."""
    entries = exchange.read(file)
    with opened() as database:
        done = database.write(
            lambda connection: translations.keep(
                connection, campaign.slug, entries, skip_changed=skip_changed
            )
        )
    click.echo(f"translations kept: {done.number}")
    for left_out in done.left_out:
        click.echo(f"left out: {left_out}")


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
