"""The language of a text, as staff are told of it."""

from __future__ import annotations

import pytest

from campaign.text.language_detection import language


@pytest.mark.parametrize(
    ("text", "code"), [("Tu n'es pas seul", "fr"), ("Ты не один", "ru"), ("Привіт, Микито!", "uk")]
)
def test_a_few_words_are_enough(text, code):
    assert language(text) == (code, True)
