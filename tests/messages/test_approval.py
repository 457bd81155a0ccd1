"""Approvals: a signature over exactly the words that staff saw."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.messages.approval import sign, valid
from tests.support.table import table

OLD, NEW, OTHER = ("an old key, long enough to be one", "a new key, long enough to be one", "another key")
WORDS = ("id1", "mikita", "Трымайся, Мікіта!", "Анна")


def key_id(key: str) -> str:
    """Take the name of a key from what it signs."""
    return sign([key], *WORDS).partition(".")[0]


def test_the_first_key_signs_and_each_verifies() -> None:
    signature = sign([NEW, OLD], *WORDS)
    assert signature == sign([NEW], *WORDS)
    assert valid([NEW, OLD], signature, *WORDS)
    assert valid([OLD, NEW], signature, *WORDS)
    assert valid([NEW, OLD], sign([OLD], *WORDS), *WORDS)


def test_a_retired_key_verifies_no_more() -> None:
    assert not valid([NEW], sign([OLD], *WORDS), *WORDS)


@pytest.mark.parametrize("field", range(4))
@pytest.mark.parametrize("change", [" ", "\u200b", "а"])
def test_any_changed_field_is_not_signed(field: int, change: str) -> None:
    changed = [*WORDS]
    changed[field] += change
    assert not valid([NEW], sign([NEW], *WORDS), *changed)


@given(
    st.lists(st.text(max_size=6), min_size=4, max_size=4),
    st.lists(st.text(max_size=6), min_size=4, max_size=4),
)
@example(["i", "m", "ab", "c"], ["i", "m", "a", "bc"])  # letters that move from one to the next
def test_only_the_same_fields_are_signed(one: list[str], other: list[str]) -> None:
    assert valid([NEW], sign([NEW], *one), *other) is (one == other)


@table("signature", [None, "", ".", "x" * 500, "é", key_id(NEW) + "." + "0" * 64, "\ud800"])
def test_a_signature_that_is_none_is_not_valid(signature: str | None) -> None:
    assert not valid([NEW], signature, *WORDS)


def test_each_letter_of_a_signature_counts() -> None:
    signature = sign([NEW], *WORDS)
    for place in range(len(signature)):
        flipped = signature[:place] + ("0" if signature[place] != "0" else "1") + signature[place + 1 :]
        assert not valid([NEW], flipped, *WORDS)


def test_a_key_id_tells_keys_apart_and_not_what_they_are() -> None:
    assert len({key_id(key) for key in (OLD, NEW, OTHER)}) == 3
    assert NEW not in key_id(NEW)
