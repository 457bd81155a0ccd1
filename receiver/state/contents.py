"""The campaigns that the receiver knows, read again when an editor's file changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from campaign.content import opening_days
from campaign.content.campaign import Campaign, load_all
from campaign.content.folder_bounds import fingerprint

PAUSE = 1.0  # seconds between two looks at the files

log = logging.getLogger("receiver")


class Contents:
    """The content of one folder as last read without a fault.

    Raises at once, when made, whatever `campaign.content.load_all` raises; later faults keep what is there,
    because a form that worked must not vanish while an editor is typing.
    """

    def __init__(self, folder: Path, site_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._site_url = site_url
        self._clock = clock
        self._reloading = threading.Lock()
        self._seen = fingerprint(folder)
        self._campaigns: Mapping[str, Campaign] = load_all(folder, site_url=site_url, pictures=False)
        self._next_look = clock() + PAUSE
        self._today: dict[str, tuple[Campaign, Campaign]] = {}  # as written, and as it stands on a day

    def campaigns(self) -> Mapping[str, Campaign]:
        """Return every campaign by its slug."""
        if self._clock() >= self._next_look and self._reloading.acquire(blocking=False):
            try:
                self._next_look = self._clock() + PAUSE
                self._reload_changed()
            finally:
                self._reloading.release()
        return self._campaigns

    def get(self, slug: str) -> Campaign | None:
        """Return the campaign of that slug, if there is one."""
        return self.campaigns().get(slug)

    def today(self, slug: str) -> Campaign | None:
        """Return the campaign of that slug as it stands today."""
        written = self.get(slug)
        if written is None:
            return None
        known, found = self._today.get(slug, (None, None))
        if found is None or known is not written or found.day != opening_days.today(written.time_zone):
            found = written.on()
            self._today[slug] = written, found
        return found

    def _reload_changed(self) -> None:
        now = fingerprint(self._folder)
        if now == self._seen:
            return
        self._seen = now
        try:
            self._campaigns = load_all(self._folder, site_url=self._site_url, pictures=False)
        except Exception:  # whatever an editor wrote must not stop the form that worked
            log.exception("content has a fault and was not read again; see build.py check")
        else:
            log.info("content was read again")
