"""The queue that a reviewer goes through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from receiver.http.requested_number import requested_number

IDENTIFIER = re.compile(r"[a-z0-9]{1,32}")


def today() -> date:
    """Return the day that decisions are dated by."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Queue:
    """Which queue a reviewer goes through, and behind which message they are."""

    flood: bool = False
    aside: bool = False
    second: bool = False  # of what somebody else approved once
    after: int = 0

    @classmethod
    def requested(cls, given: Mapping[str, str]) -> Queue:
        """Read it from a query or a form.

        Raises:
            BadRequest: the place is no number.
        """
        flood, aside, second = (given.get(name) == "1" for name in ("flood", "aside", "second"))
        return cls(flood, aside, second, requested_number(given, "after", 0))

    def moved(self, after: int = 0) -> Queue:
        """Return it behind another message; without one, from the beginning."""
        return replace(self, after=after)

    @property
    def fields(self) -> dict[str, Any]:
        """Return what an address or a form holds of it."""
        held = {
            "flood": self.flood and "1",
            "aside": self.aside and "1",
            "second": self.second and "1",
            "after": self.after and str(self.after),
        }
        return {name: value for name, value in held.items() if value}
