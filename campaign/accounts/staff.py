"""Staff: who may review, and their passwords.

Each row is signed with the approval key, which is in the settings: who can only write to the database cannot
let anybody in, and so cannot approve.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from campaign.accounts import sessions
from campaign.errors import CandleError
from campaign.keys import signing
from campaign.storage.tables import staff

# scrypt with 32 MiB and about 60 ms a guess; the password itself holds 100 bits.
METHOD = "scrypt:32768:8:1"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that looks like another
GROUPS, GROUP = 4, 5
DOMAIN = b"candle staff 2"
ROLELESS = b"candle staff 1"  # of rows from before there were roles: who was there then is a coordinator
Role = Literal["reviewer", "coordinator"]
COORDINATOR: Role = "coordinator"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class StaffError(CandleError):
    """A name that cannot be used, is taken, or is not there."""


@dataclass(frozen=True)
class Member:
    """One of the staff. A session holds `session_version` and ends when that is raised.

    A reviewer decides on messages; a coordinator makes, prints and posts batches too.

    `signed`: the row is as this program wrote it. One from before rows were signed, or changed in the
    database since, lets nobody in until it is reset.
    """

    name: str
    disabled: bool
    session_version: int
    added_on: date
    signed: bool = True
    role: Role = COORDINATOR

    @property
    def coordinates(self) -> bool:
        """Whether they make, print and post batches."""
        return self.role == COORDINATOR

    @property
    def may_enter(self) -> bool:
        """Whether the right password lets them in."""
        return self.signed and not self.disabled


def add(connection: Connection, name: str, keys: Sequence[str], today: date, role: Role = COORDINATOR) -> str:
    """Add a member and return the password, which is shown once and kept only as a hash.

    Raises:
        StaffError: the name is unusable or taken.
    """
    if not NAME.fullmatch(name):
        raise StaffError(f"{name!r}: write a name in small letters, digits, dots and hyphens, at most 64")
    if _row(connection, name) is not None:
        raise StaffError(f"{name}: is there already; `build.py staff reset {name}` makes a new password")
    password = _new_password()
    password_hash = generate_password_hash(password, METHOD)
    values = _signed(keys, name, password_hash, disabled=False, version=1, role=role)
    connection.execute(insert(staff).values(name=name, added_on=today, **values))
    return password


def reset(connection: Connection, name: str, keys: Sequence[str]) -> str:
    """Give a member a new password, let them in again, and end their sessions; returns the password.

    Raises:
        StaffError: nobody has that name.
    """
    password = _new_password()
    _change(connection, name, keys, disabled=False, password_hash=generate_password_hash(password, METHOD))
    return password


def give_role(connection: Connection, name: str, keys: Sequence[str], role: Role) -> None:
    """Give a member another role, and end their sessions; who is kept out stays out.

    Raises:
        StaffError: nobody has that name, or their row is not signed.
    """
    member = get(connection, name, keys)
    if member and not member.signed:
        raise StaffError(
            f"{name}: not signed with the approval key; `build.py staff reset {name}` comes first"
        )
    _change(connection, name, keys, disabled=member is not None and member.disabled, role=role)


def disable(connection: Connection, name: str, keys: Sequence[str]) -> None:
    """Keep a member out from now on, and end their sessions.

    Raises:
        StaffError: nobody has that name.
    """
    _change(connection, name, keys, disabled=True)


def verify(connection: Connection, name: str, password: str, keys: Sequence[str]) -> Member | None:
    """Return the member whose name and password these are; None for anything else.

    An unknown name takes as long as a wrong password, so that time does not tell who exists.
    """
    row = _row(connection, name) if NAME.fullmatch(name) else None
    member = _member(row, keys) if row else None
    right = check_password_hash(row.password_hash if row and member else _nobodys_hash(), password)
    return member if member and right and member.may_enter else None


def get(connection: Connection, name: str, keys: Sequence[str]) -> Member | None:
    """Return the member of that name, whether they may enter or not."""
    row = _row(connection, name)
    return _member(row, keys) if row else None


def list_members(connection: Connection, keys: Sequence[str]) -> list[Member]:
    """Return all members by name."""
    return [_member(row, keys) for row in connection.execute(select(staff).order_by(staff.c.name))]


def renew_signature(connection: Connection, name: str, keys: Sequence[str]) -> None:
    """Sign with the newest key a row that an older one signed, so that the older one can be retired."""
    row = _row(connection, name, lock=True)
    if row is None or not _member(row, keys).signed or _member(row, keys[:1]).signed:
        return
    values = _signed(
        keys, name, row.password_hash, disabled=row.disabled, version=row.session_version, role=row.role
    )
    connection.execute(update(staff).where(staff.c.name == name).values(values))


def _row(connection: Connection, name: str, *, lock: bool = False) -> Row[Any] | None:
    chosen = select(staff).where(staff.c.name == name)
    return connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()


def _member(row: Row[Any], keys: Sequence[str]) -> Member:
    words = _signed_fields(row.name, row.password_hash, disabled=row.disabled, version=row.session_version)
    signed = signing.valid(keys, row.signature, DOMAIN, *words, row.role) or (
        row.role == COORDINATOR and signing.valid(keys, row.signature, ROLELESS, *words)
    )
    return Member(row.name, row.disabled, row.session_version, row.added_on, signed, row.role)


def _signed_fields(name: str, password_hash: str, *, disabled: bool, version: int) -> tuple[str, ...]:
    return (name, password_hash, "disabled" if disabled else "enabled", str(version))


def _signed(
    keys: Sequence[str], name: str, password_hash: str, *, disabled: bool, version: int, role: Role
) -> dict[str, Any]:
    words = _signed_fields(name, password_hash, disabled=disabled, version=version)
    return {
        "password_hash": password_hash,
        "disabled": disabled,
        "session_version": version,
        "role": role,
        "signature": signing.sign(keys[0], DOMAIN, *words, role),
    }


def _change(
    connection: Connection,
    name: str,
    keys: Sequence[str],
    *,
    disabled: bool,
    password_hash: str | None = None,
    role: Role | None = None,
) -> None:
    row = _row(connection, name, lock=True)
    if row is None:
        raise StaffError(f"{name}: nobody of that name; `build.py staff add {name}` adds them")
    values = _signed(
        keys, name, password_hash or row.password_hash,
        disabled=disabled, version=row.session_version + 1, role=role or row.role,
    )  # fmt: skip
    connection.execute(update(staff).where(staff.c.name == name).values(values))
    sessions.end_all(connection, name)


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody has this password", METHOD)


def _new_password() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
