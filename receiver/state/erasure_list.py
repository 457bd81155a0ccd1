"""The list of erasures on a machine that shares its database with others: what they erased is added too."""

from __future__ import annotations

import logging
from pathlib import Path

from campaign.keeping import erasures_file
from campaign.keeping.erasures_file import Erasure, ErasuresError
from campaign.storage.database import Database, Unavailable
from receiver.state.outages import MINUTE, Later, later

log = logging.getLogger("receiver")
OVERLAP = 1000  # numbers that are looked at again: one that was given earlier may be committed later


class ErasureList:
    """Bring this machine's list up to date each minute, so that no machine's loss loses an erasure.

    SQLite's file is on one machine, whose processes all write to the list beside it.
    """

    def __init__(self, database: Database, file: Path, later: Later = later) -> None:
        self._database = database
        self._file = file
        self._later = later
        self._last = 0
        self._written: frozenset[Erasure] = frozenset()
        self._failing = False

    def follow(self) -> None:
        """Begin, where the database is one that others share."""
        if self._database.engine.dialect.name == "postgresql":
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        try:
            with self._database.read() as connection:
                last = erasures_file.last_number(connection)
                entries = list(erasures_file.erasures_in(connection, self._last - OVERLAP))
            if new := [entry for entry in entries if entry not in self._written]:
                erasures_file.write(self._file, new)
            self._last, self._written, self._failing = last, frozenset(entries), False
        except (Unavailable, ErasuresError):
            if not self._failing:
                log.warning("the list of erasures could not be brought up to date; tried again each minute")
            self._failing = True
        finally:
            self._later(MINUTE, self._bring_up_to_date)
