"""For staff: review messages from the shell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import Connection

from campaign import settings
from campaign.content.campaign_toml.facts import CampaignFacts
from campaign.errors import CandleError
from campaign.keeping import made_keepsakes
from campaign.language.english import counted
from campaign.messages import message_json, print_choice, queries
from campaign.messages.message import Message
from campaign.storage.tables import MESSAGE_STATES
from commands.shared.acting_as import scribe
from commands.shared.arguments import AS_JSON, EXISTING_FILE, FILE
from commands.shared.campaigns import find_facts
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.erasures import remains, remains_in_words
from commands.shared.output import print_json
from commands.shared.refusals import RefusingGroup

# What sets, cuts, translates or erases texts is loaded by the commands that do: `list` is there at once.
if TYPE_CHECKING:
    from campaign.accounts.staff_log import Decided
    from campaign.messages.print_choice import Prints

STAFF = "erased by staff"


def _known_suffix(_context: click.Context, _parameter: click.Parameter, file: Path) -> Path:
    """Take the format from the file's name."""
    from campaign.messages import translation_files

    if file.suffix.lower() not in translation_files.SUFFIXES:
        raise click.BadParameter(
            f"{file}: name a file that ends with {' or '.join(translation_files.SUFFIXES)}"
        )
    return file


@click.group(cls=RefusingGroup, invoke_without_command=True)
@click.argument("campaign")
@click.pass_context
def messages(context: click.Context, campaign: str) -> None:
    """Review messages: list, approve, reject, erase; give them to a translator.

    An ID is what `list` shows before each message.
    """
    context.obj = find_facts(campaign, settings.load())
    if context.invoked_subcommand is None:
        context.invoke(list_messages)


@messages.command("list")
@click.option("--state", type=click.Choice(MESSAGE_STATES), help="Only those in this state.")
@AS_JSON
@click.pass_obj
def list_messages(campaign: CampaignFacts, state: str | None = None, as_json: bool = False) -> None:
    """List messages, the oldest first, with their flags."""
    with open_database() as database, database.read() as connection:
        listed = _with_flags(connection, queries.list_messages(connection, campaign.slug, state), campaign)
        outdated = made_keepsakes.count_taken_back(connection, campaign.slug)
    if as_json:
        print_json([message_json.as_dict(message) for message in listed])
        return
    for message in listed:
        kinds = " ".join(sorted({flag.kind for flag in message.flags}))
        line = f"{message.id}  {message.state:9}  {message.first_name}: {message.text!r}  {kinds}"
        click.echo(line.rstrip())
    if outdated:
        held = "a message" if outdated == 1 else f"{outdated} messages"
        click.echo(
            f"The family's keepsake holds {held} taken back since: make it anew with "
            f"`build.py keepsake {campaign.slug}`, and destroy the old one",
            err=True,
        )


def _with_flags(
    connection: Connection, listed: Sequence[Message], campaign: CampaignFacts
) -> Sequence[Message]:
    if not listed:
        return listed
    from campaign.press import printability

    return printability.add_all_flags(connection, listed, campaign)


@messages.command()
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.option("--as-written", is_flag=True, help="Print no translation of them, whatever campaign.toml asks.")
@AS_JSON
@click.pass_obj
def approve(campaign: CampaignFacts, identifiers: tuple[str, ...], as_written: bool, as_json: bool) -> None:
    """Approve the exact words of messages for printing; all of them or none.

    A translation is approved at the desk, by another person than made it; the editors' own here too.
    """
    from campaign.accounts.staff_log import SHELL
    from campaign.messages import review
    from campaign.press import printability

    config = settings.load()
    config.require_keys()
    two, today = campaign.review.second_approval, now().date()

    with open_database() as database, database.read() as connection:
        by_id = {identifier: queries.get(connection, identifier) for identifier in identifiers}
    prints = {
        message.id: "original" if as_written else _planned_prints(campaign, message)
        for message in by_id.values()
    }
    for message in by_id.values():  # before the write: it takes a moment
        printability.must_fit(campaign.card, message, prints[message.id])

    def one(connection: Connection, identifier: str, by: str) -> Decided:
        seen, keys = by_id[identifier].fingerprint, config.approval_keys
        who = SHELL if two else by  # whoever says that they are several is one
        how = prints[identifier]
        message = review.approve(connection, identifier, who, keys, today, seen=seen, two=two, prints=how)
        return "approved" if message.state == "approved" else "approved once"

    done = _do_for_each(campaign, identifiers, one)
    whole, once = ([i for i in done if done[i] == what] for what in ("approved", "approved once"))
    told = f"; approved once, and somebody else has to approve them at the desk: {len(once)}" if once else ""
    value: dict[str, object] = {"approved": whole}
    if two:
        value["approved_once"] = once
    _report(as_json, value, f"approved: {len(whole)}{told}")


def _planned_prints(campaign: CampaignFacts, message: Message) -> Prints:
    """Say what a card is to show; whoever works at the shell is one person, and cannot be the second."""
    from campaign.press import printability

    prints = printability.planned_prints(campaign, message)
    if prints != "original" and message.translated_by != print_choice.EDITORS:
        raise CandleError(
            f"{message.id}: a second person reads its translation; approve it at the desk, or --as-written"
        )
    return prints


@messages.command()
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@click.option("--why", metavar="WORDS", required=True, help="The reason, for other staff to read.")
@AS_JSON
@click.pass_obj
def reject(campaign: CampaignFacts, identifiers: tuple[str, ...], why: str, as_json: bool) -> None:
    """Keep messages from being printed; all of them or none."""
    from campaign.messages import review

    def one(connection: Connection, identifier: str, by: str) -> Decided:
        review.reject(connection, identifier, by, why, now().date())
        return "rejected"

    _do_for_each(campaign, identifiers, one)
    _report(as_json, {"rejected": identifiers}, f"rejected: {len(identifiers)}")


