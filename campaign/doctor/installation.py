"""What the doctor looks at: an installation's settings, and the machine that it runs on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from campaign import ROOT
from campaign.doctor import clock
from campaign.settings import LOOPBACK, Settings

LEAST_FREE = 1 << 30  # bytes: a batch with its proof, a backup, and what PostgreSQL writes anew


@dataclass(frozen=True)
class Installation:
    """One installation; `clock` tells whether something sets it, None where nobody knows."""

    settings: Settings
    config: Path
    now: datetime
    clock: Callable[[], bool | None] = clock.is_set
    fonts: Path = ROOT / "campaign" / "cards" / "fonts"
    program: tuple[Path, ...] = tuple(ROOT / part for part in ("campaign", "receiver", "site"))
    pins: Path = ROOT / "requirements.txt"
    least_free: int = LEAST_FREE
    units: Path = Path("/etc/systemd/system")
    tell: Path = Path("/usr/local/bin/candle-tell")

    @property
    def tried_out(self) -> bool:
        """Tell whether nobody but this machine can reach it, as with `build.py run`."""
        return on_loopback(self.settings)


def on_loopback(settings: Settings) -> bool:
    """Tell whether each address is one of this machine alone."""
    addresses = (*settings.site_url, settings.receiver_url, settings.staff_url or settings.receiver_url)
    return all(urlsplit(url).hostname in LOOPBACK for url in addresses)
