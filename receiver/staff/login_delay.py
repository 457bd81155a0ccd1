"""Guesses of passwords and codes: each costs the next one a wait, for whom it was tried and nobody else."""

from __future__ import annotations

import hmac
import struct
import time
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection

from campaign.accounts import login_attempts
from campaign.accounts.login_attempts import Allowance, Tried
from campaign.storage.database import Database
from receiver.state.shared_memory import SharedTable

BUCKET = 3  # hexadecimal digits: 4,096 rows at most, however many names are tried
TALLIES = 4 * 16**BUCKET
REMEMBERED = 16_384  # used codes of all members
_TRIED = struct.Struct("<Qd")


def install(app: Flask) -> None:
    """Count the guesses at this desk."""
    services = app.extensions["candle"]
    app.extensions["candle.guesses"] = Guesses(services.database, services.settings.secret_key)


def current() -> Guesses:
    """Return what was guessed at the desk at hand."""
    return cast(Guesses, current_app.extensions["candle.guesses"])


class Guesses:
    """What was tried: in the database, where a restart forgets nothing.

    And in the workers' memory, where nobody forgets it who only writes to the database.
    """

    def __init__(self, database: Database, key: str) -> None:
        self._database, self._key = database, key.encode()
        self._tallies = SharedTable(TALLIES, _TRIED.size)
        self._used = SharedTable(REMEMBERED, 1)

    def bucket(self, name: str) -> str:
        """Name whoever has this name: those who do not exist as well, and without keeping what was typed."""
        return hmac.digest(self._key, b"candle guesses 1 " + name.encode(), "sha256").hex()[:BUCKET]

    def take(self, who: str, allowance: Allowance, moment: datetime) -> timedelta:
        """Count a guess before it is looked at; returns the wait of one that comes too soon to be."""
        return self._database.write(lambda connection: self._taken(connection, who, allowance, moment))

    def forget(self, who: str) -> None:
        """Begin anew: what was given is right."""
        self._database.write(lambda connection: login_attempts.forget(connection, who))
        with self._tallies.locked():
            self._tallies.put(who.encode(), b"", until=0)

    def was_used(self, name: str, code: str) -> bool:
        """Tell whether a code let this member in before, whatever the database says."""
        with self._used.locked():
            return self._used.get(f"{name} {code}".encode(), now=0) is not None

    def note_used(self, name: str, code: str) -> None:
        """Remember that it did; of too many the oldest is forgotten."""
        with self._used.locked():
            self._used.put(f"{name} {code}".encode(), b"", until=time.time())

    def _taken(self, connection: Connection, who: str, allowance: Allowance, moment: datetime) -> timedelta:
        with self._tallies.locked():
            both = (login_attempts.read(connection, who), self._remembered(who, moment))
            counting = [one for one in both if one and one.counts_at(moment)]
            tally = max(counting, key=lambda one: one.count, default=Tried(0, moment))
            wait = tally.wait(allowance, moment)
            if wait > timedelta(0):
                return wait
            tally = Tried(tally.count + 1, moment)
            now = moment.timestamp()
            over = (moment + login_attempts.FORGOTTEN_AFTER).timestamp()
            self._tallies.put(who.encode(), _TRIED.pack(tally.count, now), over)
            login_attempts.keep(connection, who, tally)
        return timedelta(0)

    def _remembered(self, who: str, moment: datetime) -> Tried | None:
        found = self._tallies.get(who.encode(), moment.timestamp())
        if found is None:
            return None
        count, last = _TRIED.unpack(found)
        return Tried(count, datetime.fromtimestamp(last, UTC))
