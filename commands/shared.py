"""What the commands share: refusals, the database, one campaign, the time, ranges, days, progress bars."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign import settings
from campaign.cards import progress
from campaign.cards.progress import Progress
from campaign.errors import CandleError
from campaign.ledger import days, ranges
from campaign.settings import Settings

if TYPE_CHECKING:
    from campaign.accounts.staff_log import Scribe
    from campaign.content.campaign import Campaign
    from campaign.content.facts import CampaignFacts
    from campaign.storage.database import Database

# A full disk, a used up quota, a file grown too large, a device that fails, a reader that went away.
NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE})
STAFF = f"{settings.PREFIX}STAFF"
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class RefusingGroup(click.Group):
    """A group whose commands end with status 1 and plain words on stderr when Candle refuses.

    Its help lists them in the order in which they are written, each with its whole first sentence.
    """

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        """Name every command."""
        return list(self.commands)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(summaries(self, context, self.list_commands(context)))

    def invoke(self, context: click.Context) -> Any:
        """Run the command; a refusal is printed, never as a traceback."""
        try:
            return super().invoke(context)
        except CandleError as error:
            click.echo(str(error), err=True)
            context.exit(1)
        except OSError as error:
            if error.filename is None:  # a closed pipe, which click knows, or a fault of ours
                raise
            click.echo(f"{error.filename}: {error.strerror}", err=True)
            context.exit(1)


@contextmanager
def told_if_unwritten() -> Iterator[None]:
    """Say in a line that what a command prints could not be written; it ends with status 1."""
    try:
        yield
    except OSError as error:
        if error.errno not in NOT_WRITTEN:
            raise
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # what is left of it would be tried once more at the end, with a traceback
        with suppress(OSError):
            os.write(2, f"not everything could be written: {error.strerror}; make room for it\n".encode())
        os.dup2(nowhere, 2)
        sys.exit(1)


def summaries(group: click.Group, context: click.Context, names: Iterable[str]) -> list[tuple[str, str]]:
    """Give commands with the first paragraph of their help, never cut short."""
    named = ((name, group.get_command(context, name)) for name in names)
    return [(name, summary(command.help)) for name, command in named if command]


def summary(words: str | None) -> str:
    """Give the first paragraph of a command's help."""
    return (words or "").partition("\n\n")[0]


def taken_out(arguments: list[str], option: str) -> tuple[list[str], str | None]:
    """Take an option and its value out of the arguments, wherever they stand before `--`.

    Raises:
        click.UsageError: the option has no value.
    """
    left, value, of = list[str](), None, iter(arguments)
    for argument in of:
        if argument == "--":
            return [*left, argument, *of], value
        if argument == option:
            value = next(of, None)
            if value is None:
                raise click.UsageError(f"Option '{option}' requires an argument.")
        elif argument.startswith(f"{option}="):
            value = argument.partition("=")[2]
        else:
            left.append(argument)
    return left, value


@contextmanager
def working_as(name: str) -> Iterator[None]:
    """Say in whose name this command and those that it starts are run."""
    before = os.environ.get(STAFF)
    os.environ[STAFF] = name
    try:
        yield
    finally:
        os.environ.pop(STAFF)
        if before is not None:
            os.environ[STAFF] = before


def scribe() -> Scribe:
    """Write into the log in the name of whoever works here; without a key say that nothing is written."""
    from campaign.accounts.staff_log import Scribe

    found = Scribe.of(settings.load())
    if not found.can_sign:
        click.echo(f"not in the log of staff: {settings.PREFIX}APPROVAL_KEY is not here", err=True)
    return found


class WholeNumber(click.ParamType):
    """A whole number, 1 or more, of nine digits at most: longer ones are no number of a database."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> int:
        """Read the number, or say how one is written."""
        if not re.fullmatch(r"0*[1-9]\d{0,8}", str(value), re.ASCII):
            self.fail(f"{str(value)!r}: write a whole number, 1 to 999999999", param, context)
        return int(value)


class Range(click.ParamType):
    """`7` or `3-5`, as the numbers of cards or sheets, both ends included."""

    name = "N or N-M"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> range:
        """Read the range, or say how one is written."""
        if isinstance(value, range):
            return value
        try:
            return ranges.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)


class Day(click.ParamType):
    """`2026-11-28` or `28.11.2026`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> date:
        """Read the day, or say how one is written."""
        if isinstance(value, date):
            return value
        try:
            return days.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)


@contextmanager
def open_database() -> Iterator[Database]:
    """Open this machine's database, migrated to the newest tables."""
    from campaign.storage import database

    opened = database.connect(settings.load().database_url)
    try:
        database.migrate(opened)
        yield opened
    finally:
        opened.close()


def find_campaign(slug: str, config: Settings) -> Campaign:
    """Load one campaign, or say which ones there are."""
    from campaign.content.campaign import load

    return load(_campaign_folder(slug, config))


def find_printed(slug: str, config: Settings) -> Campaign:
    """Load one campaign without its texts, or say which ones there are: for the press, which shows none."""
    from campaign.content.campaign import load_without_texts

    return load_without_texts(_campaign_folder(slug, config))


def find_facts(slug: str, config: Settings) -> CampaignFacts:
    """Read what campaign.toml says, or say which campaigns there are: for what needs none of the texts."""
    from campaign.content.facts import load_facts

    return load_facts(_campaign_folder(slug, config))


def _campaign_folder(slug: str, config: Settings) -> Path:
    if not (config.content_dir / slug / "campaign.toml").is_file():
        from campaign.content.source import nearest

        known = sorted(path.parent.name for path in config.content_dir.glob("*/campaign.toml"))
        meant = f"did you mean {near}? " if (near := nearest(slug, known)) else ""
        raise CandleError(f"{slug}: no such campaign; {meant}there are: {', '.join(known) or 'none yet'}")
    return config.content_dir / slug


def now() -> datetime:
    """Return the time, aware and UTC."""
    return datetime.now(UTC)


def print_json(value: Any) -> None:
    """Print a value as JSON, for a program to read."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show on a terminal how far long work has come, or tell it in the file that the desk reads."""
    if not sys.stderr.isatty():
        file = os.environ.get(progress.VARIABLE)
        yield progress.telling(Path(file)) if file else progress.silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(file=sys.__stderr__), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of or None)
            bars.update(tasks[what], completed=done)

        yield show
