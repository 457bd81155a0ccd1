"""The gravest faults, of which each start of the receiver and of `build.py run` warns: what settings show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.doctor import exposed_secrets, origins, signing_keys
from campaign.settings import Settings


def find(settings: Settings, config: Path) -> Iterator[str]:
    """Name what lets others read, forge or guess."""
    yield from exposed_secrets.find(settings, config)
    yield from origins.find(settings)
    yield from signing_keys.find_weak(settings)
