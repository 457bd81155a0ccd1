"""Letters that somebody cannot read: told by their script alone, and only where that is certain."""

import pytest

from campaign.text.letters import mostly_foreign, script_codes
from tests.support.table import table


@table(
    ("text", "foreign"),
    [
        ("We are with you, Mikita", True),
        ("שלום לך מיקיטה היקר", True),
        ("Мы з табой, Мікіта!", False),
        ("Сыграем в Minecraft вместе", False),
        ("Hi Mikita!", False),
        ("🕯️ 1234567890 1234567890", False),
    ],
)
def test_a_text_mostly_in_other_letters_is_told(text, foreign):
    assert mostly_foreign(text, ("be", "ru")) is foreign


@pytest.mark.parametrize("languages", [(), ("ja",), ("be", "ja")])
def test_nothing_is_claimed_where_the_script_is_not_certain(languages):
    assert script_codes(languages) == ()
    assert not mostly_foreign("We are with you, Mikita", languages)


def test_each_script_is_named_once():
    assert script_codes(("be", "ru", "pl")) == ("Cyrl", "Latn")
