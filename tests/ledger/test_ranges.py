"""Numbers as people write them, however many they are."""

from __future__ import annotations

import pytest

from campaign.ledger import ranges


@pytest.mark.parametrize(
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
