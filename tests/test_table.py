"""A table of rows in one test: what fails is told by its name, and nothing is passed over."""

from __future__ import annotations

import pytest

from tests.support.table import table


def test_each_row_that_fails_is_told_by_its_name() -> None:
    @table(("one", "other"), [(1, 1), (1, 2), (3, 3), (3, 4)], ids=["a", "b", "c", "d"])
    def over(one: int, other: int) -> None:
        assert one == other, "no pair"

    with pytest.raises(AssertionError, match=r"(?s)2 of 4 rows fail\nrow 1, b: .*no pair.*\nrow 3, d: "):
        over()


def test_what_raises_nothing_is_told_too() -> None:
    @table("text", ["7", "seven"])
    def over(text: str) -> None:
        with pytest.raises(ValueError, match="seven"):
            int(text)

    with pytest.raises(AssertionError, match=r"1 of 2 rows fail\nrow 0, '7': Failed: DID NOT RAISE"):
        over()
