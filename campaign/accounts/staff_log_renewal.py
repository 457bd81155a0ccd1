"""The log of what staff did, after a change of keys: a row says so, and from it on the older key can go."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, func, insert, select

from campaign.accounts.staff_log import RENEWED, Scribe, append, lock, read_decisions, read_end, write_end
from campaign.accounts.staff_log_check import verify, vouched_to
from campaign.accounts.staff_log_rows import DECISION, END, ROW, UnnumberedDecision
from campaign.keys import signing
from campaign.language.english import counted
from campaign.storage.tables import staff_log, staff_log_today

LONGEST = 120  # characters of what somebody else wrote, which a row of ours repeats


@dataclass(frozen=True)
class Renewed:
    """How many rows hung on older keys, and the decisions that no key here signed, which were left out."""

    rows: int = 0
    left_out: tuple[str, ...] = ()


def count_hanging(connection: Connection, key: str) -> int:
    """Count the rows that need an older key than this one to be believed."""
    c, day = staff_log.c, staff_log_today.c
    rows = select(func.count()).where(
        c.number > vouched_to(connection, (key,)), ~c.signature.startswith(signing.key_id(key, ROW))
    )
    today = select(func.count()).where(~day.signature.startswith(signing.key_id(key, DECISION)))
    end = read_end(connection)
    older_end = end is not None and not end.signature.startswith(signing.key_id(key, END))
    return (connection.scalar(rows) or 0) + (connection.scalar(today) or 0) + older_end


def renew(connection: Connection, by: Scribe) -> Renewed:
    """Write that the keys were renewed, and how the log was found.

    That row is signed over the digest of all before it. Decisions without a number are in no digest yet: what
    one of these keys signed is signed anew. What none of them signed anybody may have written there: it is
    taken out, and a row of its own tells of each.
    """
    lock(connection)
    hanging = count_hanging(connection, by.keys[0])
    if not hanging:
        return Renewed()
    found = verify(connection, by.keys)
    foreign = _sign_decisions(connection, by.keys)
    left_out = tuple(_told(decision) for decision in foreign)
    if (end := read_end(connection)) and end.is_signed(by.keys):
        write_end(connection, end.signed(by.keys[0]))
    append(connection, by.keys, (), by.now().date(), left_out)
    by.record(connection, RENEWED, f"{counted(len(found.faults), 'fault')} before this row")
    return Renewed(hanging, left_out)


def _sign_decisions(connection: Connection, keys: Sequence[str]) -> list[UnnumberedDecision]:
    """Sign anew what one of the keys signed, take out what another one did, and return that.

    All are taken out and the others put back: in SQLite somebody's id may be anything, and finds no row.
    """
    kept, foreign = [], []
    for decision in read_decisions(connection):
        if decision.is_signed(keys):
            kept.append(decision.signed(keys[0]))
        elif decision.signature.partition(".")[0] in {signing.key_id(key, DECISION) for key in keys}:
            kept.append(replace(decision, id=secrets.token_hex(16)))  # it was changed, and stays named
        else:
            foreign.append(decision)
    connection.execute(delete(staff_log_today))
    if kept:
        connection.execute(insert(staff_log_today), [decision.values() for decision in kept])
    return foreign


def _told(decision: UnnumberedDecision) -> str:
    words = f"{decision.entry.who} {decision.entry.what}: {decision.entry.about}"
    return f"no key here signed a decision of {decision.entry.day}, {words[:LONGEST]}"
