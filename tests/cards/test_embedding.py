"""Fonts cut down to what is shown: each glyph looks as in the whole font, and costs what it weighs."""

from __future__ import annotations

from io import BytesIO

import pymupdf
import uharfbuzz as hb

from campaign.cards.draw import Card, draw_back
from campaign.cards.type import embedding
from campaign.cards.type.typesetter import Typesetter

CARD = Typesetter(105, 148)
SIGNS = "一丨口回亲爱的米基塔，你并不孤单。「がんばって」ください。사랑하는 미키타"


def drawn(text: str) -> bytes:
    out = BytesIO()
    draw_back(out, Card([CARD.set(text, "小明", "zh")], 1), CARD)
    return out.getvalue()


def pixels(file: bytes) -> bytes:
    with pymupdf.open("pdf", file) as pdf:
        return bytes(pdf[0].get_pixmap(dpi=200).samples)


def test_an_outline_of_chinese_is_found_by_its_number_in_the_whole_font(monkeypatch) -> None:
    numbered = pixels(drawn(SIGNS))
    monkeypatch.setattr(embedding, "_IN_ORDER", hb.SubsetFlags.RETAIN_GIDS | embedding._IN_ORDER)
    monkeypatch.setattr(embedding, "_numbered", lambda program, _: program)
    assert pixels(drawn(SIGNS)) == numbered
    monkeypatch.undo()
    monkeypatch.setattr(embedding, "_numbered", lambda program, _: program)
    assert pixels(drawn(SIGNS)) != numbered


def test_one_sign_of_chinese_does_not_bring_a_place_for_each_of_its_font() -> None:
    assert len(drawn("好")) < 20_000
