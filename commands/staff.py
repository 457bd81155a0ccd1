"""`build.py staff`: accounts of staff, their roles and invitations."""

from __future__ import annotations

from typing import get_args

import click

from campaign import settings
from campaign.accounts import invitations
from campaign.accounts import staff as members
from campaign.accounts.staff_rows import Role
from campaign.doctor.installation import on_loopback
from campaign.keeping import erasures_file
from campaign.settings import Settings
from commands.shared.acting_as import scribe, signing_keys
from commands.shared.clock import now
from commands.shared.database import open_database
from commands.shared.refusals import RefusingGroup


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
    config, keys, by = settings.load(), signing_keys(), scribe()
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
    if on_loopback(config):
        click.echo("beside `make run`, put the port of its staff desk in place of the one here", err=True)
    until = f"{now() + invitations.GOOD_FOR:%Y-%m-%d %H:%M} UTC"
    click.echo(f"for {name} alone, good once, until {until}: send it by a messenger that you trust", err=True)


@staff.command("role")
@click.argument("name")
@click.argument("role", type=ROLE)
def give_role(name: str, role: Role) -> None:
    """Give a member another role, and end their sessions."""
    signing = signing_keys()
    with open_database() as database:
        give = scribe().recording(
            lambda c: members.give_role(c, name, signing, role), "gave a role", f"{name}, {role}"
        )
        database.write(give)
        erasures_file.bring_up_to_date(settings.load().erasures_file, database)
    click.echo(f"{name}: {role}")


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Print a new invitation, for a lost phone or password, and end the member's sessions.

    Neither is good any more from now on. Where CANDLE_SECOND_FACTOR is off a new password is printed.
    """
    config, keys, by = settings.load(), signing_keys(), scribe()
    with open_database() as database:
        if config.second_factor == "off":
            click.echo(database.write(by.recording(lambda c: members.reset(c, name, keys), "reset", name)))
        else:
            invite = by.recording(lambda c: members.invite_again(c, name, keys, now()), "reset", name)
            token = database.write(invite)
            _print_invitation(config, name, token)
        erasures_file.bring_up_to_date(config.erasures_file, database)
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
    signing = signing_keys()
    with open_database() as database:
        database.write(scribe().recording(lambda c: members.disable(c, name, signing), "disabled", name))
        erasures_file.bring_up_to_date(settings.load().erasures_file, database)
    click.echo(f"{name}: disabled")


@staff.command("list")
def list_staff() -> None:
    """List the members, who of them cannot come in, and who comes in by an older key."""
    signing = signing_keys()
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
