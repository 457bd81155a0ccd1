"""Staff: who may review, how they are let in, and what of theirs changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from campaign.accounts import invitations, passwords, second_factor, sessions
from campaign.accounts.invitations import Invitation
from campaign.accounts.second_factor import SecondFactor
from campaign.accounts.staff_rows import COORDINATOR, Role, StaffRow
from campaign.errors import CandleError
from campaign.storage.staff_tables import NAME as NAME
from campaign.storage.tables import staff


class StaffError(CandleError):
    """A name that cannot be used, is taken, or is not there."""


@dataclass(frozen=True)
class Member:
    """One of the staff. A session holds `session_version` and ends when that is raised.

    A reviewer decides on messages; a coordinator makes, prints and posts batches too.

    `signed`: the row is as this program wrote it. One from before rows were signed, or changed in the
    database since, lets nobody in until it is reset. Nor does one with an `invitation`, until it is accepted.
    Who logs out everywhere raises `devices`: browsers that were known from before are strangers again.
    """

    name: str
    disabled: bool
    session_version: int
    added_on: date
    signed: bool = True
    role: Role = COORDINATOR
    has_factor: bool = False
    invitation: Invitation | None = None
    devices: int = 0

    @property
    def coordinates(self) -> bool:
        """Whether they make, print and post batches."""
        return self.role == COORDINATOR

    @property
    def may_enter(self) -> bool:
        """Whether the right password lets them in."""
        return self.signed and not self.disabled and not self.invitation


def add(connection: Connection, name: str, keys: Sequence[str], today: date, role: Role = COORDINATOR) -> str:
    """Add a member and return the password, which is shown once and kept only as a hash.

    Raises:
        StaffError: the name is unusable or taken.
    """
    password = passwords.new()
    _insert(connection, StaffRow(name, passwords.hashed(password), role=role), keys, today)
    return password


def invite(
    connection: Connection, name: str, keys: Sequence[str], moment: datetime, role: Role = COORDINATOR
) -> str:
    """Add a member who has no password yet, and return the token of their invitation.

    Raises:
        StaffError: the name is unusable or taken.
    """
    invitation, token = invitations.new(keys[0], name, moment)
    _insert(connection, StaffRow(name, "", role=role, invitation=invitation), keys, moment.date())
    return token


def reset(connection: Connection, name: str, keys: Sequence[str]) -> str:
    """Give a member a new password, let them in again, and end their sessions; returns the password.

    A second factor is taken away: the phone may be lost, and a new one is enrolled at the next login. Whoever
    wrote a row that is not signed may have written a role into it: its member is a reviewer from now on.

    Raises:
        StaffError: nobody has that name.
    """
    password = passwords.new()
    _let_in_again(connection, name, keys, passwords.hashed(password), None)
    return password


def invite_again(connection: Connection, name: str, keys: Sequence[str], moment: datetime) -> str:
    """Do the same with an invitation in place of a password; returns its token.

    Raises:
        StaffError: nobody has that name.
    """
    invitation, token = invitations.new(keys[0], name, moment)
    _let_in_again(connection, name, keys, "", invitation)
    return token


def invited(
    connection: Connection, name: str, token: str, keys: Sequence[str], moment: datetime
) -> Member | None:
    """Return whose invitation this is, while it is good; None for anything else."""
    row = _row(connection, name) if NAME.fullmatch(name) else None
    member = _member(row, keys) if row else None
    return member if member and _is_invited(member, token, keys, moment) else None


def accept(
    connection: Connection, name: str, token: str, keys: Sequence[str], password_hash: str, moment: datetime
) -> Member:
    """Use up an invitation: from now on the member comes in with the password that they chose.

    Raises:
        StaffError: it was used, is over, or never was one.
    """
    row = _row(connection, name, lock=True)
    if row is None or not _is_invited(_member(row, keys), token, keys, moment):
        raise StaffError(f"{name}: this invitation is not good any more")
    _change(connection, name, keys, password_hash=password_hash, invitation=None)
    return replace(_member(row, keys), session_version=row.session_version + 1, invitation=None)


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
    _change(connection, name, keys, disabled=True, invitation=None)


def log_out_everywhere(connection: Connection, name: str, keys: Sequence[str]) -> None:
    """End every session of a member, and know none of their browsers any more."""
    if found := _signed_row(connection, name, keys):
        known, signer = found
        _write(connection, replace(known, devices=known.devices + 1).sealed_for(keys[0], signer), keys)
    sessions.end_all(connection, name)


def verify(connection: Connection, name: str, password: str, keys: Sequence[str]) -> Member | None:
    """Return the member whose name and password these are; None for anything else.

    An unknown name takes as long as a wrong password, so that time does not tell who exists.
    """
    row = _row(connection, name) if NAME.fullmatch(name) else None
    member = _member(row, keys) if row else None
    right = passwords.matches(row.password_hash if row else None, password)
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
    found = _signed_row(connection, name, keys)
    if found and found[1] != keys[0]:
        _write(connection, found[0].sealed_for(keys[0], found[1]), keys)


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
    known, signer = _signed_row(connection, name, keys) or (None, "")
    if known is None or known.factor is None:
        return False
    secret = second_factor.open_secret(signer, name, known.factor)
    step = second_factor.matching_step(secret, code, moment, known.code_step)
    left = second_factor.without(known.factor, secret, code) if step is None else known.factor
    if left is None:
        return False
    used = replace(known, factor=left, code_step=step or known.code_step)
    _write(connection, used.sealed_for(keys[0], signer), keys)
    return True


def _is_invited(member: Member, token: str, keys: Sequence[str], moment: datetime) -> bool:
    invitation = member.invitation
    good = invitation and invitation.good_at(moment) and invitation.is_for(keys, member.name, token)
    return bool(good) and member.signed


def _insert(connection: Connection, row: StaffRow, keys: Sequence[str], today: date) -> None:
    if not NAME.fullmatch(row.name):
        raise StaffError(f"{row.name!r}: write a name in small letters, digits, dots and hyphens, at most 64")
    if _row(connection, row.name) is not None:
        raise StaffError(f"{row.name}: is there already; `build.py staff reset {row.name}` lets them in anew")
    connection.execute(insert(staff).values(name=row.name, added_on=today, **row.values(keys[0])))


def _let_in_again(
    connection: Connection, name: str, keys: Sequence[str], password_hash: str, invitation: Invitation | None
) -> None:
    changes = {"password_hash": password_hash, "invitation": invitation}
    _change(connection, name, keys, disabled=False, factor=None, code_step=0, **changes)


_ONE = select(staff).where(staff.c.name == bindparam("name"))
_LOCKED = _ONE.with_for_update()


def _row(connection: Connection, name: str, *, lock: bool = False) -> Row[Any] | None:
    return connection.execute(_LOCKED if lock else _ONE, {"name": name}).one_or_none()


def _signed_row(connection: Connection, name: str, keys: Sequence[str]) -> tuple[StaffRow, str] | None:
    """Lock a member's row and return it with the key that signed it; None where none of these did."""
    row = _row(connection, name, lock=True)
    known = StaffRow.of(row) if row else None
    signer = known.signer(keys, row.signature) if row and known else None
    return (known, signer) if known and signer else None


def _member(row: Row[Any], keys: Sequence[str]) -> Member:
    known = StaffRow.of(row)
    signed = known.signer(keys, row.signature) is not None
    return Member(
        row.name, row.disabled, row.session_version, row.added_on, signed, row.role, bool(known.factor),
        known.invitation, known.devices,
    )  # fmt: skip


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
