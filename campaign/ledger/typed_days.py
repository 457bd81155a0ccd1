"""A day as people write it: `2026-11-28`, or day first as `28.11.2026`."""

from __future__ import annotations

import re
from datetime import date

YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
# 11/28/2026 may be read in two ways, and is refused; between dots the day comes first everywhere.
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})", re.ASCII)


def read(text: str) -> date:
    """Read one day.

    Raises:
        ValueError: it is none; the words say how to write it.
    """
    written = YEAR_FIRST.fullmatch(text.strip()) or DAY_FIRST.fullmatch(text.strip())
    try:
        if written:
            return date(int(written["year"]), int(written["month"]), int(written["day"]))
    except ValueError:
        pass
    raise ValueError(f"{text!r}: write a day like 2026-11-28 or 28.11.2026")
