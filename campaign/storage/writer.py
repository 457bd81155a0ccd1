"""One thread that writes for all others, and answers each only after its COMMIT."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from campaign.storage.errors import NotStored, is_shared_failure, not_stored, translate_driver_errors

T = TypeVar("T")
Item = TypeVar("Item")
Work = Callable[[Connection], T]
Together = Callable[[Connection, Sequence[Item]], Sequence[T]]  # one result for each item

QUEUE_LENGTH = 1024
LARGEST_GROUP = 256
# Seconds. A message that is committed alone costs the writer five times what one of many does, and the more
# others come meanwhile, the more of them it makes wait for the interpreter.
REST_BETWEEN_COMMITS = 0.008


class _Request:
    """One write that waits; `claim` lets either the writer have it or a caller that gave up waiting.

    A kept error holds the frames that led to it, and their variables. So what is answered is dropped here:
    neither one request's error nor an idle writer may hold the words of others.
    """

    __slots__ = ("_claimed", "_done", "_error", "_result", "item", "together")

    def __init__(self, together: Together[Any, Any], item: Any) -> None:
        self.together = together
        self.item = item
        self._claimed = threading.Lock()
        self._done = threading.Lock()
        self._done.acquire()
        self._result: Any = None
        self._error: BaseException | None = None

    def claim(self) -> bool:
        return self._claimed.acquire(blocking=False)

    def succeed(self, result: Any) -> None:
        self.item, self._result = None, result
        self._done.release()

    def fail(self, error: BaseException) -> None:
        self.item, self._error = None, error
        self._done.release()

    def wait(self, timeout: float) -> Any:
        if not self._done.acquire(timeout=timeout):
            if self.claim():
                raise NotStored(f"no answer from the disk within {timeout:g} s")
            self._done.acquire()  # it runs already, and only its COMMIT can tell
        error, self._error = self._error, None
        if error is None:
            return self._result
        try:
            raise error
        finally:
            del error  # it would hold this call, and this call would hold it


class Writer:
    """Take every write that waits, run all in one transaction, commit once, answer each.

    This is group commit: an fsync costs the same for one message as for a hundred. Writes of one kind are
    handed to the database together too, because between two statements another thread takes the interpreter.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._requests: SimpleQueue[_Request | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None  # kept: to borrow one takes longer than to commit
        self._enqueueing = threading.Lock()  # nothing comes in behind the last request
        self._closed = False
        self.rest = 0.0  # seconds after a COMMIT in which no other begins
        self._committed = float("-inf")

    def write(self, together: Together[Item, T], item: Item, timeout: float) -> T:
        """Run `together` on what waits for it, this item included; return the item's result after COMMIT.

        Raises:
            NotStored: see `Database.write`.
        """
        request = _Request(together, item)
        self._enqueue(request)
        result: T = request.wait(timeout)
        return result

    def close(self) -> None:
        """Finish every accepted write; later ones are refused."""
        with self._enqueueing:
            self._closed = True
        if self._thread is not None:
            self._requests.put(None)
            self._thread.join()

    def _enqueue(self, request: _Request) -> None:
        with self._enqueueing:
            if self._closed:
                raise NotStored("the receiver is stopping; try again in a moment")
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_groups, name="writer", daemon=True)
                self._thread.start()
            if self._requests.qsize() >= QUEUE_LENGTH:
                raise NotStored("too many messages are waiting to be written; try again in a moment")
            self._requests.put(request)

    def _write_groups(self) -> None:
        stopping = False
        while not stopping:
            group, stopping = self._next_group()
            if group:
                _deliver(self._write_group(group))
                self._committed = time.monotonic()
            del group
        self._let_go()

    def _next_group(self) -> tuple[list[_Request], bool]:
        """Wait for one request and the end of the rest, then take all that are there."""
        group: list[_Request] = []
        request = self._requests.get()
        if (rest := self._committed + self.rest - time.monotonic()) > 0:
            time.sleep(rest)
        while request is not None:
            if request.claim():
                group.append(request)
            if len(group) >= LARGEST_GROUP:
                return group, False
            try:
                request = self._requests.get_nowait()
            except Empty:
                return group, False
        return group, True

    def _write_group(self, group: list[_Request]) -> list[_Answer]:
        """Write a group; where one request fails by its own fault, undo all and try each by itself."""
        try:
            try:
                return self._commit(group, _run_together)
            except _Undone as undone:
                if len(group) == 1:
                    return [(group[0].fail, undone.fault)]
            return self._commit(group, _run_each)
        except BaseException as error:  # whatever it is, the writer outlives it and answers everybody
            return _not_stored(group, error)

    def _commit(self, group: list[_Request], run: _Run) -> list[_Answer]:
        try:
            with translate_driver_errors(NotStored):
                self._connection = connection = self._connection or self._engine.connect()
                with connection.begin():
                    answers = run(connection, group)
                    self._check_file(connection)
        except BaseException:
            self._let_go()
            raise
        return answers

    def _let_go(self) -> None:
        """Give the connection back: something may be wrong with it, or nobody writes any more."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _check_file(self, connection: Connection) -> None:
        """Refuse to commit into a file that was moved, deleted or replaced under us: nobody would find it."""
        if connection.info.get("file") != identity(self._engine.url.database or ""):
            self._engine.dispose()
            raise NotStored("the database file is gone or was replaced; put it back, or restart the receiver")


def identity(path: str) -> tuple[int, int] | None:
    """Name the file itself rather than its path; None when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116  # a Path is made anew for each COMMIT, and costs more than the call
    except OSError:
        return None
    return status.st_dev, status.st_ino


