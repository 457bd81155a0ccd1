"""Text costs what its length says: work is counted, over hostile shapes that a search makes worse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings, target
from hypothesis import strategies as st

from campaign.cards.type import shaping
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.text import flags, matching
from campaign.text.language_detection import is_read
from campaign.text.likeness import likeness
from campaign.text.normalising import Normalised, normalise, refusals
from campaign.text.other_names import find_other_names
from campaign.text.suspicions import find_suspicions
from tests.support.work import counted

LIMIT = 400
CARD = Typesetter(105, 148)
# What shapes are made of: marks of several classes, joiners, brackets, both directions, many fonts, starts of
# addresses, halves of emoji, everything that is removed.
UNITS = [
    *("a", "W", " ", "\n", "\r\n", "\t", ".", "-", "1", "(", ")", "[", "]", "«", "“", "’", "@", "://"),
    *("www.", "a.by", "a@a.by ", "+375 29 ", "vk: ", "1.1.11 ", "Anna Kowalska", "freedom", "Ivanov", "王"),
    *("й", "é", "e\u0301", "ў", "א", "ا", "ش", "क", "क्", "ক", "ம", "ก", "ក្", "မ္", "中", "カ", "가", "𓀀"),
    *("\u0345", "\u035c", "\u0315", "\u0301", "\u0316", "\u0321", "\u0338", "\u0334", "\u05b7", "\u0651"),
    *("\u3099", "\u1100", "\u1161", "\u11a8", "\u202e", "\u2066", "\u00ad", "\u034f", "\u200b", "\u200c"),
    *("\u200d", "\u200f", "\ufe0f", "\U000e0100", "\U000e0061", "\U000e007f", "🏴", "👩", "👩\u200d", "🇧"),
    *("❤", "1\ufe0f\u20e3", "\ue000"),
]  # fmt: skip
SHAPES = st.lists(st.sampled_from(UNITS), min_size=1, max_size=5).map("".join)
SIZES = (400, 1600)  # letters: four times as many must be at most about four times the work


def accept(text: str) -> Normalised:
    """Do what the form does with each of its fields."""
    found = normalise(text, limit=LIMIT)
    if not found.refused:
        refusals(found.text, LIMIT)
    return found


def flag(text: str) -> None:
    """Look for everything that staff are told, and for a surname that is as odd as the text."""
    flags.find(Normalised(text), Normalised(text[:40]), risky_words=("fre",))
    list(matching.Folded(text).spans(matching.surname(text[:80])))


def look(text: str) -> None:
    """Look for what is found only on review."""
    list(find_suspicions(text))
    find_other_names(text, ("Anna",))


def compare(text: str) -> None:
    likeness(text)
    is_read(text, ["ru", "be"])


def fit(text: str) -> None:
    """Set a text that nobody set before, as it is when it has passed the form."""
    shaping.store.forget()
    shaping.store.forget()
    found = normalise(text)
    with suppress(CannotSet):
        CARD.set("" if found.refused else found.text, "Anna", "en")


WORK: dict[Callable[[str], object], tuple[float, int]] = {
    # what a letter may cost, and what all else costs, in lines
    accept: (30, 1000),
    flag: (100, 1000),
    look: (40, 1000),
    compare: (10, 1000),
    fit: (450, 4000),
}


@pytest.fixture(scope="module", autouse=True)
def _warm():
    """Load fonts, tables and breakers: they are no text's work."""
    for function in WORK:
        function("".join(UNITS))


@pytest.mark.slow
@pytest.mark.parametrize("function", WORK, ids=lambda function: function.__name__)
@settings(
    max_examples=50,
    phases=[Phase.explicit, Phase.generate, Phase.target],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(shape=SHAPES)
@example(shape="\u3099" + "\u200b" * 6)  # looks at a row of marks again for each break hint
def test_work_grows_with_the_length_alone(function, shape):
    each, fixed = WORK[function]
    small, large = (shape * -(-size // len(shape)) for size in SIZES)  # whole: both end alike
    less, more = counted(lambda: function(small)), counted(lambda: function(large))
    target(more / len(large))
    assert more <= 6 * less + 2 * fixed
    assert more <= each * len(large) + fixed
