"""Health: is a durable write possible right now?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, update

from campaign.storage.database import Database
from campaign.storage.tables import health

PAUSE = 2.0  # seconds: a proof costs an fsync, and anybody may ask
PATIENCE = 5.0  # seconds that a proof may take


class Health:
    """Prove a durable write, at most once in `PAUSE` seconds however many ask."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._proving = threading.Lock()
        self._proved_at = float("-inf")
        self._good = False
        self.failure: Exception | None = None  # why the last proof failed

    def is_good(self) -> bool:
        """Tell whether the last proof succeeded; make a new one when it is older than `PAUSE`."""
        with self._proving:
            if self._clock() - self._proved_at >= PAUSE:
                self._good = self._prove()
                self._proved_at = self._clock()
            return self._good

    def _prove(self) -> bool:
        try:
            self._database.write(_mark, timeout=PATIENCE)
        except Exception as error:  # whatever the driver raises, the answer is the same: not now
            self.failure = error
            return False
        self.failure = None
        return True


def _mark(connection: Connection) -> None:
    now = datetime.now(UTC)
    if connection.execute(update(health).where(health.c.id == 1).values(proved_at=now)).rowcount == 0:
        connection.execute(insert(health).values(id=1, proved_at=now))
