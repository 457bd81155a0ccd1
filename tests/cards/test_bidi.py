"""The order of mixed lines is Unicode's, case by case."""

from itertools import groupby
from pathlib import Path

import pytest

from campaign.cards.type.bidi.levels import base_level, levels, needed, visual_order

CASES = Path("/usr/share/unicode/BidiCharacterTest.txt")


def cases():
    for number, line in enumerate(CASES.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            points, direction, base, levels, order = line.split(";")
            text = "".join(chr(int(point, 16)) for point in points.split())
            yield number, text, int(direction), int(base), levels.split(), [int(i) for i in order.split()]


@pytest.mark.slow
@pytest.mark.skipif(not CASES.exists(), reason="Debian's unicode-data is not installed")
def test_every_case_of_unicode_gives_its_levels_and_its_order():
    wrong = []
    for number, text, direction, base, expected, order in cases():
        level = base_level(text) if direction == 2 else direction
        found = levels(text, level)
        shown = [i for i in range(len(text)) if expected[i] != "x"]
        visual = [shown[k] for k in visual_order([found[i] for i in shown])]
        if level != base or [str(found[i]) for i in shown] != [expected[i] for i in shown] or visual != order:
            wrong.append(number)
    assert not wrong


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("text", "base", "seen"),
    [
        ("שלום Mikita!", 1, "!Mikita םולש"),
        ("Mikita שלום!", 0, "Mikita םולש!"),
        ("גיל 16 (five)", 1, ")five( 16 ליג"),
    ],
)
def test_a_mixed_line_is_ordered_as_it_is_read(text, base, seen):
    assert "".join(text[i] for i in visual_order(levels(text, base))) == seen


def test_levels_change_only_where_directions_do():
    found = levels("abc שלום def", 0)
    assert [level for level, _ in groupby(found)] == [0, 1, 0]
