"""Lists are read as people indent them, and every line keeps its number."""

from hypothesis import given
from hypothesis import strategies as st

from campaign.content.markup.indentation import Line, settle
from tests.support.table import table


def settled(text: str) -> str:
    lines = (Line(number, words) for number, words in enumerate(text.split("\n"), start=1))
    return "\n".join(line.words for line in settle(lines))


@table(
    ("written", "expected"),
    [
        ("- a\n  - b\n    - c\n- d", "- a\n    - b\n        - c\n- d"),
        ("- a\n    - b\n        - c", "- a\n    - b\n        - c"),
        ("1. a\n   - b\n2. c", "1. a\n    - b\n2. c"),
        ("1. a\n  - b", "1. a\n\n- b"),
        (" * a\n * b", "* a\n* b"),
        ("1) a\n2) b", "1. a\n2. b"),
        ("- a\n\n  more\n\n- b", "- a\n\n    more\n\n- b"),
        ("- a\n  more", "- a\nmore"),
        ("- a\n\nmore", "- a\n\nmore"),
        ("- a\n\n  more\n- b", "- a\n\n    more\n\n- b"),
        ("- a\n\n  - b\n- c", "- a\n\n    - b\n\n- c"),
        ("We need:\n- a\n- b", "We need:\n\n- a\n- b"),
        ("We need:\n1. a", "We need:\n\n1. a"),
        ("It was in\n1917. Then", "It was in\n1917. Then"),
        ("One -\n- ", "One -\n- "),
        ("- a\n1. b", "- a\n\n1. b"),
        ("a\n\n- - -\n\n* * *", "a\n\n- - -\n\n* * *"),
        ("    indented", "indented"),
        ("a  \nb", "a  \nb"),
    ],
)
def test_entries_stand_where_python_markdown_looks_for_them(written: str, expected: str):
    assert settled(written) == expected


@given(st.lists(st.text("-*1.) ab", max_size=8)))
def test_no_line_is_lost_or_moved(written: list[str]):
    lines = list(settle(Line(number, words) for number, words in enumerate(written, start=1)))
    assert [line.number for line in lines if line.number] == list(range(1, len(written) + 1))
    assert all(not line.words for line in lines if not line.number)


@given(st.lists(st.text("-1. ab", max_size=8), max_size=6).map("\n".join))
def test_a_text_that_is_settled_stays_as_it_is(written: str):
    assert settled(settled(written)) == settled(written)
