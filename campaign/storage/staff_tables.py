"""The tables of staff: who they are, their sessions, and the log of what they did."""

from __future__ import annotations

import re

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table, Text

from campaign.storage.columns import Moment, Sequence, metadata, one_of

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # of a member
ROLES = ("reviewer", "coordinator")

staff = Table(
    "staff",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("session_version", Integer, nullable=False, default=1),  # raised on reset: ends old sessions
    Column("added_on", Date, nullable=False),
    Column("signature", Text),  # by a key that is not here; a row without one lets nobody in
    Column("role", String(16), nullable=False, server_default="coordinator"),
    Column("factor", Text),  # the second factor's secret, sealed under a key that is not here
    Column("recovery", Text, nullable=False, server_default=""),  # digests of the codes that are left
    Column("code_step", BigInteger, nullable=False, server_default="0"),  # of the last code that was used
    Column("invitation", Text),  # until when, and a digest of its token under a key that is not here
    Column("devices", Integer, nullable=False, server_default="0"),  # raised by logging out everywhere
    one_of("role", ROLES),
)

sessions = Table(
    "sessions",
    metadata,  # so that logging out ends every copy of a cookie
    Column("digest", String(64), primary_key=True),  # of the id in the cookie: who reads this cannot log in
    Column("member", String(64), nullable=False, index=True),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

guesses = Table(
    "guesses",
    metadata,  # of passwords and codes, so that a restart forgets none
    Column("who", String(96), primary_key=True),  # a digest of few bits, a member, or a known browser's id
    Column("tried", Integer, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
)

# What staff did. The program only appends to it; `campaign/accounts/staff_log.py` says how it is signed.
staff_log = Table(
    "staff_log",
    metadata,
    Column("number", Sequence, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("minute", String(5)),  # UTC; none where it could tell when a message was written
    Column("who", String(64), nullable=False),
    Column("what", String(32), nullable=False),
    Column("about", Text, nullable=False, index=True),  # a message's id, a batch, a member; no words of one
    Column("previous", String(64), nullable=False),  # the digest of the row before
    Column("signature", Text, nullable=False),
)

# The decisions of a day that has not ended, by random ids: kept in no order, and put into the log in another.
staff_log_today = Table(
    "staff_log_today",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", Date, nullable=False),
    Column("who", String(64), nullable=False),
    Column("what", String(32), nullable=False),
    Column("about", Text, nullable=False),
    Column("signature", Text, nullable=False),
    sqlite_with_rowid=False,  # else SQLite itself would number them as they come
)

# Where the log ends, signed, so that rows missing at its end show: one row.
staff_log_end = Table(
    "staff_log_end",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Sequence, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("decisions", Integer, nullable=False),  # of that day, which have no number yet
    Column("signature", Text, nullable=False),
)