@messages.command()
@click.argument("identifier", metavar="ID")
@AS_JSON
@click.pass_obj
def erase(campaign: CampaignFacts, identifier: str, as_json: bool) -> None:
    """Erase a message and its details: the bytes, not only the row."""
    from campaign.keeping import abandoned_files, erasure, erasures_file, rendered_files
    from campaign.keeping.retention import scrub

    config = settings.load()

    def work(connection: Connection) -> erasure.Erased:
        _check_campaign(queries.get(connection, identifier), campaign)
        return erasure.erase(connection, identifier, STAFF, now().date())

    with open_database() as database:
        erased = database.write(scribe().recording(work, "erased", f"{campaign.slug} {identifier}"))
        try:  # at once: what follows may end midway, where a file cannot be deleted or nobody reads
            entry = erasures_file.Erasure(now().date(), "message", identifier, campaign.slug, STAFF)
            erasures_file.append(config.erasures_file, [entry])
        finally:
            half_made = abandoned_files.delete_abandoned(database, config.build_dir, campaign.slug)
            files = [
                file
                for number in erased.sheets
                for file in rendered_files.files_holding(
                    config.build_dir, campaign.slug, number, {identifier}
                )
            ]
            book = made_keepsakes.default_file(config.build_dir, campaign.slug)
            there = book if erased.in_keepsake and book.exists() else None
            _report(as_json, remains(erased, files, there), *remains_in_words(erased, files, there))
            # Scrubbed last: it may have to wait in vain, and the next purge does it again.
            for line in (*half_made.left, *scrub(database)):
                click.echo(line, err=True)  # --json has stdout


@messages.command("export-translations")
@click.argument("file", type=FILE, callback=_known_suffix)
@click.option("--all", "everything", is_flag=True, help="Also what is translated or decided already.")
@AS_JSON
@click.pass_obj
def export_translations(campaign: CampaignFacts, file: Path, everything: bool, as_json: bool) -> None:
    """Write a file for a translator: what waits or is approved and has no translation yet, each text once.

    Where campaign.toml has translations printed: what waits, in no language that the recipient reads.
    FILE ends with .csv, for a spreadsheet, or with .jsonl, for a program.
    """
    from campaign.messages import translation_files, translations

    by = scribe()
    with open_database() as database:
        with database.read() as connection:
            read = campaign.recipient.languages if campaign.card.print != "original" else ()
            wanted = translations.to_translate(connection, campaign.slug, everything=everything, read=read)
        about = f"{campaign.slug}: {counted(len(wanted), 'message')}"
        if wanted:
            translation_files.write(
                file, wanted, lambda: database.write(lambda c: by.record(c, "exported translations", about))
            )
    told = "nothing to translate; no file was written"
    if wanted:
        told = f"{file}: {len(wanted)} to translate; it holds supporters' words, so delete it when it is done"
    _report(as_json, {"file": str(file) if wanted else None, "messages": len(wanted)}, told)


@messages.command("import-translations")
@click.argument("file", type=EXISTING_FILE, callback=_known_suffix)
@click.option("--skip-changed", is_flag=True, help="Leave out what was changed or erased since.")
@AS_JSON
@click.pass_obj
def import_translations(campaign: CampaignFacts, file: Path, skip_changed: bool, as_json: bool) -> None:
    """Take a translator's file back, all of it or nothing; what waits with the same words has it too.

    Rows without a translation are passed over.
    """
    from campaign.messages import translation_files, translations

    entries, by = translation_files.read(file), scribe()

    def work(connection: Connection) -> translations.StoredTranslations:
        stored = translations.store_translations(
            connection,
            campaign.slug,
            entries,
            by.who,
            into=campaign.translated_into,
            skip_changed=skip_changed,
        )
        about = f"{campaign.slug}: {counted(stored.number, 'message')}"
        by.record(connection, "imported translations", about)
        return stored

    with open_database() as database:
        done = database.write(work)
    alike = [f"for as many more messages of the very same words: {done.alike}"] if done.alike else []
    told = [f"translations kept: {done.number}", *alike, *(f"left out: {one}" for one in done.left_out)]
    _report(as_json, {"kept": done.number, "alike": done.alike, "left_out": done.left_out}, *told)


def _report(as_json: bool, value: dict[str, object], *lines: str) -> None:
    if as_json:
        print_json(value)
    else:
        for line in lines:
            click.echo(line)


def _do_for_each(
    campaign: CampaignFacts,
    identifiers: tuple[str, ...],
    step: Callable[[Connection, str, str], Decided],
) -> dict[str, Decided]:
    """Do one thing to each message in one transaction, as whoever works here; say what was done to each."""
    by = scribe()

    def work(connection: Connection) -> dict[str, Decided]:
        done = {}
        for identifier in identifiers:
            _check_campaign(queries.get(connection, identifier), campaign)
            done[identifier] = step(connection, identifier, by.who)
        for what in sorted(set(done.values())):
            by.record(connection, what, *(f"{campaign.slug} {one}" for one in done if done[one] == what))
        return done

    with open_database() as database:
        return database.write(work)


def _check_campaign(message: Message, campaign: CampaignFacts) -> None:
    """Refuse a message of another campaign, whose id was taken from another list."""
    if message.campaign != campaign.slug:
        raise CandleError(f"{message.id}: a message of {message.campaign}, not of {campaign.slug}")
