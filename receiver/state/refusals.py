"""What is refused: a line of the log at the end of each hour, for no line may tell when somebody wrote."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from receiver.state.outages import Later, later
from receiver.state.shared_tally import Facts, SharedTally

HOUR = 3600

log = logging.getLogger("receiver")


class Refusals:
    """Count what is refused, and write one line at the end of each hour in which anything was."""

    def __init__(
        self,
        keep: Callable[[int], object],
        clock: Callable[[], float] = time.time,
        later: Later = later,
    ) -> None:
        self._keep = keep  # how many, for the operator, who asks for it later
        self._clock = clock
        self._later = later
        self._counts = SharedTally()

    def add(self, facts: Facts) -> None:
        """Count one more of the same kind."""
        _, first = self._counts.add(facts)
        if first:
            self._plan()

    def resume(self) -> None:
        """Go on with what another worker began, which has died."""
        if not self._counts.is_empty():
            self._plan()

    def _plan(self) -> None:
        self._later(HOUR - self._clock() % HOUR, self.write)

    def write(self) -> None:
        """Write the line, if there is anything to tell, and begin anew."""
        counts = self._counts.take()
        if counts:
            counted = [dict(facts) | {"number": number} for facts, number in counts.items()]
            log.info("refused in the last hour", extra={"facts": {"requests": counted}})
            self._keep(sum(counts.values()))
