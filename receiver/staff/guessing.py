"""Guesses of passwords and codes: each costs the next one a wait, for whom it was tried and nobody else."""

from __future__ import annotations

import hmac
import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Connection

from campaign.accounts import guesses
from campaign.accounts.guesses import Allowance, Tried
from campaign.storage.database import Database

BUCKET = 3  # hexadecimal digits: 4,096 rows at most, however many names are tried
REMEMBERED = 200  # used codes of a member


def install(app: Flask) -> None:
    """Count the guesses at this desk."""
    services = app.extensions["candle"]
    app.extensions["candle.guesses"] = Guesses(services.database, services.settings.secret_key)


def current() -> Guesses:
    """Return what was guessed at the desk at hand."""
    return cast(Guesses, current_app.extensions["candle.guesses"])


class Guesses:
    """What was tried: in the database, where a restart forgets nothing.

    And in memory, where nobody forgets it who only writes to the database.
    """

    def __init__(self, database: Database, key: str) -> None:
        self._database, self._key = database, key.encode()
        self._tallies: dict[str, Tried] = {}
        self._used: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._lock = threading.Lock()

    def bucket(self, name: str) -> str:
        """Name whoever has this name: those who do not exist as well, and without keeping what was typed."""
        return hmac.digest(self._key, b"candle guesses 1 " + name.encode(), "sha256").hex()[:BUCKET]

    def take(self, who: str, allowance: Allowance, moment: datetime) -> timedelta:
        """Count a guess before it is looked at; returns the wait of one that comes too soon to be."""
        return self._database.write(lambda connection: self._taken(connection, who, allowance, moment))

    def forget(self, who: str) -> None:
        """Begin anew: what was given is right."""
        self._database.write(lambda connection: guesses.forget(connection, who))
        with self._lock:
            self._tallies.pop(who, None)

    def was_used(self, name: str, code: str) -> bool:
        """Tell whether a code let this member in before, whatever the database says."""
        with self._lock:
            return code in self._used[name]

    def note_used(self, name: str, code: str) -> None:
        """Remember that it did."""
        with self._lock:
            self._used[name].append(code)

    def _taken(self, connection: Connection, who: str, allowance: Allowance, moment: datetime) -> timedelta:
        with self._lock:
            both = (guesses.read(connection, who), self._tallies.get(who))
            counting = [one for one in both if one and one.counts_at(moment)]
            tally = max(counting, key=lambda one: one.count, default=Tried(0, moment))
            wait = tally.wait(allowance, moment)
            if wait > timedelta(0):
                return wait
            self._tallies[who] = Tried(tally.count + 1, moment)
            guesses.keep(connection, who, self._tallies[who])
        return timedelta(0)
