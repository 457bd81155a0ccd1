"""A day is read as people write it, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from campaign.ledger import typed_days
from tests.support.table import table


@pytest.mark.parametrize("text", ["2026-11-28", "28.11.2026", " 28. 11. 2026 "])
def test_a_day_is_understood_as_it_is_written(text):
    assert typed_days.read(text) == date(2026, 11, 28)


def test_between_dots_the_day_comes_first():
    assert typed_days.read("3.4.2026") == date(2026, 4, 3)


@table(
    "text", ["", "tomorrow", "11/28/2026", "28.11.26", "31.11.2026", "2026-02-30", "11.28.2026", "٢٨.١١.٢٠٢٦"]
)
def test_what_is_no_day_is_answered_by_example(text):
    with pytest.raises(ValueError, match=r"write a day like 2026-11-28 or 28\.11\.2026"):
        typed_days.read(text)
