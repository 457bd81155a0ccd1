"""Numbers that take long to count: counted anew once a minute, or when something changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from flask import current_app

from receiver.staff.login import now

T = TypeVar("T")
KEPT = timedelta(
    minutes=1
)  # to count 200,000 messages, or 60,000 among the cards, takes as long as many pages


def counted_once(what: str, campaign: str, of: object, count: Callable[[], T]) -> tuple[datetime, T]:
    """Return when something was counted, and the numbers, which are good as long as they are `of` the same.

    Each worker counts for itself.
    """
    kept: dict[tuple[str, str], tuple[datetime, object, T]]
    kept = current_app.extensions.setdefault("candle.counted", {})
    known, moment = kept.get((what, campaign)), now()
    if known is None or known[1] != of or not known[0] <= moment < known[0] + KEPT:
        known = kept[what, campaign] = moment, of, count()
    return known[0], known[2]
