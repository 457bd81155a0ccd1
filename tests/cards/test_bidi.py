"""The order of mixed lines is Unicode's, case by case."""

import sys
from itertools import groupby
from pathlib import Path

import pytest

from campaign.cards.type.bidi.levels import base_level, levels, needed, visual_order
from campaign.text.normalising import normalise
from campaign.text.scripts import is_right_to_left
from tests.support.table import table

CASES = Path("/usr/share/unicode/BidiCharacterTest.txt")


EXPLICIT = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def cases():
    """Give Unicode's cases, without those of embeddings, overrides and isolates, which no text holds."""
    for number, line in enumerate(CASES.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            points, _, base, levels, order = line.split(";")
            text = "".join(chr(int(point, 16)) for point in points.split())
            if EXPLICIT.isdisjoint(text):
                yield number, text, int(base), levels.split(), [int(i) for i in order.split()]


@pytest.mark.slow
@pytest.mark.skipif(not CASES.exists(), reason="Debian's unicode-data is not installed")
def test_every_case_of_unicode_gives_its_levels_and_its_order():
    wrong = []
    for number, text, base, expected, order in cases():
        found = levels(text, base)
        shown = [i for i in range(len(text)) if expected[i] != "x"]
        visual = [shown[k] for k in visual_order([found[i] for i in shown])]
        if [str(found[i]) for i in shown] != [expected[i] for i in shown] or visual != order:
            wrong.append(number)
    assert not wrong


def test_no_text_holds_what_embeds_overrides_or_isolates():
    assert normalise("".join(["שלום ", *EXPLICIT, "Mikita"])).text == "שלום Mikita"


@table(
    ("text", "right_to_left"),
    [
        ("Дарагі Мікіта", False),
        ("שלום", True),
        ("سلام", True),
        ("a\u200fb", True),
        ("你好", False),
        ("", False),
    ],
)
def test_only_text_with_right_to_left_letters_needs_the_algorithm(text, right_to_left):
    assert needed(text) == right_to_left


def test_a_letter_needs_it_where_unicode_has_it_run_from_right_to_left():
    letters = filter(str.isalpha, map(chr, range(sys.maxunicode + 1)))
    assert not [letter for letter in letters if needed(letter) != is_right_to_left(letter)]


@table(
    ("text", "base"),
    [
        ("Minecraft هي لعبتي المفضّلة أيضًا! أنتظرك (قريبًا) لنلعب معًا، يا ميكيتا.", 1),
        ("KGB وFSB לא יעזרו", 1),
        ("נוער של Minecraft", 1),
        ("«Rammstein» گروه خوبی است", 1),
        ("سلام means peace, and we wish you some of it", 0),
        ("Dear Mikita, שלום", 0),
        ("Hello ميكيتا", 0),
        ("ميكيتا, hello", 1),
        ("123 ١٢٣ \u200f(!)", 0),
        ("16 שנים!", 1),
        ("🕯️ مع المحبة", 1),
        ("Дарагі Мікіта", 0),
        ("", 0),
    ],
)
def test_what_most_words_begin_with_decides_how_a_text_runs(text, base):
    assert base_level(text) == base


@table(
    ("text", "base", "seen"),
    [
        ("שלום Mikita!", 1, "!Mikita םולש"),
        ("Mikita שלום!", 0, "Mikita םולש!"),
        ("גיל 16 (five)", 1, ")five( 16 ליג"),
        ("see می\u200cخواهم now", 0, "see مهاوخ\u200cیم now"),
        ("سلام क्\u200dष", 1, "क्\u200dष مالس"),
        ("שלום 👨\u200d👩 Ann", 1, "Ann 👩\u200d👨 םולש"),
        ("שלום Ann 👨\u200d👩 Bob", 1, "Ann 👨\u200d👩 Bob םולש"),
    ],
)
def test_a_mixed_line_is_ordered_as_it_is_read(text, base, seen):
    assert "".join(text[i] for i in visual_order(levels(text, base))) == seen


def test_levels_change_only_where_directions_do():
    found = levels("abc שלום def", 0)
    assert [level for level, _ in groupby(found)] == [0, 1, 0]
