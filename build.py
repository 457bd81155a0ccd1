"""The staff's and editors' command: parse, call campaign/, print."""

from __future__ import annotations

import getpass
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign import content, settings
from campaign.content import Campaign
from campaign.errors import CandleError
from campaign.settings import ROOT, Settings

if TYPE_CHECKING:
    from campaign.messages import Message

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
KEY_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Refusing(click.Group):
    """A group whose commands end with status 1 and plain words on stderr when Candle refuses."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; a refusal is printed, never as a traceback."""
        try:
            return super().invoke(context)
        except CandleError as error:
            click.echo(str(error), err=True)
            context.exit(1)


@click.group(cls=Refusing, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Candle: from Markdown to a page, from a supporter's words to a printed card.

    \b
    To try it      run
    Editors        check  preview  site  new  sample
    Staff          messages  cards  batches
    Operators      staff  keys  details
    """


# What the commands share: the database, one campaign, the time, a value for a program to read.


@contextmanager
def database() -> Iterator[Any]:
    """Open this machine's database, migrated to the newest tables."""
    from campaign import database

    opened = database.connect(settings.load().database_url)
    try:
        database.migrate(opened)
        yield opened
    finally:
        opened.close()


def named(slug: str, config: Settings) -> Campaign:
    """Load one campaign, or say which ones there are."""
    if not (config.content_dir / slug / "campaign.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in config.content_dir.glob("*/campaign.toml")))
        raise CandleError(f"{slug}: no such campaign; there are: {known or 'none yet'}")
    return content.load(config.content_dir / slug)


def now() -> datetime:
    """Return the time, aware and UTC."""
    return datetime.now(UTC)


def say(value: Any) -> None:
    """Print a value for a program to read."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


# To try it.


@cli.command()
def run() -> None:
    """Everything on this machine: page, receiver, staff desk, sample sheet.

    Keys and the database are kept in instance/; the login is made for this run and ends with it.
    """
    from campaign import local, pages
    from campaign.hosting import hosting

    local.prepare_instance()
    site_url, receiver_url = (f"http://127.0.0.1:{port}" for port in local.free_ports(2))
    config = local.local_settings(site_url, receiver_url)
    campaigns = content.load_all(config.content_dir)
    site = config.build_dir / "local"
    pages.freeze(site, campaigns, config)
    samples = [_sample(campaign, config) for campaign in campaigns.values()]
    log = config.build_dir / "receiver.log"
    port = int(site_url.rpartition(":")[2])
    with (
        local.until_stopped(),
        hosting(site, port),
        local.receiving(config, log),
        local.login(config) as login,
    ):
        click.echo(f"Page          {site_url}/")
        click.echo(f"Staff desk    {receiver_url}/staff/   name: {login.name}   password: {login.password}")
        for sample in samples:
            click.echo(f"Sample sheet  {sample}")
        click.echo(f"Receiver log  {log}\nCtrl-C stops everything.")
        threading.Event().wait()
    click.echo("Stopped.")


# For editors.


@cli.command()
@click.option("--output", type=FOLDER, help="Where to; default _build/site.")
def site(output: Path | None) -> None:
    """Freeze content/ into a folder that any static host may publish."""
    from campaign import pages

    config = settings.load()
    written = output or config.build_dir / "site"
    addresses = pages.freeze(written, content.load_all(config.content_dir), config)
    click.echo(f"{written}: {len(addresses)} files")


@cli.command()
@click.option("--port", type=int, default=0, help="Port of the page; default a free one.")
def preview(port: int) -> None:
    """Edit live: the page and the receiver, built again on each save."""
    from campaign import local, pages
    from campaign.hosting import Live, hosting
    from campaign.preview import rebuilding

    local.prepare_instance()
    page_port, receiver_port = local.free_ports(2)
    page_port = port or page_port
    config = local.local_settings(f"http://127.0.0.1:{page_port}", f"http://127.0.0.1:{receiver_port}")
    folder, log = config.build_dir / "preview", config.build_dir / "receiver.log"

    def build() -> None:
        pages.freeze(folder, content.load_all(config.content_dir), config)

    live = Live()
    build()
    with (
        local.until_stopped(),
        hosting(folder, page_port, live) as page,
        local.receiving(config, log) as receiver,
    ):
        click.echo(f"Page          {page}/\nReceiver      {receiver}/\nCtrl-C stops.")
        for faults in rebuilding(build, [config.content_dir, ROOT / "site"], live):
            click.echo(faults or f"{now():%H:%M:%S} built")
    click.echo("Stopped.")


@cli.command()
def check() -> None:
    """Check all content strictly, offline: one line a fault, with file, line and remedy."""
    from campaign import strict

    config = settings.load()
    faults = strict.faults(config.content_dir)
    if faults:
        raise CandleError("\n".join(str(fault) for fault in faults))
    click.echo("content is fine")


@cli.command()
@click.argument("slug")
def new(slug: str) -> None:
    """Begin a campaign: content/SLUG with every file to fill in."""
    from campaign import scaffold

    click.echo(
        f"{scaffold.new(settings.load().content_dir, slug)}: now write each file, then: build.py check"
    )


@cli.command()
@click.argument("language")
def translate(language: str) -> None:
    """Bring the buttons' and labels' file in LANGUAGE up to date, ready to be translated."""
    from campaign.language import update

    click.echo(f"{update(language)}: now translate what is empty, then: build.py check")


@cli.command()
@click.argument("campaign")
@click.option("--output", type=FILE, help="Where to; default _build/samples/CAMPAIGN.pdf.")
def sample(campaign: str, output: Path | None) -> None:
    """Print sample sheets from the content's own suggestions; needs no database."""
    config = settings.load()
    click.echo(_sample(named(campaign, config), config, output))


def _sample(campaign: Campaign, config: Settings, output: Path | None = None) -> Path:
    from campaign import press

    written = output or config.build_dir / "samples" / f"{campaign.slug}.pdf"
    press.sample(campaign, written)
    return written


# For staff.


@cli.group(cls=Refusing, invoke_without_command=True)
@click.argument("campaign")
@click.pass_context
def messages(context: click.Context, campaign: str) -> None:
    """Review messages: list, approve, reject, erase."""
    context.obj = named(campaign, settings.load())
    if context.invoked_subcommand is None:
        context.invoke(messages_list)


def check_campaign(message: Message, campaign: Campaign) -> None:
    """Refuse a message of another campaign: the id was mistyped or taken from another list."""
    if message.campaign != campaign.slug:
        raise CandleError(f"{message.id}: a message of {message.campaign}, not of {campaign.slug}")


@messages.command("list")
@click.option("--state", type=click.Choice(["waiting", "approved", "rejected", "withdrawn"]))
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@click.pass_obj
def messages_list(campaign: Campaign, state: str | None = None, as_json: bool = False) -> None:
    """List messages, the oldest first, with their flags."""
    from campaign import messages

    with database() as opened, opened.read() as connection:
        found = messages.listing(connection, campaign.slug, state)
    if as_json:
        say([message.as_dict() for message in found])
        return
    for message in found:
        kinds = " ".join(sorted({flag.kind for flag in message.flags}))
        click.echo(
            f"{message.id}  {message.state:9}  {message.first_name}: {message.text!r}  {kinds}".rstrip()
        )


@messages.command("approve")
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def messages_approve(campaign: Campaign, identifiers: tuple[str, ...]) -> None:
    """Approve the exact words of messages for printing; all of them or none."""
    from campaign import messages

    config = settings.load()
    config.require_keys()

    def approve(connection: Any) -> None:
        for identifier in identifiers:
            check_campaign(messages.get(connection, identifier), campaign)
            messages.approve(connection, identifier, getpass.getuser(), config.approval_keys, now().date())

    with database() as opened:
        opened.write(approve)
    click.echo(f"approved: {len(identifiers)}")


@messages.command("reject")
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason, for other staff to read.")
@click.pass_obj
def messages_reject(campaign: Campaign, identifiers: tuple[str, ...], why: str) -> None:
    """Keep messages from being printed; all of them or none."""
    from campaign import messages

    def reject(connection: Any) -> None:
        for identifier in identifiers:
            check_campaign(messages.get(connection, identifier), campaign)
            messages.reject(connection, identifier, getpass.getuser(), why, now().date())

    with database() as opened:
        opened.write(reject)
    click.echo(f"rejected: {len(identifiers)}")


@cli.command()
@click.argument("campaign")
@click.option("--final", is_flag=True, help="Also cards and sheets that are not full.")
@click.option("--limit", type=click.IntRange(1), help="At most so many messages.")
def cards(campaign: str, final: bool, limit: int | None) -> None:
    """Print the next batch of approved messages: sheets.pdf, cover.pdf, manifest.csv."""
    from campaign import press

    config = settings.load()
    with database() as opened:
        result = press.next_batch(opened, named(campaign, config), config, now(), final=final, limit=limit)
    click.echo(result)


# For operators.


@cli.group(cls=Refusing)
def staff() -> None:
    """Let staff in to the staff desk, or keep them out."""


@staff.command("add")
@click.argument("name")
def staff_add(name: str) -> None:
    """Add a member and print the password, once."""
    from campaign import staff

    with database() as opened:
        click.echo(opened.write(lambda connection: staff.add(connection, name, now().date())))


@staff.command("reset")
@click.argument("name")
def staff_reset(name: str) -> None:
    """Print a new password, let the member in again, and end their sessions."""
    from campaign import staff

    with database() as opened:
        click.echo(opened.write(lambda connection: staff.reset(connection, name)))


@staff.command("disable")
@click.argument("name")
def staff_disable(name: str) -> None:
    """Keep a member out from now on, and end their sessions."""
    from campaign import staff

    with database() as opened:
        opened.write(lambda connection: staff.disable(connection, name))
    click.echo(f"{name}: disabled")


@cli.group(cls=Refusing)
def keys() -> None:
    """The age keys that supporters' details are sealed to."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key pair; the secret half is for an offline machine."""
    from campaign import sealing

    public, secret = sealing.new_key()
    click.echo(f"# On the server, in CANDLE_AGE_RECIPIENTS:\n# public key: {public}")
    click.echo(f"# On an offline machine, in a file of its own, and nowhere else:\n{secret}")


@cli.command()
@click.argument("campaign")
@click.option("--identity", type=KEY_FILE, required=True, help="The file with the secret age key.")
@click.option("--from", "backup", type=KEY_FILE, help="A backup in place of this machine's database.")
def details(campaign: str, identity: Path, backup: Path | None) -> None:
    """Open the sealed details and print them as CSV; on an offline machine, from a backup."""
    from campaign import details

    key_file = identity.read_text(encoding="utf-8")
    with ExitStack() as stack:
        if backup:
            connection = stack.enter_context(details.backup_opened(backup))
        else:
            connection = stack.enter_context(stack.enter_context(database()).read())
        click.echo(details.as_csv(connection, campaign, key_file), nl=False)


if __name__ == "__main__":
    cli()
