"""What this receiver notes about itself in the database while it runs: with which keys, for the doctor."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from campaign.errors import CandleError
from campaign.settings import Settings
from campaign.storage import machines
from campaign.storage.database import Database
from campaign.storage.machines import Machine, Part
from receiver.roles import Half
from receiver.state.outages import Later, each_minute, later

PARTS: dict[Half | None, Part] = {None: "receiver", "public": "public half", "desk": "desk"}
UNTOLD = (CandleError, SQLAlchemyError)  # whatever keeps it from being written keeps nobody from ending
PATIENCE = 2.0  # seconds that the end waits for others' writes


class Announced:
    """Said by the first worker from its start on, and taken back by the process that ends last."""

    def __init__(
        self, database: Database, settings: Settings, only: Half | None, later: Later = later
    ) -> None:
        self._database = database
        self._settings = settings
        self._machine = Machine(PARTS[only])
        self._later = later
        self._ended = False

    def begin(self) -> None:
        """Say it at once, and each minute; no start waits for it."""
        self._later(0.0, lambda: each_minute(self._say, self._later))

    def end(self) -> None:
        """Take it back; what cannot be reached forgets it by itself."""
        self._ended = True
        with suppress(*UNTOLD):
            self._database.write(lambda c: machines.leave(c, self._machine), timeout=PATIENCE)

    def _say(self) -> None:
        with suppress(*UNTOLD):
            self._database.write(self._note)

    def _note(self, connection: Connection) -> None:
        if not self._ended:
            machines.note(connection, self._machine, self._settings, datetime.now(UTC))
