"""Several workers on one port: processes that this one forks, starts anew when they die, and stops."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable

from campaign.errors import CandleError

MOST = 8  # one of them writes at a time
PAUSE = 0.1  # seconds before one is started anew, so that one which dies at once takes no whole core
STOP = frozenset({signal.SIGTERM, signal.SIGINT})

log = logging.getLogger("receiver")


def cores() -> int:
    """Return how many workers `auto` means: one for each core that this process may use."""
    return min(MOST, len(os.sched_getaffinity(0)))


class Workers:
    """So many forks of this process: what it has made they share, each page until one of them changes it.

    When they are forked it must have no other thread, and no open connection. It serves nobody itself, so it
    stays as it was, and so is a worker that is started anew. `work` is told which worker it is, from 0 on,
    and what to watch: that can be read once this process is gone.
    """

    def __init__(self, number: int, work: Callable[[int, int], None]) -> None:
        self._number = number
        self._work = work
        self._running: dict[int, int] = {}  # which worker it is, by process id
        self._lifeline, self._held = os.pipe()

    def run(self) -> None:
        """Keep them until a signal.

        Raises:
            CandleError: one gave up, or did not end by itself when it was told to.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, {*STOP, signal.SIGCHLD})  # they are waited for, each in turn
        missing, given_up = list(range(self._number)), False
        while not given_up:
            for number in missing:
                self._start(number)
            if signal.sigwait({*STOP, signal.SIGCHLD}) != signal.SIGCHLD:
                break
            missing, given_up = self._reap()
            time.sleep(PAUSE if missing else 0)
        if not self._stop() or given_up:
            raise CandleError("a worker gave up, or would not end; the lines of the log before this say why")

    def _start(self, number: int) -> None:
        process = os.fork()
        if process:
            self._running[process] = number
            return
        status = 1
        try:
            os.close(self._held)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})  # the server takes the others
            self._work(number, self._lifeline)
            status = 0
        except BaseException:
            log.exception("a worker failed")
        finally:
            os._exit(status)

    def _reap(self) -> tuple[list[int], bool]:
        """List the workers that have ended, and tell whether one of them gave up: others would too."""
        missing, given_up = [], False
        while ended := _ended():
            process, status = ended
            missing.append(self._running.pop(process))
            given_up = given_up or status > 0
            log.error("a worker has ended", extra={"facts": {"worker": missing[-1], "status": status}})
        return missing, given_up

    def _stop(self) -> bool:
        """Stop them; each answers first what it accepted. Tells whether all ended well."""
        for process in self._running:
            os.kill(process, signal.SIGTERM)
        statuses = [os.waitpid(process, 0)[1] for process in self._running]
        return not any(statuses)


def _ended() -> tuple[int, int] | None:
    """Take leave of a process that has ended, if there is one: its id, and its exit status or -signal."""
    try:
        process, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (process, os.waitstatus_to_exitcode(status)) if process else None
