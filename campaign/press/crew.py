"""Processes that share the press's work: each has one task at a time, and all go with who began them."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from traceback import format_exc
from typing import NoReturn, TypeVar

from campaign.errors import CandleError

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_JOBS = 64
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class WorkerLost(CandleError):
    """A process that was killed, or ended by itself."""

    def __init__(self) -> None:
        super().__init__(
            "a process that shared the work was killed, perhaps for want of memory; nothing half done is "
            "left, and a batch stays planned: run the command again, with --jobs 1 if it is killed again"
        )


def _nothing() -> None:
    """Wait, and do nothing else."""


@dataclass(eq=False)
class _Begun:
    """A task that a process was sent, and its result once that is here."""

    pipe: Connection
    result: object = None


class Crew:
    """Forked processes, each with a pipe; without any, the work is done here."""

    def __init__(self, pipes: Sequence[Connection] = ()) -> None:
        self._pipes = pipes
        self._busy: dict[Connection, _Begun] = {}
        self._meanwhile: Callable[[], None] = _nothing

    def __len__(self) -> int:
        return max(len(self._pipes), 1)

    @contextmanager
    def doing(self, meanwhile: Callable[[], None]) -> Iterator[None]:
        """Let this process do something `meanwhile`, in the block, whenever all the others have work."""
        self._meanwhile = meanwhile
        try:
            yield
        finally:
            self._meanwhile = _nothing

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Do each task, and give the results in the tasks' order; the first tasks are begun at once.

        A process is sent its next task, which is ready by then, only when it has given the result of the
        last: both ends would wait for each other, if what they send is longer than a pipe holds. So tasks
        that are begun here wait for the end of those that others began, and results for whom they are.

        Raises:
            WorkerLost: a process is gone.
        """
        if not self._pipes:
            return map(function, tasks)
        results = self._results(function, iter(tasks))
        next(results)
        return results

    def _results(self, function: Callable[[Task], Result], tasks: Iterator[Task]) -> Iterator[Result]:
        begun = deque[_Begun]()
        self._begin(function, tasks, begun)
        yield None  # type: ignore[misc]  # taken by `map`
        self._begin(function, tasks, begun)
        self._meanwhile()
        ahead = list(islice(tasks, 1))
        while begun:
            one = begun.popleft()
            if self._busy.get(one.pipe) is one:
                self._receive(one.pipe)
            if isinstance(one.result, BaseException):
                raise one.result
            if ahead and (one.pipe not in self._busy or not begun):
                begun.append(self._send(one.pipe, function, ahead.pop()))
                ahead += islice(tasks, 1)
            yield one.result  # type: ignore[misc]

    def _begin(self, function: Callable[[Task], Result], tasks: Iterator[Task], begun: deque[_Begun]) -> None:
        """Send a task to each process that has none of these."""
        for pipe in self._pipes:
            if self._busy.get(pipe) not in begun:
                begun += [self._send(pipe, function, task) for task in islice(tasks, 1)]

    def _send(self, pipe: Connection, function: Callable[[Task], Result], task: Task) -> _Begun:
        if pipe in self._busy:
            self._receive(pipe)
        try:
            pipe.send((function, task))
        except OSError:
            raise WorkerLost from None
        one = self._busy[pipe] = _Begun(pipe)
        return one

    def _receive(self, pipe: Connection) -> None:
        try:
            self._busy.pop(pipe).result = pipe.recv()
        except (EOFError, OSError):
            raise WorkerLost from None


ALONE = Crew()


@contextmanager
def crew(jobs: int) -> Iterator[Crew]:
    """Start `jobs` processes, and end them with the block; with one job there is none but this.

    They know all that is known here when they start, and are held by no lock or connection of this one.
    """
    if jobs < 2:
        yield ALONE
        return
    pipes: list[Connection] = []
    processes: list[int] = []
    try:
        for _ in range(min(jobs, MOST_JOBS)):
            ours, its = Pipe()
            pipes.append(ours)
            processes.append(_forked(its))
            its.close()
        yield Crew(pipes)
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for process in processes:
            os.waitpid(process, 0)
        for pipe in pipes:
            pipe.close()


def _forked(pipe: Connection) -> int:
    """Begin a process; a stop in this moment waits, or the new one would clean up as if it were the old."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        process = os.fork()
        if not process:
            _work(pipe)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return process


def _work(pipe: Connection) -> NoReturn:
    """Do what is sent, until whoever sends it is gone; a stop is for them alone to answer."""
    try:
        for stop in STOPS:
            signal.signal(stop, signal.SIG_IGN)
        gc.freeze()  # to look at what is shared would copy it
        # Locks and connections of the one that started it would outlive that one here.
        os.closerange(3, pipe.fileno())
        os.closerange(pipe.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        while True:
            function, task = pipe.recv()
            pipe.send(_done(function, task))
    except (EOFError, OSError):
        os._exit(0)
    finally:
        os._exit(1)


def _done(function: Callable[[Task], Result], task: Task) -> Result | BaseException:
    try:
        return function(task)
    except Exception as error:  # told where it is handled
        error.add_note(format_exc())
        error.__traceback__ = error.__cause__ = error.__context__ = None
        return error
