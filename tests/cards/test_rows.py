"""What is wider than a line is cut between characters, and without shaping every beginning of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from campaign.cards.fonts import faces
from campaign.cards.type import breaking
from campaign.cards.type.rows import shaper
from campaign.cards.type.typesetter import Typesetter

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
    family, _ = faces.main_family(word, "en")
    known = shaper(family, "en", int(family.rtl))
    shaped: list[str] = []
    part = known.part
    monkeypatch.setattr(type(known), "part", lambda self, text: shaped.append(text) or part(text))
    parts = [found for piece in known.split(word) for found in _cut(piece, known)]
    letters = sum(map(len, shaped))
    assert "".join(parts) == word + " "
    assert letters <= 6 * len(word)
    for line, after in pairwise(parts):
        assert part(line).width <= MEASURE
        assert part(line + next(breaking.graphemes(after))).width > MEASURE


def _cut(piece, known):
    from campaign.cards.type import rows

    return rows._fitting(piece, known, MEASURE)
