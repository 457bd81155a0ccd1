"""Staff: who may review, and their passwords."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Connection, insert, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from campaign.errors import CandleError
from campaign.tables import staff

# scrypt with 32 MiB and about 60 ms a guess; the password itself holds 100 bits.
METHOD = "scrypt:32768:8:1"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that looks like another
GROUPS, GROUP = 4, 5
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class StaffError(CandleError):
    """A name that cannot be used, is taken, or is not there."""


@dataclass(frozen=True)
class Member:
    """One of the staff. A session holds `session_version` and ends when that is raised."""

    name: str
    disabled: bool
    session_version: int
    added_on: date


def add(connection: Connection, name: str, today: date) -> str:
    """Add a member and return the password, which is shown once and kept only as a hash.

    Raises:
        StaffError: the name is unusable or taken.
    """
    if not NAME.fullmatch(name):
        raise StaffError(f"{name!r}: write a name in small letters, digits, dots and hyphens, at most 64")
    if get(connection, name) is not None:
        raise StaffError(f"{name}: is there already; `build.py staff reset {name}` makes a new password")
    password = _new_password()
    connection.execute(
        insert(staff).values(
            name=name,
            password_hash=generate_password_hash(password, METHOD),
            disabled=False,
            session_version=1,
            added_on=today,
        )
    )
    return password


def reset(connection: Connection, name: str) -> str:
    """Give a member a new password, let them in again, and end their sessions; returns the password.

    Raises:
        StaffError: nobody has that name.
    """
    password = _new_password()
    _change(connection, name, disabled=False, password_hash=generate_password_hash(password, METHOD))
    return password


def disable(connection: Connection, name: str) -> None:
    """Keep a member out from now on, and end their sessions.

    Raises:
        StaffError: nobody has that name.
    """
    _change(connection, name, disabled=True)


def verify(connection: Connection, name: str, password: str) -> Member | None:
    """Return the member whose name and password these are; None for anything else.

    An unknown name takes as long as a wrong password, so that time does not tell who exists.
    """
    chosen = select(staff.c.password_hash).where(staff.c.name == name)
    row = connection.execute(chosen).one_or_none() if NAME.fullmatch(name) else None
    right = check_password_hash(row.password_hash if row else _nobodys_hash(), password)
    member = get(connection, name) if row and right else None
    return member if member and not member.disabled else None


def get(connection: Connection, name: str) -> Member | None:
    """Return the member of that name, disabled or not."""
    row = connection.execute(_members().where(staff.c.name == name)).one_or_none()
    return Member(*row) if row else None


def listing(connection: Connection) -> list[Member]:
    """Return all members by name."""
    return [Member(*row) for row in connection.execute(_members().order_by(staff.c.name))]


def _members():  # type: ignore[no-untyped-def]  # the type would repeat the columns
    return select(staff.c.name, staff.c.disabled, staff.c.session_version, staff.c.added_on)


def _change(connection: Connection, name: str, **values: object) -> None:
    changed = connection.execute(
        update(staff)
        .where(staff.c.name == name)
        .values(session_version=staff.c.session_version + 1, **values)
    )
    if changed.rowcount != 1:
        raise StaffError(f"{name}: nobody of that name; `build.py staff add {name}` adds them")


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody has this password", METHOD)


def _new_password() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
