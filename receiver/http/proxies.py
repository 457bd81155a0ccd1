"""How many proxies stand before the receiver, by what arrives: for the operator, who wrote down how many."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, time
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from campaign.settings import LOOPBACK
from campaign.storage import marks
from campaign.storage.database import Database, Unavailable
from receiver.state.outages import Later, later
from receiver.state.shared_memory import SharedValue

FEW = 20  # more are no chain of proxies, but somebody's joke


class CountProxies:
    """Note the fewest addresses that a request was forwarded for: a client can add some, and take none away.

    Who asks on this machine without a proxy, as for `/health`, is passed over.
    """

    def __init__(self, app: WSGIApplication, database: Database, later: Later = later) -> None:
        self._app = app
        self._database = database
        self._later = later
        self._fewest = SharedValue("<Q")
        self._fewest.set(FEW)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Look at one request, and pass it on."""
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        found = len(forwarded.split(",")) if forwarded else 0
        if found < self._fewest.get()[0] and not (found == 0 and _asked_here(environ)):
            self._keep(found)
        return self._app(environ, start_response)

    def _keep(self, found: int) -> None:
        with self._fewest.locked():
            if found >= self._fewest.get()[0]:
                return
            self._fewest.set(found)
        self._later(0.0, self._note)

    def _note(self) -> None:
        """Write it down by the day: the moment would tell when somebody came."""
        (fewest,) = self._fewest.get()
        day = datetime.combine(datetime.now(UTC).date(), time(), UTC)
        with suppress(Unavailable):
            self._database.write(lambda connection: marks.note(connection, "proxies", day, fewest))


def _asked_here(environ: WSGIEnvironment) -> bool:
    with suppress(ValueError):
        return urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname in LOOPBACK
    return False