_Answer = tuple[Callable[[Any], None], Any]  # how a request ends, and with what
_Run = Callable[[Connection, list[_Request]], list[_Answer]]


class _Undone(Exception):
    """One of the requests failed by its own fault."""

    def __init__(self, fault: BaseException) -> None:
        super().__init__("a request failed")
        self.fault = fault


def _run_together(connection: Connection, requests: list[_Request]) -> list[_Answer]:
    """Run the requests, those of a kind by one call, with no savepoint: most never fail."""
    kinds: dict[Together[Any, Any], list[_Request]] = {}
    for request in requests:
        kinds.setdefault(request.together, []).append(request)
    answers: list[_Answer] = []
    for together, some in kinds.items():
        try:
            results = together(connection, [request.item for request in some])
        except BaseException as error:
            if is_shared_failure(error):
                raise
            raise _Undone(error) from error
        answers += ((request.succeed, result) for request, result in zip(some, results, strict=True))
    return answers


def _run_each(connection: Connection, requests: list[_Request]) -> list[_Answer]:
    """Run each request in a savepoint, which the driver sets: SQLAlchemy's own takes as long as an INSERT."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # only SQLite has a writer thread
    return [_run_alone(connection, driver, request) for request in requests]


def _run_alone(connection: Connection, driver: sqlite3.Connection, request: _Request) -> _Answer:
    answer: _Answer
    driver.execute("SAVEPOINT request")
    try:
        (result,) = request.together(connection, [request.item])
        answer = request.succeed, result
    except BaseException as error:
        if is_shared_failure(error):
            raise
        driver.execute("ROLLBACK TO request")
        answer = request.fail, error
    driver.execute("RELEASE request")
    try:
        return answer
    finally:
        del answer  # its error holds this call


def _not_stored(requests: list[_Request], error: BaseException) -> list[_Answer]:
    """Fail all, each with an error of its own: one that many threads raise holds what all of them know."""
    traceback.clear_frames(error.__traceback__)
    return [(r.fail, not_stored(error).with_traceback(error.__traceback__)) for r in requests]


def _deliver(answers: list[_Answer]) -> None:
    for give, outcome in answers:
        give(outcome)
    answers.clear()
