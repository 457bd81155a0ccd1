"""Staff: who may review, their passwords and their second factors."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from campaign.accounts import second_factor, sessions
from campaign.accounts.second_factor import SecondFactor
from campaign.accounts.staff_rows import COORDINATOR, Role, StaffRow
from campaign.errors import CandleError
from campaign.storage.tables import staff

# scrypt with 32 MiB and about 60 ms a guess; the password itself holds 100 bits.
METHOD = "scrypt:32768:8:1"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that looks like another
GROUPS, GROUP = 4, 5
SHORTEST, LONGEST = 15, 256  # of a password that somebody chose, in characters
MOST_ALIKE = 6  # different characters that it has at the least
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
    has_factor: bool = False

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
    row = StaffRow(name, hashed(password), role=role)
    connection.execute(insert(staff).values(name=name, added_on=today, **row.values(keys[0])))
    return password


def reset(connection: Connection, name: str, keys: Sequence[str]) -> str:
    """Give a member a new password, let them in again, and end their sessions; returns the password.

    A second factor is taken away: the phone may be lost, and a new one is enrolled at the next login. Whoever
    wrote a row that is not signed may have written a role into it: its member is a reviewer from now on.

    Raises:
        StaffError: nobody has that name.
    """
    password = _new_password()
    _change(connection, name, keys, disabled=False, password_hash=hashed(password), factor=None)
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
    _change(connection, name, keys, role=role)


def hashed(password: str) -> str:
    """Return what is kept of a password; it takes as long as a guess, so do it outside of a transaction."""
    return generate_password_hash(_typed(password), METHOD)


def weakness(password: str) -> str | None:
    """Say why somebody should choose another password; None where it will do."""
    typed = _typed(password)
    if len(typed) < SHORTEST:
        return f"It has {len(typed)} characters: take {SHORTEST} or more, such as four or five words."
    if len(set(typed.lower())) < MOST_ALIKE:
        return "It has too few different characters: take four or five words."
    return None


def change_password(
    connection: Connection, member: Member, password_hash: str, keys: Sequence[str]
) -> Member:
    """Give a member the password that they chose, and end their sessions; returns who they are from now on.

    Raises:
        StaffError: they were reset, disabled or given another role since `member` was read.
    """
    row = _row(connection, member.name, lock=True)
    if row is None or not member.may_enter or _member(row, keys) != member:
        raise StaffError(f"{member.name}: your account was changed in the meantime; please log in again")
    _change(connection, member.name, keys, password_hash=password_hash)
    return replace(member, session_version=member.session_version + 1)


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
    right = check_password_hash(row.password_hash if row and member else _nobodys_hash(), _typed(password))
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
    signer = StaffRow.of(row).signer(keys, row.signature) if row else None
    if row and signer and signer != keys[0]:
        _write(connection, StaffRow.of(row).sealed_for(keys[0], signer), keys)


def enrol(connection: Connection, name: str, keys: Sequence[str], factor: SecondFactor) -> None:
    """Give a member a second factor, where they have none.

    Raises:
        StaffError: they have one, or may not come in.
    """
    row = _row(connection, name, lock=True)
    if row is None or row.factor or not _member(row, keys).may_enter:
        raise StaffError(f"{name}: has a second factor already, or may not come in")
    _write(connection, replace(StaffRow.of(row), factor=factor), keys)


def use_code(connection: Connection, name: str, keys: Sequence[str], code: str, moment: float) -> bool:
    """Use up a code of the member's phone, or a recovery code; tell whether it was one that is still good."""
    row = _row(connection, name, lock=True)
    known = StaffRow.of(row) if row else None
    signer = known.signer(keys, row.signature) if row and known else None
    if row is None or known is None or signer is None or known.factor is None:
        return False
    secret = second_factor.open_secret(signer, name, known.factor)
    step = second_factor.matching_step(secret, code, moment, row.code_step)
    if step is not None:
        connection.execute(update(staff).where(staff.c.name == name).values(code_step=step))
        return True
    left = second_factor.without(known.factor, secret, code)
    if left is not None:
        _write(connection, replace(known, factor=left).sealed_for(keys[0], signer), keys)
    return left is not None


def _row(connection: Connection, name: str, *, lock: bool = False) -> Row[Any] | None:
    chosen = select(staff).where(staff.c.name == name)
    return connection.execute(chosen.with_for_update() if lock else chosen).one_or_none()


def _member(row: Row[Any], keys: Sequence[str]) -> Member:
    known = StaffRow.of(row)
    signed = known.signer(keys, row.signature) is not None
    return Member(
        row.name, row.disabled, row.session_version, row.added_on, signed, row.role, bool(known.factor)
    )


def _change(connection: Connection, name: str, keys: Sequence[str], **changes: Any) -> None:
    """Change what is signed of a member, and end their sessions."""
    row = _row(connection, name, lock=True)
    if row is None:
        raise StaffError(f"{name}: nobody of that name; `build.py staff add {name}` adds them")
    known = StaffRow.of(row)
    signer = known.signer(keys, row.signature)
    if signer is None:
        known = replace(known, role="reviewer")
    known = known.sealed_for(keys[0], signer)
    _write(connection, replace(known, session_version=row.session_version + 1, **changes), keys)
    sessions.end_all(connection, name)


def _write(connection: Connection, row: StaffRow, keys: Sequence[str]) -> None:
    connection.execute(update(staff).where(staff.c.name == row.name).values(row.values(keys[0])))


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody has this password", METHOD)


def _typed(password: str) -> str:
    """Give letters with marks one spelling: keyboards differ in how they compose them."""
    return unicodedata.normalize("NFC", password)


def _new_password() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
