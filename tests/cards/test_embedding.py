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


def test_what_a_font_holds_is_told_with_the_parts_of_its_letters() -> None:
    with pymupdf.open("pdf", drawn("À")) as pdf:
        fonts = 0
        for xref in range(1, pdf.xref_length()):
            program, held = (pdf.xref_get_key(xref, name)[1] for name in ("FontFile2", "CIDSet"))
            if program != "null":
                font = hb.Font(hb.Face(pdf.xref_stream(int(program.split()[0]))))
                bits = pdf.xref_stream(int(held.split()[0]))
                told = {glyph for glyph in range(8 * len(bits)) if bits[glyph // 8] & 0x80 >> glyph % 8}
                drawn_by = {one for one in range(font.face.glyph_count) if font.get_glyph_extents(one).width}
                assert drawn_by <= told
                fonts += len(drawn_by) > 0
        assert fonts
