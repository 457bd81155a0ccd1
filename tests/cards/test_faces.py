"""Which texts are set in one font alone, told without setting them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from campaign.cards.fonts import faces, main_font
from campaign.cards.fonts.families import (
    CJK,
    FAMILIES,
    NASKH,
    NASTALIQ,
    SCRIPTS,
    SERIF,
    TEXT,
    Family,
    of_script,
)
from campaign.cards.fonts.main_font import Own
from campaign.cards.fonts.to_unicode import code_points, derive, stored
from tests.support.table import table

HEBREW, THAI = (next(one for one in SCRIPTS if one.key == key) for key in "hi")


@table("family", FAMILIES, ids=lambda family: family.key)
def test_the_table_beside_a_font_tells_what_its_glyphs_stand_for(family: Family) -> None:
    face = faces.face(family)
    assert stored(face).exists()
    assert code_points(face) == derive(face), "make the tables anew: python -m tools.to_unicode"


@table(
    ("family", "text", "own"),
    [
        (TEXT, "Dear Мікіта,\nwe think of you!", True),
        (TEXT, "", True),
        (TEXT, "Dear שלום", False),
        (TEXT, "e\u0301", False),  # whether the mark stands on its letter is for a closer look
        (TEXT, "a\u200bb", False),
        (SERIF, "1789", True),
        (SERIF, "Dear", False),  # Latin is set in the other one, though this has it
        (HEBREW, "שָׁלוֹם", True),
        (HEBREW, "שלום Anna", False),
        (HEBREW, "בגיל 16", True),
        (NASKH, "سنة ٢٠٢٦", True),
        (NASKH, "سنة 2026", False),  # western figures are those of all cards, in whatever text
        (NASTALIQ, "سال 2026", False),
        (THAI, "ขอให้มีความสุข", True),
        (CJK, "你好、米基塔", True),
        (CJK, "你好 Mikita", False),
    ],
)
def test_a_text_is_of_one_font_alone(family: Family, text: str, own: bool) -> None:
    assert main_font.own(family).all_of(text) is own


def test_western_figures_are_in_one_font_beside_arabic_and_latin_letters() -> None:
    for base in (NASKH, NASTALIQ):
        assert {faces.choose("7", base, before).family for before in (base, TEXT)} == {TEXT}
        assert faces.choose("٧", base, TEXT).family is base


@pytest.mark.parametrize("before", ["", "\n", "של ", "של\u2028"])
def test_a_mark_without_a_letter_is_looked_at_closer_whatever_was_seen_before(before: str) -> None:
    own = Own(HEBREW)
    assert own.all_of("שָׁ")
    assert not own.all_of(f"{before}\u05b8ש")
    assert not Own(HEBREW).all_of(f"{before}\u05b8ש")
    assert own.all_of("שָׁ")


def test_what_is_refused_once_is_refused_again_and_its_other_letters_are_not() -> None:
    own = Own(TEXT)
    assert not own.all_of("Anna ש")
    assert not own.all_of("ש")
    assert own.all_of("Anna")


def test_each_font_of_a_script_has_blocks_of_its_own() -> None:
    blocks = sorted((low, high) for family in (NASKH, *SCRIPTS) for low, high in family.blocks)
    assert all(before[1] < after[0] for before, after in pairwise(blocks))
    for family in (NASKH, *SCRIPTS):
        assert {of_script(point) for block in family.blocks for point in block} == {family}
    assert of_script(ord("a")) is of_script(0x10FFFF) is None


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("Բարև, ❤️", "hy", of_script(0x531)),
        ("Ẹ̀dá", "yo", TEXT),
        ("❤️ 💪", "hy", TEXT),
        ("𠮷 𠮷", "en", CJK),  # the font of the rare ones has no space
        ("Привет, ❤️", "hy", TEXT),
    ],
)
def test_signs_and_marks_of_other_fonts_do_not_choose_the_main_one(
    text: str, language: str, family: Family
) -> None:
    assert main_font.main_family(text, language) == (family, False)


def test_where_all_letters_are_of_the_likely_font_none_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_font, "_family_of", None)
    assert main_font.main_family("გამარჯობა, ❤️", "ka") == (of_script(0x10D0), False)
