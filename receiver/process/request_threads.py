"""The threads that answer requests: each is woken once there is a slot, and the loop once for many answers.

An executor of Python's own wakes a thread for each request that comes, though most of them are to wait for a
slot, and the loop by a byte for each that ends. Whoever is woken wants the interpreter, which one has at a
time: with sixty-four connections that took a third of what a post cost.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from receiver.state.request_slots import PATIENCE, RequestSlots


def _without_slot() -> None:
    """Begin what needs none."""


@dataclass(eq=False, slots=True)
class _Call:
    """What a thread is to do, what it tells the slots before, and what came of it."""

    work: Callable[..., Any]
    given: tuple[Any, ...]
    future: asyncio.Future[Any]
    begin: Callable[[], object] = _without_slot
    result: Any = None
    error: BaseException | None = None


class RequestThreads:
    """So many threads at most, for the tasks of one loop."""

    def __init__(self, number: int, slots: RequestSlots) -> None:
        self._number = number
        self._slots = slots
        # More would be handed slots that no thread is left to use, while those that have the threads run out
        # of patience: after a pause of the disk each took another second, for as long as there were many.
        self._room = asyncio.Semaphore(number)
        self._threads: list[threading.Thread] = []
        self._under_way = 0  # what the loop waits for
        self._begun: SimpleQueue[_Call | None] = SimpleQueue()
        self._ended: deque[_Call] = deque()
        self._told = False  # whether the loop knows that something has ended

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """Run `work` on a thread at once."""
        job = self._job(work, given)
        self._begun.put(job)
        return await job.future

    async def run_with_slot(self, work: Callable[..., Any], *given: Any) -> Any:
        """Run `work` on a thread that holds a slot, or without one when none comes in time."""
        async with self._room:
            return await self._run_with_slot(self._job(work, given))

    async def _run_with_slot(self, job: _Call) -> Any:
        def begin() -> None:
            job.begin = self._slots.take_over
            self._begun.put(job)

        def begin_without() -> None:
            if self._slots.withdraw(begin):
                job.begin = self._slots.go_without
                self._begun.put(job)

        if self._slots.when_free(begin):
            return await job.future
        patience = job.future.get_loop().call_later(PATIENCE, begin_without)
        try:
            return await job.future
        finally:
            patience.cancel()

    def close(self) -> None:
        """Wait for what the threads still do."""
        for _ in self._threads:
            self._begun.put(None)
        for thread in self._threads:
            thread.join()

    def _job(self, work: Callable[..., Any], given: tuple[Any, ...]) -> _Call:
        self._under_way += 1
        if len(self._threads) < min(self._under_way, self._number):
            self._start_thread()
        return _Call(work, given, asyncio.get_running_loop().create_future())

    def _start_thread(self) -> None:
        """Start one more; where the system has none left, those that run do it all.

        Raises:
            RuntimeError: none runs.
        """
        thread = threading.Thread(target=self._serve, name=f"requests {len(self._threads)}")
        try:
            thread.start()
        except RuntimeError:
            if not self._threads:
                self._under_way -= 1
                raise
        else:
            self._threads.append(thread)

    def _serve(self) -> None:
        while (job := self._begun.get()) is not None:
            job.begin()
            try:
                job.result = job.work(*job.given)
            except BaseException as error:  # the task that waits for it raises it
                job.error = error
            finally:
                self._slots.release()
            self._ended.append(job)
            if not self._told:
                self._told = True
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    job.future.get_loop().call_soon_threadsafe(self._deliver)
            del job  # a thread that waits holds nobody's words

    def _deliver(self) -> None:
        self._told = False  # first: what ends from here on tells it anew
        while self._ended:
            job = self._ended.popleft()
            self._under_way -= 1
            if job.future.done():
                continue  # its task was ended
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
