"""The language of a text, as staff are told of it."""

from __future__ import annotations

import pytest

from campaign.text.language_detection import is_read, language, stretches


@pytest.mark.parametrize(
    ("text", "code"), [("Tu n'es pas seul", "fr"), ("Ты не один", "ru"), ("Привіт, Микито!", "uk")]
)
def test_a_few_words_are_enough(text, code):
    assert language(text) == (code, True)


def test_few_words_on_a_page_that_he_reads_in_its_letters_are_read() -> None:
    few = "Свободу! Уходи!"
    assert is_read(few, ("be", "ru"), "ru")
    assert not is_read("Thank you for being strong, dear friend, in every hard hour.", ("be", "ru"), "ru")
    assert not is_read("Дякую тобі, друже, що ти є. Ми поруч і чекаємо на тебе вдома.", ("be", "ru"), "uk")


def test_many_words_of_another_language_are_none_that_he_reads_whatever_the_page() -> None:
    ukrainian = "Дякую тобі, друже, що ти є. Ми поруч і чекаємо на тебе вдома."
    assert not is_read(ukrainian, ("be", "ru"), "ru")


def test_a_character_that_is_no_text_parts_nothing() -> None:
    assert list(stretches("We are with you.\x01 Мы с тобой.")) == []
