"""Words to tick: pieces of a text that lie in it in order, and what a form says of them."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from campaign.text.flag import Flag
from receiver.staff.word_choice import choose_words, ticked_spans
from tests.support.table import table


@table(
    ("text", "pieces"),
    [
        ("Hold on, Mikita!", ["Hold", "on", "Mikita"]),
        ("(a@b.org)\n❤️", ["a@b.org", "❤️"]),
        ("шчы\u0301рыя", ["шчы\u0301рыя"]),
        ("你好。", ["你", "好"]),
        ("น้ำ", ["น้", "ำ"]),
        ("", []),
    ],
)
def test_a_text_comes_in_words_and_the_signs_around_them(text: str, pieces: list[str]) -> None:
    assert [choice.text for choice in choose_words("message", text, None)] == pieces


def test_what_is_asked_for_is_ticked_and_nothing_else() -> None:
    choices = choose_words("message", "foremost example", (4, 11))
    assert [(choice.text, choice.ticked) for choice in choices] == [
        ("fore", False), ("most", True), ("ex", True), ("ample", False),
    ]  # fmt: skip


def worded(text: str) -> str:
    return "".join(sign for sign in "".join(text.split()) if unicodedata.category(sign)[0] != "P")


@given(st.text(max_size=60), st.tuples(st.integers(0, 70), st.integers(0, 70)))
def test_the_pieces_are_all_of_the_text_but_spaces_and_punctuation(text: str, asked: tuple[int, int]) -> None:
    choices = choose_words("message", text, asked)
    left = "".join(choice.text for choice in choices)
    assert worded(left) == worded(text)
    assert all(text[choice.start : choice.end] == choice.text != "" for choice in choices)
    form = {choice.name: "y" for choice in choices} | {"why": "x", "message:1": "y", "other:1:2": "y"}
    assert ticked_spans(form) == [Flag("removed", "message", one.start, one.end) for one in choices]
