"""A combining mark stands on its own letter, as the ink tells, or is refused by its name."""

from __future__ import annotations

import io
import unicodedata
from itertools import pairwise

import pytest
from PIL import Image

from campaign.cards.card_picture import Preview, preview
from campaign.cards.dimensions import MARGIN, SIZE
from campaign.cards.fonts import combining_marks, faces
from campaign.cards.imposition import POINTS_PER_MM
from campaign.cards.type.reading_back import read_back
from campaign.cards.type.typesetter import CannotSet, Typesetter
from tests.support.table import table

DPI = 200
CARD = Typesetter(105, 148)
SLACK = 0.2  # em of ink beyond a letter's own width: six dots, and less than half a mark
LETTERS = "aeioCTnyqbŋœæąęīўієяыьЯЇàễαωάдж1"
MARKS = "\u0301\u0315\u0328"
MORE = "\u0300\u0304\u0308\u030c\u0323\u0326\u0327\u031b\u0331\u0334\u0338"


def ink(text: str, name: str) -> tuple[float, float]:
    """Tell how far the ink of a word reaches, and that of its name beyond the margin, in em."""
    with Image.open(io.BytesIO(preview(text, name, "en").png(DPI))) as page:
        black = page.point(lambda value: 255 * (value < 128))
        middle = page.width // 2
        left = black.crop((0, 0, middle, page.height)).getbbox()
        right = black.crop((middle, 0, page.width, page.height)).getbbox()
    dots = DPI / 72
    margin = MARGIN * POINTS_PER_MM * dots
    return (left[2] - margin) / dots / SIZE, (right[2] + middle - page.width + margin) / dots / SIZE


def width(text: str) -> float:
    (row, _), *_ = CARD.set(text, "Ann").rows
    return sum(part.width for part in row.parts) / 1000


def drawn(text: str) -> bool:
    """Tell whether a text can be set, alone and in italic, and hold its ink to its width where it can."""
    upright, italic = (refused(*words) for words in ((text, "Ann"), ("Be well!", text)))
    if not upright:
        assert ink(text, "Ann")[0] <= width(text) + SLACK, f"{text}: a mark beside its letter"
    if not italic:
        assert ink("I", text)[1] <= SLACK, f"{text}: a mark beside its letter, in italic"
    assert {*upright, *italic} <= {text}
    return not upright and not italic


def refused(text: str, name: str) -> tuple[str, ...]:
    try:
        CARD.set(text, name)
    except CannotSet as refusal:
        return refusal.characters or ("",)
    return ()


