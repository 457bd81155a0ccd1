"""Flags in words, and the text cut where they begin and end."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from campaign.text.flag import Flag, Kind
from receiver.staff.flag_kinds import DESCRIPTIONS
from receiver.staff.flag_spans import explain_flags, split_at_flags
from tests.support.table import table


def flag(kind, start, end, field="message"):
    return Flag(kind, field, start, end)


def cut(text, *flags):
    return [(piece.text, piece.kinds) for piece in split_at_flags(text, flags)]


def test_a_text_without_flags_is_one_piece():
    assert cut("Hello") == [("Hello", ())]
    assert cut("") == []


def test_a_flag_marks_its_span():
    assert cut("to a@b.c now", flag("email", 3, 8)) == [("to ", ()), ("a@b.c", ("email",)), (" now", ())]


def test_flags_may_overlap():
    found = cut("Anna Kowalska", flag("signature-surname", 0, 13), flag("surname", 5, 13))
    assert found == [("Anna ", ("signature-surname",)), ("Kowalska", ("signature-surname", "surname"))]


def test_a_flag_on_nothing_marks_its_neighbours():
    assert cut("abc", flag("removed", 1, 1)) == [("ab", ("removed",)), ("c", ())]


def test_a_flag_on_the_whole_field_marks_no_place():
    assert cut("abc", Flag("language", "message")) == [("abc", ())]
    assert [e.quote for e in explain_flags([Flag("language", "message")], {"message": "abc"})] == [""]


def test_the_gravest_is_told_first_whatever_came_first():
    kinds = ("removed", "other-name", "risky-word", "link", "postal-address", "surname")
    told = explain_flags([flag(kind, 0, 1) for kind in kinds], {"message": "a"})
    assert [item.flag.kind for item in told] == [
        "surname", "postal-address", "link", "risky-word", "other-name", "removed",
    ]  # fmt: skip
    assert [item.grave for item in told] == [True] * 4 + [False] * 2
    assert [item.to_be_read for item in told] == [True] * 5 + [False]


def test_what_surely_harms_is_marked_heavier_than_a_name():
    pieces = split_at_flags("Anna, 1 Elm St", [flag("other-name", 0, 4), flag("postal-address", 6, 14)])
    assert [piece.grave for piece in pieces] == [False, False, True]


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_no_letter_is_lost_whatever_the_spans(text, spans):
    flags = [flag("link", start, end) for start, end in spans]
    assert "".join(piece.text for piece in split_at_flags(text, flags)) == text


@table("kind", DESCRIPTIONS)
def test_every_kind_has_words(kind):
    assert explain_flags([flag(kind, 0, 1)], {"message": "a"})[0].meaning


def test_every_kind_that_is_found_is_explained():
    assert set(get_args(Kind)) <= set(DESCRIPTIONS)
