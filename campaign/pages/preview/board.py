"""What the open browsers are told: that the pages changed, and what there is to mend."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace

from campaign.pages.preview.marking import Marked

LONGEST_WAIT = 25.0  # seconds a browser waits for news before it asks again


@dataclass(frozen=True)
class News:
    """One state: `number` grows with each, `pages` is the number at which the pages last changed.

    `looked` says that these were looked through, and the warnings are all there are.
    """

    number: int
    pages: int
    faults: tuple[Marked, ...] = ()
    warnings: tuple[Marked, ...] = ()
    looked: bool = False


class Board:
    """Where the newest state hangs. Numbered by the clock: those after a restart are later ones."""

    def __init__(self) -> None:
        first = time.time_ns() // 1_000_000
        self._news = News(first, first)
        self._changed = threading.Condition()

    @property
    def news(self) -> News:
        """The newest state."""
        return self._news

    def pages(self, faults: tuple[Marked, ...]) -> None:
        """Tell that the pages changed, and what keeps newer ones from being shown."""
        with self._changed:
            number = self._news.number + 1
            self._put(replace(self._news, number=number, pages=number, faults=faults, looked=False))

    def faults(self, faults: tuple[Marked, ...]) -> None:
        """Tell what keeps newer pages from being shown."""
        with self._changed:
            self._put(replace(self._news, number=self._news.number + 1, faults=faults))

    def warnings(self, warnings: tuple[Marked, ...]) -> None:
        """Tell what should be looked at."""
        with self._changed:
            if warnings != self._news.warnings or not self._news.looked:
                number = self._news.number + 1
                self._put(replace(self._news, number=number, warnings=warnings, looked=True))

    def after(self, seen: int) -> News:
        """Return the newest state once it is another than `seen`, or after `LONGEST_WAIT` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._news.number != seen, LONGEST_WAIT)
            return self._news

    def _put(self, news: News) -> None:
        self._news = news
        self._changed.notify_all()
