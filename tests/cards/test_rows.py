"""What is wider than a line is cut between characters, and without shaping every beginning of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from campaign.cards.fonts import main_font
from campaign.cards.type import breaking
from campaign.cards.type.rows import shaper
from campaign.cards.type.typesetter import CannotSet, Typesetter
from tests.support.table import table

MEASURE = Typesetter(105, 148).measure
ENDLESS = {
    "one letter": "i" * 400,
    "narrow, then wide": "i" * 200 + "W" * 200,
    "Arabic": "والسلامعليكم" * 30,
    "Hindi": "क्षत्रियविद्या" * 20,
    "accents": "a\u0301\u0323" * 200,
}


@pytest.mark.parametrize("word", ENDLESS.values(), ids=list(ENDLESS))
def test_an_endless_word_fills_its_lines_and_is_shaped_a_few_times_a_line(word, monkeypatch):
    family, _ = main_font.main_family(word, "en")
    known = shaper(family, "en", int(family.rtl))
    shaped: list[str] = []
    width = known.width
    monkeypatch.setattr(type(known), "width", lambda self, text: shaped.append(text) or width(text))
    parts = [found for piece in known.split(word) for found in _cut(piece, known)]
    letters = sum(map(len, shaped))
    assert "".join(parts).replace(breaking.SOFT_HYPHEN, "") == word + " "
    assert letters <= 6 * len(word)
    for line, after in pairwise(parts):
        assert known.part(line).width <= MEASURE
        more = line.removesuffix(breaking.SOFT_HYPHEN) + next(breaking.graphemes(after))
        hyphen = known.hyphen if breaking.SOFT_HYPHEN in line else 0
        assert known.part(more).width + hyphen > MEASURE or len(list(breaking.graphemes(after))) <= 4


def _cut(piece, known):
    from campaign.cards.type import rows

    return rows._fitting(piece, known, MEASURE)


@table("word", [*ENDLESS.values(), "W中👍🏽a\u0301"], ids=[*ENDLESS, "several fonts"])
def test_a_width_is_measured_without_writing(word):
    for language in ("en", "ar", "hi"):
        known = shaper(main_font.main_family(word, language)[0], language)
        assert known.width(word) == known.part(word).width


def test_a_character_wider_than_a_line_is_refused():
    with pytest.raises(CannotSet, match="wider than a line"):
        Typesetter(105, 148).set("क्" * 200, "Ann")


def test_an_endless_word_beside_a_figure_is_cut_as_its_letters_join():
    assert Typesetter(105, 148).set("10 " + "پیارےےے" * 12, "Ann", "ur").lines
