"""Connections to PostgreSQL that do not wait for ever: a server that hangs is as good as gone.

A stopped process keeps its connections, and its kernel goes on acknowledging what is sent to it, so neither
the server's own timeouts nor those of TCP notice anything. The limits are kept here, by the client.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg.errors import ConnectionTimeout
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

T = TypeVar("T")
PING = 1.0  # seconds for a kept connection to show that it is still one
PAUSE = 1.0  # seconds for which a server that let nobody in is left alone


class NoAnswer(psycopg.OperationalError):
    """The server keeps the connection and says nothing."""


class LimitedConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server has said nothing for `answer_within` seconds."""

    answer_within = 600.0

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **named: Any) -> T:
        """Wait for what psycopg asked of the server.

        Raises:
            NoAnswer: for too long nothing came; what was asked may yet be done.
        """
        try:
            return super().wait(_limited(gen, self.answer_within), *arguments, **named)
        except NoAnswer:
            self.pgconn.finish()  # an answer that came later would be taken for that of the next question
            raise

    def ping(self) -> None:
        """Ask whether the server is there, outside of a transaction."""
        usual, autocommit = self.answer_within, self.autocommit
        self.answer_within = PING
        try:
            self.autocommit = True
            self.execute("SELECT 1")
            self.autocommit = autocommit
        finally:
            self.answer_within = usual


def _limited(gen: Generator[Any, Any, T], seconds: float) -> Generator[Any, Any, T]:
    """Pass on what psycopg and the socket tell each other, until nothing came for so many seconds.

    psycopg tells 0 in short intervals while nothing is ready.
    """
    heard = time.monotonic()
    told: Any = None
    while True:
        try:
            wanted = gen.send(told)
        except StopIteration as ended:
            return ended.value
        told = yield wanted
        if told:
            heard = time.monotonic()
        elif time.monotonic() - heard > seconds:
            raise NoAnswer(f"nothing came for {seconds:g} seconds")


class Entrance:
    """Keep the threads from a server that let nobody in a moment ago; one of them tries it again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._closed_until: float | None = None

    def enter(self, connect: Callable[[], T]) -> T:
        """Return what `connect` makes.

        Raises:
            NoAnswer: the server let nobody in a moment ago.
        """
        self._refuse()
        closed_until = None  # also where it says no at once: that holds nobody up
        try:
            return connect()
        except ConnectionTimeout:
            closed_until = self._clock() + PAUSE
            raise
        finally:
            with self._lock:
                self._closed_until = closed_until

    def _refuse(self) -> None:
        with self._lock:
            if self._closed_until is None:
                return
            if self._clock() < self._closed_until:
                raise NoAnswer("a moment ago the server let nobody in")
            self._closed_until = self._clock() + 10 * PAUSE  # until this thread knows more


def install(engine: Engine, answer_within: float) -> None:
    """Keep the limits for every connection of an engine."""
    entrance = Entrance()

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> LimitedConnection:
        made = entrance.enter(lambda: LimitedConnection.connect(*arguments, **named))
        made.answer_within = answer_within
        return made

    @event.listens_for(engine, "checkout")
    def ping(connection: LimitedConnection, record: Any, _proxy: Any) -> None:
        """As `pool_pre_ping` does, which has no limit; what was just made needs none."""
        if not record.info.setdefault("used", False):
            record.info["used"] = True
            return
        try:
            connection.ping()
        except psycopg.Error as error:
            raise InvalidatePoolError from error
