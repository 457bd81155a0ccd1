"""The log of what staff did, after a change of keys: a row says so, and from it on the older key can go."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from campaign.accounts.staff_log import RENEWED, Scribe, lock, read_decisions, read_end, write_end
from campaign.accounts.staff_log_check import verify, vouched_to
from campaign.accounts.staff_log_rows import DECISION, END, ROW
from campaign.keys import signing
from campaign.language.english import counted
from campaign.storage.tables import staff_log, staff_log_today


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


def renew(connection: Connection, by: Scribe) -> int:
    """Write that the keys were renewed, and how the log was found; returns how many rows hung on older ones.

    That row is signed over the digest of all before it, and vouches for what was found, whoever signed it:
    so decisions without a number are signed anew too, unless one of these keys tells that they were changed.
    """
    lock(connection)
    hanging = count_hanging(connection, by.keys[0])
    if not hanging:
        return 0
    found, known = verify(connection, by.keys), {signing.key_id(key, DECISION) for key in by.keys}
    for decision in read_decisions(connection):
        foreign = decision.signature.partition(".")[0] not in known
        if foreign or decision.is_signed(by.keys):
            this = staff_log_today.c.id == decision.id
            values = decision.signed(by.keys[0]).values()
            connection.execute(update(staff_log_today).where(this).values(values))
    if (end := read_end(connection)) and end.is_signed(by.keys):
        write_end(connection, end.signed(by.keys[0]))
    by.record(connection, RENEWED, f"{counted(len(found.faults), 'fault')} before this row")
    return hanging
