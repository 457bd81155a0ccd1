"""Processes that share the press's work: each has one task at a time, and all go with who began them."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
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


class Crew:
    """Forked processes, each with a pipe; without any, the work is done here."""

    def __init__(self, pipes: Sequence[Connection] = ()) -> None:
        self._pipes = pipes
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

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Generator[Result]:
        """Do each task, and yield the results in the tasks' order.

        A process is sent its next task, which is ready by then, only when it has given the result of the
        last: both ends would wait for each other, if what they send is longer than a pipe holds. Whoever
        needs no more results closes the generator, which waits for what was begun.

        Raises:
            WorkerLost: a process is gone.
        """
        if not self._pipes:
            yield from map(function, tasks)
            return
        waiting = deque[Connection]()
        of = iter(tasks)
        try:
            for pipe, task in zip(self._pipes, of, strict=False):
                _send(pipe, (function, task))
                waiting.append(pipe)
            self._meanwhile()
            ahead = list(islice(of, 1))
            while waiting:
                pipe = waiting.popleft()
                result = _receive(pipe)
                if isinstance(result, BaseException):
                    raise result
                for task in ahead:
                    _send(pipe, (function, task))
                    waiting.append(pipe)
                ahead = list(islice(of, 1))
                yield result  # type: ignore[misc]
        except (Exception, GeneratorExit):
            for pipe in waiting:  # or it would be taken for the result of another task
                _receive(pipe)
            raise


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


def _send(pipe: Connection, what: object) -> None:
    try:
        pipe.send(what)
    except OSError:
        raise WorkerLost from None


def _receive(pipe: Connection) -> object:
    try:
        return pipe.recv()
    except (EOFError, OSError):
        raise WorkerLost from None
