"""The time of a command."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, aware and UTC."""
    return datetime.now(UTC)
