"""`build.py batches`: the ledger of batches, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign import settings
from campaign.content import opening_days
from campaign.content.campaign_toml.facts import CampaignFacts
from campaign.errors import CandleError
from campaign.language.english import counted
from campaign.ledger import batches as ledger
from campaign.ledger import recalls, transitions
from campaign.ledger.batches import Batch
from campaign.storage.disk import private_file
from commands.shared.acting_as import scribe
from commands.shared.arguments import AS_JSON, DAY, PRINTER, RANGE, REPLACED_FILE, WHOLE_NUMBER
from commands.shared.campaigns import find_facts, find_printed
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.output import print_json
from commands.shared.progress_bars import progress_bars
from commands.shared.refusals import RefusingGroup

# The press is loaded by what prints: the ledger is there at once.
if TYPE_CHECKING:
    from campaign.keeping import key_rotation

NUMBER = click.argument("number", metavar="N", type=WHOLE_NUMBER)


@click.group(cls=RefusingGroup, invoke_without_command=True)
@click.argument("campaign")
@click.pass_context
def batches(context: click.Context, campaign: str) -> None:
    """Keep the ledger of batches: list, show, printed, posted, void, reprint.

    N is the number of a batch; its cards and sheets are counted from 1.
    """
    context.obj = find_facts(campaign, settings.load())
    if context.invoked_subcommand is None:
        context.invoke(list_batches)


@batches.command("list")
@AS_JSON
@click.pass_obj
def list_batches(campaign: CampaignFacts, as_json: bool = False) -> None:
    """List all batches of the campaign, the first one first."""
    with open_database() as database, database.read() as connection:
        listed = ledger.list_batches(connection, campaign.slug)
    if as_json:
        print_json([_as_dict(batch) for batch in listed])
        return
    for batch in listed:
        click.echo(f"{batch.number:4}  {batch.state:9} {batch.cards:6} cards  {_history(batch)}".rstrip())
    if not listed:
        click.echo("no batch yet; `build.py cards` makes one")


@batches.command()
@NUMBER
@click.pass_obj
def show(campaign: CampaignFacts, number: int) -> None:
    """Show one batch: its state, its files, and the cards to pull."""
    from campaign.press.ticket import Setup

    with open_database() as database, database.read() as connection:
        batch = ledger.get(connection, campaign.slug, number)
        open_recalls = recalls.open_recalls(connection, batch)
        cards, live = ledger.live_cards(connection, batch), ledger.live_messages(connection, batch)
    of_all = f" of {batch.cards}" if cards < batch.cards else ""
    held = f"{counted(cards, 'card')}{of_all}, {counted(live, 'message')}"
    click.echo(f"{batch}: {batch.state}\n{held}   {_history(batch)}")
    click.echo(Setup.from_ticket(batch.ticket).backs)
    for file in (*batch.files, *batch.reprinted):
        click.echo(f"{file.name}  {file.bytes} bytes  sha256 {file.sha256}{_reprint_of(batch, file)}")
    for recall in open_recalls:
        click.echo(f"take {recall} out of the pile: a message on it was withdrawn")


@batches.command()
@NUMBER
@click.pass_obj
def printed(campaign: CampaignFacts, number: int) -> None:
    """Note that a batch is on paper."""
    with open_database() as database:
        mark = scribe().recording(
            lambda c: transitions.mark_printed(c, campaign.slug, number, now()), "printed"
        )
        click.echo(f"{database.write(mark)}: printed")


@batches.command()
@NUMBER
@click.option("--on", metavar="DATE", type=DAY, help="The day, as 2026-11-30 or 30.11.2026; default today.")
@click.pass_obj
def posted(campaign: CampaignFacts, number: int, on: date | None) -> None:
    """Note the day on which a batch was posted."""
    # As at the desk: where the campaign is a day may have begun that UTC, the ledger's, does not know yet.
    today = max(now().date(), opening_days.today(campaign.time_zone))
    day = on or today
    with open_database() as database:
        mark = scribe().recording(
            lambda c: transitions.mark_posted(c, campaign.slug, number, day, today), "posted"
        )
        batch = database.write(mark)
    click.echo(f"{batch}: posted on {day}")


@batches.command()
@NUMBER
@click.option("--why", metavar="WORDS", required=True, help="The reason, for the ledger.")
@click.option("--cards", type=RANGE, help="Only these spoiled cards, as 40-60.")
@click.pass_obj
def void(campaign: CampaignFacts, number: int, why: str, cards: range | None) -> None:
    """Take a batch back, or its spoiled cards; their messages go into a later batch."""
    from campaign.press import reprinting

    with open_database() as database:
        voided = reprinting.void(database, campaign, settings.load(), number, why, cards)
    click.echo(
        f"{voided.batch}: {counted(len(voided.cards), 'card')} void, {counted(voided.freed, 'message')} free "
        "for a new card; keep the old cards apart and destroy them"
    )


@batches.command()
@NUMBER
@click.option("--sheets", type=RANGE, help="Only these sheets, as 3-5.")
@PRINTER
@click.pass_obj
def reprint(campaign: CampaignFacts, number: int, sheets: range | None, printer: str | None) -> None:
    """Make the same files of a batch once more, or say why they cannot be the same."""
    from campaign.press import reprinting

    config = settings.load()
    wanted = find_printed(campaign.slug, config)
    with open_database() as database, progress_bars() as show:
        done = reprinting.reprint(database, wanted, config, now(), number, sheets, show, printer)
    click.echo(done)


@batches.command()
@NUMBER
@click.option("--words", type=REPLACED_FILE, required=True, help="The file for what would be signed.")
@click.option("--yes", is_flag=True, help="I have read that file, and these are the words that were printed.")
@click.pass_obj
def vouch(campaign: CampaignFacts, number: int, words: Path, yes: bool) -> None:
    """After an approval key was stolen: sign the words of a printed batch with the new one.

    Without --yes they are written to a file, for you to read; with it exactly what stands there is signed.
    """
    from campaign.keeping import key_rotation

    config = settings.load()
    config.require_keys("approval_key")
    keys, slug = config.approval_keys, campaign.slug
    with open_database() as database:
        found, changed = key_rotation.words_to_vouch_for(database, slug, number, keys)
        if yes and found:
            _must_be_as_read(words, found)
            many = key_rotation.vouch(database, slug, number, found, scribe())
            told = f"signed: {counted(many, 'message')}"
        elif found:
            words.unlink(missing_ok=True)
            with private_file(words) as out:
                out.write(key_rotation.as_text(found))
            told = f"{words}: {counted(len(found), 'message')}; read them, then run it again with --yes"
        else:
            told = "nothing to sign"
    click.echo(told)
    if changed:
        raise CandleError(f"other words than were printed, and not signed: {' '.join(changed)}")


def _must_be_as_read(words: Path, found: Sequence[key_rotation.Vouched]) -> None:
    """Refuse to sign what nobody read."""
    from campaign.keeping import key_rotation

    if not words.is_file() or words.read_bytes() != key_rotation.as_text(found):
        raise CandleError(f"{words}: not what would be signed now; run it without --yes, and read it again")


def _as_dict(batch: Batch) -> dict[str, Any]:
    """Give a batch for a program, its ticket under the name of the ledger's column."""
    told = vars(batch) | {name: [vars(f) for f in getattr(batch, name)] for name in ("files", "reprinted")}
    return {("press" if name == "ticket" else name): value for name, value in told.items()}


def _reprint_of(batch: Batch, file: ledger.File) -> str:
    """Say which reprint a file belongs to, and how it was drawn if not as the batch was."""
    from campaign.press.ticket import Setup

    setup = Setup.from_ticket(batch.ticket, file.reprint)
    other = "" if setup == Setup.from_ticket(batch.ticket) else f", {setup.backs}"
    return f"  reprint {file.reprint}{other}" if file.reprint else ""


def _history(batch: Batch) -> str:
    """Say what happened to a batch, in order."""
    steps = [f"planned {batch.planned_at:%Y-%m-%d}"]
    steps += [f"rendered {batch.rendered_at:%Y-%m-%d}"] if batch.rendered_at else []
    steps += [f"printed {batch.printed_at:%Y-%m-%d}"] if batch.printed_at else []
    steps += [f"posted {batch.posted_on}"] if batch.posted_on else []
    steps += [f"reprinted {counted(batch.reprints, 'time')}"] if batch.reprints else []
    steps += [f"void: {batch.void_reason}"] if batch.void_reason else []
    return ", ".join(steps)