@pytest.mark.slow
@table("text", ["ą́", "ę́", "є́", "я́", "C̨", "n̨", "ў́", "b́", "ь́"])
def test_a_mark_for_which_the_font_has_no_anchor_is_set_from_one_that_has(text):
    assert drawn(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", ["C̕", "(\u0301", "1\u0301"])
def test_a_mark_that_no_font_sets_in_its_place_is_refused_by_name(text):
    assert not drawn(text)
    with pytest.raises(CannotSet) as refused:
        CARD.set(f"x{text}x", "Ann")
    assert refused.value.characters == (text,)


@pytest.mark.parametrize(
    "mark",
    [*MARKS, *(pytest.param(mark, marks=pytest.mark.slow) for mark in MORE)],
    ids=lambda mark: f"U+{ord(mark):04X}",
)
def test_no_ink_stands_beside_its_letter(mark):
    words = (unicodedata.normalize("NFC", letter + mark) for letter in LETTERS[::2])
    found = [drawn(word) for word in words if len(word) > 1]  # one character is as the font has it
    assert any(found) or mark in "\u0315\u031b"


def test_the_own_font_sets_what_it_can():
    for text in ("я\u0301", "и\u0301", "q\u0301", "x\u0300", "ọ\u0300"):
        assert faces.choose(text, faces.TEXT, faces.TEXT).family is faces.TEXT


def test_marks_upon_marks_are_stacked_or_refused():
    for text in ("x\u0300\u0301", "ở\u0301", "a\u0323\u0331", "ў\u0301"):
        found = faces.choose(text, faces.TEXT, faces.TEXT)
        inks, places, _ = combining_marks._inks(found, text)
        for below, above in pairwise(places):
            assert inks[above].bottom >= inks[below].top - 80 or inks[above].top <= inks[below].bottom + 80


def _fills_a_card(first: str, last: str, language: str) -> Preview | None:
    """Set as many lines as fit between two words; None where these are refused."""
    for lines in range(24, 0, -1):
        try:
            return preview("\n".join((first, *"x" * lines, last)), "Ann", language, alone=True)
        except CannotSet as fault:
            if not fault.lines:
                return None
    raise AssertionError("nothing fits")


TOWERS = ["a\u0309", "d\u0313", "d\u034c", "क\u0301", "ب\u0670", "ب\u08fb", "ก\u0e48", "d\u1ac5"]


@table("tower", TOWERS)
def test_marks_never_tower_out_of_the_safe_zone(tower):
    """Words that do would be thanked and approved, and hold the whole batch at its proof."""
    set_ = [_fills_a_card(tower[0] + tower[1:] * n, tower[0], "en") for n in range(9)]
    assert set_[1] is not None
    assert set_[8] is None
    assert all(card.keeps_clear() for card in set_ if card)


def test_a_word_that_climbs_is_refused_whole_and_no_word_of_the_language_is():
    """In Nastaliq each letter that joins stands above the next one."""
    with pytest.raises(CannotSet) as refused:
        CARD.set("ب" * 30, "Ann", "ur")
    assert refused.value.characters == ("ب" * 30,)
    assert CARD.set("فرانسیسی فلسطینی کانگو برازاویلے", "گورنسے", "ur").lines


def test_a_soft_hyphen_alone_is_no_missing_character():
    with pytest.raises(CannotSet) as refused:
        CARD.set("भाषा:\u00ad भाषा \u0348x", "Ann", "en")
    assert refused.value.characters == ("\u0348",)


@pytest.mark.parametrize(
    "mark", ["\u0326", "\u0301", "\u05b7", "\u0bbe", "\u0e33", "\u0f71", "\u0903", "\u20dd"]
)
@pytest.mark.parametrize("text", ["{}Anna", "Be {}well", "a\n{}b", "א\u200f{}"])
def test_a_mark_without_a_letter_is_refused_by_name(mark, text):
    with pytest.raises(CannotSet) as refused:
        CARD.set(text.format(mark), "Ann", "he")
    assert refused.value.characters[0].startswith(mark)
    with pytest.raises(CannotSet):
        CARD.set("Be well", text.format(mark), "he")


@pytest.mark.parametrize("text", ["ပြည်ထောင်စုသမ္မတမြန်မာနိုင်ငံတော်သားများ" * 6, "กำลังใจ", "ຄຳ"])
def test_marks_that_begin_a_grapheme_of_their_own_are_set(text):
    assert CARD.set(text, "Ann", "my").lines


@table(
    ("text", "name"),
    [
        ("Be well!", "👩 ı̡"),  # of the italic only a space is shown
        ("👍 👍", "👍 👍"),
        ("1\ufe0f\u20e3" * 10, "1\ufe0f\u20e3" * 10),
        ("1\ufe0f\u20e3 2\ufe0f\u20e3", "1\ufe0f\u20e3 2\ufe0f\u20e3"),
        ("好 a", "好 a"),
        ("fi ffl «Th» ß ﬁ ﷺ ½ ™ ǆ", "ﬁ"),
        ("שלום (a) 1", "א\u05b0"),
    ],
)
def test_what_was_set_is_read_back_from_glyphs_as_mupdf_reads_it(text, name):
    setting = CARD.set(text, name)
    back = read_back(setting.body, setting.used)
    assert "\ufffd" not in back
    seen = preview(text, name, "en").text()
    assert sorted("".join(back.split())) == sorted("".join(seen.split()))


def test_a_font_that_is_not_in_the_file_is_no_letters():
    setting = CARD.set("好 a", "Ann")
    parts = [part for row, _ in setting.rows for part in row.parts]
    assert "\ufffd" in read_back(setting.body, parts)
