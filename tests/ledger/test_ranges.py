"""Numbers as people write them, however many they are."""

from __future__ import annotations

import pytest

from campaign.ledger import ranges
from tests.support.table import table


@table(
    ("numbers", "written"),
    [
        (range(3, 4), "3"),
        (range(4, 7), "4–6"),
        (
            range(1, 1_000_000_000),
            "1–999999999",
        ),  # a slip; one by one it would fill the memory
        ([5, 3, 7, 6], "3, 5–7"),
        ((), ""),
    ],
)
def test_they_are_written_shortly(numbers, written):
    assert ranges.write(numbers) == written


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (range(2, 3), "card 2"),
        ([2, 5], "cards 2 and 5"),
        (range(3, 6), "cards 3–5"),
        ([9, 3, 5, 6, 7], "cards 3, 5–7 and 9"),
    ],
)
def test_they_are_named_as_one_says_it(numbers, told):
    assert ranges.name(numbers) == told
