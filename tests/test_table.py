"""A table of rows in one test: what fails is told by its name, and nothing is passed over."""

from __future__ import annotations

from pathlib import Path

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


def test_a_table_that_tries_nothing_or_too_little_fails() -> None:
    with pytest.raises(AssertionError, match="a row gives nothing that is not asked for"):
        table("words", ["a"])(lambda text: None)
    with pytest.raises(AssertionError, match="tries nothing"):
        table("text", [])(lambda text: None)()
    with pytest.raises(AssertionError, match="row 0"):
        table(("one", "other"), [(1,)])(lambda one, other: None)()


@table("name", ["a", "b"])
def test_what_a_row_does_not_give_is_a_fixture_of_all_rows(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"][: 1 + (name == "b")]
