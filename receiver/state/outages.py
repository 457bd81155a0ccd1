"""What fails again and again: told at once the first time, and then by the minute while it goes on."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from typing import Any

from campaign.storage import errors
from receiver.state.shared_tally import Facts, SharedTally

MINUTE = 60.0  # seconds

log = logging.getLogger("receiver")
Later = Callable[[float, Callable[[], None]], None]


def later(seconds: float, work: Callable[[], None]) -> None:
    """Call `work` after so many seconds, on a thread that does not keep the process alive."""
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()


def each_minute(work: Callable[[], None], later: Later = later) -> None:
    """Call `work` now, and each minute from now on."""
    try:
        work()
    finally:
        later(MINUTE, lambda: each_minute(work, later))


class Outages:
    """Write a line for the first fault of a kind, and one for all that follow within each minute.

    Somebody whose post fails tries again, so a line for each fault would tell when which of them wrote; and a
    long outage would fill the disk. Of one kind are faults of the same route and status that were raised at
    the same place, under the same name of the database for its trouble. A kind of which a whole minute saw
    none is over: the next is a first one.
    """

    def __init__(self, later: Later = later) -> None:
        self._later = later
        self._counts = SharedTally()  # of those not told yet; a kind that goes on is there with 0

    def record_failure(self, facts: dict[str, Any], ms: float, error: BaseException | None) -> None:
        """Tell of a fault or count it; it took `ms` milliseconds."""
        kind = tuple(facts.items()) + _raised(error)
        first, begins = self._counts.add(kind, first=0)
        if first:
            log.error("request", exc_info=error, extra={"facts": facts | {"ms": ms}})
        if begins:
            self._later(MINUTE, self._end_minute)

    def tell(self) -> bool:
        """Write the line, if there is anything to tell, and return whether there was; forget what is over."""
        told = self._counts.take(remember=True)
        if told:
            counted = [dict(kind) | {"number": number} for kind, number in told.items()]
            log.error("failed again in the last minute", extra={"facts": {"requests": counted}})
        return bool(told)

    def resume(self) -> None:
        """Go on with what another worker began, which has died."""
        if not self._counts.is_empty():
            self._later(MINUTE, self._end_minute)

    def _end_minute(self) -> None:
        goes_on = True
        try:
            goes_on = self.tell()
        finally:
            if goes_on:
                self._later(MINUTE, self._end_minute)


def _raised(error: BaseException | None) -> Facts:
    """Name what was raised and where, without its words."""
    if error is None:
        return ()
    kind, last = type(error), traceback.extract_tb(error.__traceback__, limit=-1)
    place = f"{last[0].filename}:{last[0].lineno}" if last else None
    code = errors.code(error)
    raised = ("error", f"{kind.__module__}.{kind.__qualname__}"), ("place", place)
    return (*raised, ("code", code)) if code else raised
