"""For operators: staff accounts, and the keys that seal and open details."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import click

from campaign import settings
from campaign.accounts import invitations
from campaign.accounts import staff as members
from campaign.accounts.staff_rows import Role
from campaign.errors import CandleError
from campaign.keeping import erasure_log, signing_again
from campaign.keys import sealing
from campaign.language.english import counted
from campaign.messages import details as sealed_details
from campaign.settings import Settings
from commands.shared import EXISTING_FILE, RefusingGroup, now, open_database, progress_bars, scribe


@click.group(cls=RefusingGroup)
def staff() -> None:
    """Let staff in to the staff desk, or keep them out."""


ROLE = click.Choice(get_args(Role))


@staff.command()
@click.argument("name")
@click.option("--role", type=ROLE, default="reviewer", help="What they may do; default reviewer.")
def add(name: str, role: Role) -> None:
    """Add a member and print the link of their invitation: good once, and for a day.

    A reviewer decides on messages; a coordinator makes, prints and posts batches too. Where
    CANDLE_SECOND_FACTOR is off a password is printed in its place.
    """
    config, keys, by = settings.load(), _signing_keys(), scribe()
    about = f"{name}, {role}"
    with open_database() as database:
        if config.second_factor == "off":
            add = by.recording(lambda c: members.add(c, name, keys, now().date(), role), "added", about)
            click.echo(database.write(add))
        else:
            invite = by.recording(lambda c: members.invite(c, name, keys, now(), role), "invited", about)
            token = database.write(invite)
            _print_invitation(config, name, token)


def _print_invitation(config: Settings, name: str, token: str) -> None:
    click.echo(f"{config.staff_url or config.receiver_url}/staff/invitation/{name}/{token}")
    until = f"{now() + invitations.GOOD_FOR:%Y-%m-%d %H:%M} UTC"
    click.echo(f"for {name} alone, good once, until {until}: send it by a messenger that you trust", err=True)


@staff.command("role")
@click.argument("name")
@click.argument("role", type=ROLE)
def give_role(name: str, role: Role) -> None:
    """Give a member another role, and end their sessions."""
    signing = _signing_keys()
    with open_database() as database:
        give = scribe().recording(
            lambda c: members.give_role(c, name, signing, role), "gave a role", f"{name}, {role}"
        )
        database.write(give)
        erasure_log.bring_up_to_date(settings.load().erasures_file, database)
    click.echo(f"{name}: {role}")


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Print a new invitation, for a lost phone or password, and end the member's sessions.

    Neither is good any more from now on. Where CANDLE_SECOND_FACTOR is off a new password is printed.
    """
    config, keys, by = settings.load(), _signing_keys(), scribe()
    with open_database() as database:
        if config.second_factor == "off":
            click.echo(database.write(by.recording(lambda c: members.reset(c, name, keys), "reset", name)))
        else:
            invite = by.recording(lambda c: members.invite_again(c, name, keys, now()), "reset", name)
            token = database.write(invite)
            _print_invitation(config, name, token)
        erasure_log.bring_up_to_date(config.erasures_file, database)
        with database.read() as connection:
            member = members.get(connection, name, keys)
    if member and not member.coordinates:
        click.echo(
            f"{name} is a reviewer; `build.py staff role {name} coordinator` lets them do more", err=True
        )


@staff.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep a member out from now on, and end their sessions."""
    signing = _signing_keys()
    with open_database() as database:
        database.write(scribe().recording(lambda c: members.disable(c, name, signing), "disabled", name))
        erasure_log.bring_up_to_date(settings.load().erasures_file, database)
    click.echo(f"{name}: disabled")


@staff.command("list")
def list_staff() -> None:
    """List the members, who of them cannot come in, and who comes in by an older key."""
    signing = _signing_keys()
    with open_database() as database, database.read() as connection:
        listed = members.list_members(connection, signing)
        newest = {member.name for member in members.list_members(connection, signing[:1]) if member.signed}
    for member in listed:
        told = _signature_told(member, newest=member.name in newest)
        click.echo(f"{member.name}  since {member.added_on}  {member.role}  {told}".rstrip())


def _signature_told(member: members.Member, *, newest: bool) -> str:
    if not member.signed:
        remedy = f"`build.py staff reset {member.name}` lets them in, if you know them"
        return f"not signed with the approval key: {remedy}"
    told = ["disabled"] if member.disabled else []
    if invitation := member.invitation:
        day = f"{invitation.until:%Y-%m-%d %H:%M} UTC"
        over = f"invitation over since {day}: `build.py staff reset {member.name}` makes another"
        told.append(f"invited until {day}" if invitation.good_at(now()) else over)
    return ", ".join(
        told if newest else [*told, "signed with an older approval key: see `build.py keys renew`"]
    )


def _signing_keys() -> tuple[str, ...]:
    """Return the keys that sign the rows of staff; without them nobody could come in."""
    config = settings.load()
    config.require_keys("approval_key")
    return config.approval_keys


@click.group(cls=RefusingGroup)
def keys() -> None:
    """Make the age keys that supporters' details are sealed to; renew what an older approval key signed."""


@keys.command("new")
def new_key() -> None:
    """Print a new pair of keys; the secret half is for an offline machine."""
    public, secret = sealing.new_key()
    click.echo(f"# On the server, in CANDLE_AGE_RECIPIENTS:\n# public key: {public}")
    click.echo(f"# On an offline machine, in a file of its own, and nowhere else:\n{secret}")


@keys.command()
@click.option("--dry-run", is_flag=True, help="Only count what an older key signed.")
def renew(dry_run: bool) -> None:
    """Sign with the newest approval key what an older one signed, so that the older one can be taken out."""
    signing = _signing_keys()
    with open_database() as database, progress_bars() as show:
        if dry_run:
            found = signing_again.find_hanging(database, signing, show)
        else:
            found = signing_again.renew(database, signing, show, scribe().who)
    told = f"{counted(found.approvals, 'approval')}, {counted(len(found.members), 'member')} of staff"
    if found.log_rows:
        told += f", {counted(found.log_rows, 'row')} of the log"
    click.echo(f"hanging on an older key: {told}" if dry_run else f"signed anew: {told}")
    for one in found.left_out:
        click.echo(f"left out of the log: {one}")
    if not dry_run or not found.count:
        click.echo("nothing hangs on an older approval key: take it out of the fallbacks")
    if found.unsigned:
        many = counted(len(found.unsigned), "approved message")
        raise CandleError(
            f"{many} signed by no key here; what is on no card yet is approved anew at the desk, and for "
            f"what was printed see `build.py batches ... vouch`: {' '.join(found.unsigned)}"
        )


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
    beside = backup.absolute().parent / erasure_log.NAME if backup else None
    entries = erasure_log.read(beside) if beside and beside.exists() else []
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
            taken_back={entry.whose for entry in entries if entry.what != "staff"},
        )
    if not backup:
        _record_opening(campaign)
    click.echo(table.csv, nl=False)
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
