"""Wrong codes of second factors: counted for each member, so that guessing stops nobody else."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

MOST_WRONG, HOUR = 10, 3600.0  # codes of one member: a guess hits once in 300,000


class WrongCodes:
    """How many wrong codes were given for each member in the last hour; in memory."""

    def __init__(self) -> None:
        self._moments: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_WRONG))
        self._lock = threading.Lock()

    def too_many(self, name: str) -> bool:
        """Tell whether no more codes are looked at for now."""
        with self._lock:
            moments = self._moments[name]
            return len(moments) == MOST_WRONG and time.monotonic() - moments[0] < HOUR

    def add(self, name: str) -> None:
        """Count one."""
        with self._lock:
            self._moments[name].append(time.monotonic())

    def forget(self, name: str) -> None:
        """Begin anew: the member has come in."""
        with self._lock:
            self._moments.pop(name, None)
