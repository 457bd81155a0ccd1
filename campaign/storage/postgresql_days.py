"""Days and moments of PostgreSQL that Python has none for: before Christ, after 9999, without an end."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from campaign.storage.untrusted_values import DAY, MOMENT, reckonable


def read_any_day(connection: psycopg.Connection[Any], _record: object = None) -> None:
    """Let a connection read them as the earliest that something can be reckoned with."""
    for name, nearest in (("timestamptz", MOMENT), ("date", DAY)):
        oid = connection.adapters.types[name].oid
        loader = connection.adapters.get_loader(oid, Format.TEXT)
        assert loader is not None  # noqa: S101  # psycopg has its own for both
        connection.adapters.register_loader(oid, _lenient(loader, nearest))


def _lenient(own: type[Any], nearest: date) -> type[Loader]:
    class Lenient(Loader):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._read = own(oid, context).load

        def load(self, data: Buffer) -> date:
            try:
                return reckonable(self._read(data), nearest)
            except psycopg.DataError:
                return nearest

    return Lenient
