"""Whether two texts are nearly the same, as messages are that come into one group."""

from __future__ import annotations

import hashlib

from campaign.text.matching import fold


def likeness(text: str) -> str:
    """Return what two texts share that differ only in case, accents, spaces and signs."""
    folded = "ı".join(map(fold, text.split("ı")))  # kept: databases hold what came of it
    letters = "".join(filter(str.isalnum, folded))
    return hashlib.sha256((letters or text).encode()).hexdigest()[:32]
