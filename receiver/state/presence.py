"""Who looks at which message now, so that two at the desk are not given the same one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from campaign.messages.message import Message

LASTS = 180.0  # seconds after the message was shown


class Presence:
    """A courtesy kept in memory; what keeps a message from being decided twice is the database."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def choose(self, messages: Iterable[Message], name: str) -> Message | None:
        """Return the first message that nobody else looks at, and hold it; else the first."""
        candidates = list(messages)
        with self._lock:
            now = self._clock()
            self._held = {key: held for key, held in self._held.items() if held[1] > now}
            free = (m for m in candidates if self._held.get(m.id, (name, 0.0))[0] == name)
            chosen = next(free, candidates[0] if candidates else None)
            if chosen is not None and self._held.get(chosen.id, (name, 0.0))[0] == name:
                self._held[chosen.id] = (name, now + LASTS)
        return chosen

    def holder(self, identifier: str) -> str | None:
        """Return who looks at a message."""
        with self._lock:
            held = self._held.get(identifier)
        return held[0] if held and held[1] > self._clock() else None

    def release(self, identifier: str) -> None:
        """Forget who looked at a message that is decided."""
        with self._lock:
            self._held.pop(identifier, None)
