"""Threads that read bodies: one that waits too long for its client gets its connection cut."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from receiver.state import connections
from receiver.state.connections import Client

PATIENCE = 15.0  # seconds for a body of at most 16 KiB, over the worst line
HURRY = 1.0  # seconds, while half of the threads wait for bodies
PAUSE = 0.25  # seconds between two looks

log = logging.getLogger("receiver")
Cut = Callable[[Client, int, float], int]


@dataclass
class Reading:
    """One body that is being read. `late`: its connection may have been cut, so what was read is not all."""

    client: Client
    began: float
    late: bool = False


class SlowClients:
    """Know who reads, and cut what takes too long.

    The server reads a body on the thread that works on its request, and the read cannot be given up: a
    client that sends a byte now and then, or none, would hold that thread for as long as it likes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, cut: Cut = connections.cut) -> None:
        self._clock = clock
        self._cut = cut
        self._reading: dict[int, Reading] = {}

    def begin(self, client: Client) -> Reading:
        """Note that this thread begins to read a body."""
        reading = Reading(client, self._clock())
        self._reading[threading.get_ident()] = reading
        return reading

    def end(self) -> None:
        """Note that this thread has read it."""
        self._reading.pop(threading.get_ident(), None)

    def look(self, threads: int) -> int:
        """Cut the connections of whoever reads for too long, of so many threads; returns how many."""
        reading = list(self._reading.values())
        allowed = HURRY if len(reading) * 2 >= threads else PATIENCE
        overdue = [one for one in reading if self._clock() - one.began >= allowed]
        for one in overdue:
            one.late = True
        counted = Counter(one.client for one in overdue)
        return sum(self._cut(client, number, allowed) for client, number in counted.items())

    def watch(self, threads: int) -> None:
        """Look again and again, on a thread of its own, for as long as the process lives."""
        threading.Thread(target=self._look_on, args=(threads,), name="slow clients", daemon=True).start()

    def _look_on(self, threads: int) -> None:
        while True:
            time.sleep(PAUSE)
            try:
                self.look(threads)
            except Exception:  # whatever it was, the next look may help
                log.exception("slow clients could not be cut off")
