"""Which messages stand on the wall: the newest, permitted, approved as they are, and telling of nobody."""

from __future__ import annotations

from typing import get_args

import pytest

from campaign.keeping import erasure
from campaign.messages import queries, review, wall
from campaign.storage.tables import messages
from campaign.text.flag import Flag, Kind
from tests.conftest import APPROVAL_KEY, TODAY


@pytest.fixture
def approve(database, submit):
    """Store and approve a message that may stand on the wall; gives its receipt."""

    def approve(text, **changes):
        receipt = submit(database, text, **({"wall": True} | changes))
        database.write(lambda c: review.approve(c, receipt.message, "olga", [APPROVAL_KEY], TODAY))
        return receipt

    return approve


@pytest.fixture
def on_the_wall(database):
    def on_the_wall(limit=24):
        with database.read() as connection:
            return wall.newest(connection, "mikita", limit, [APPROVAL_KEY])

    return on_the_wall


def test_the_newest_come_first_and_no_more_than_asked(approve, on_the_wall):
    for text in ("Two!", "One.", "Two.", "three", "Three."):  # the same words are shown once
        approve(text)
    assert [message.text for message in on_the_wall()] == ["Three.", "Two.", "One."]
    assert len(on_the_wall(2)) == 2
    assert on_the_wall(0) == ()


def test_nothing_stands_there_without_approval_and_the_writers_permission(
    database, submit, approve, on_the_wall
):
    submit(database, "Waiting.", wall=True)
    approve("For the card alone.", wall=False)
    approve("Of another campaign.", campaign="anna")
    rejected = submit(database, "Rejected.", wall=True)
    database.write(lambda c: review.reject(c, rejected.message, "olga", "no", TODAY))
    assert on_the_wall() == ()


def test_what_may_not_stand_there_hides_nothing_that_says_the_same(approve, on_the_wall):
    approve("Hold on.")
    approve("Hold on!", flags=(Flag("first-name-words", "first_name", 0, 1),))
    assert [message.text for message in on_the_wall()] == ["Hold on."]


def test_what_is_taken_back_leaves_it(database, approve, on_the_wall):
    approve("Stays.")
    receipt = approve("Goes.")
    database.write(lambda c: erasure.withdraw(c, receipt.code, TODAY))
    assert [message.text for message in on_the_wall()] == ["Stays."]


def test_a_text_changed_since_its_approval_does_not_stand_there(database, approve, on_the_wall):
    changed = approve("As approved.")
    database.write(
        lambda c: c.execute(messages.update().where(messages.c.id == changed.message).values(text="Other."))
    )
    assert on_the_wall() == ()


def test_a_key_that_signed_nothing_shows_nothing(database, approve):
    approve("As approved.")
    with database.read() as connection:
        assert wall.newest(connection, "mikita", 24, ["another key, which signed nothing at all"]) == ()


@pytest.mark.parametrize("kind", get_args(Kind))
def test_what_tells_who_wrote_stays_on_the_card(database, approve, on_the_wall, kind):
    receipt = approve("Words.", flags=(Flag(kind, "message", 0, 1),))
    assert bool(on_the_wall()) == (kind not in wall.TELLING)
    with database.read() as connection:
        assert queries.get(connection, receipt.message).state == "approved"


@pytest.mark.parametrize(
    "words", ["Come and see me: 12 Baker Street, London.", "Yours,\na n n a   k o w a l s k a"]
)
def test_what_no_row_keeps_a_flag_of_stays_on_the_card_too(approve, on_the_wall, words):
    approve(words)
    assert on_the_wall() == ()


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Jesteśmy z tobą i myślimy o tobie każdego dnia.", "pl", "ltr"),
        ("אנחנו חושבים עליך כל יום ומחכים לך בבית עם נר דולק.", "he", "rtl"),
        ("Minecraft! מחר ננסה לשחק יחד בבית", "he", "rtl"),
        ("♥", "en", "ltr"),
    ],
)
def test_a_text_has_its_own_language_and_direction(approve, on_the_wall, text, language, direction):
    approve(text, language="en")
    (message,) = on_the_wall()
    assert (message.language, message.direction) == (language, direction)


def test_a_text_keeps_the_page_s_own_kind_of_its_language(approve, on_the_wall):
    approve("美玲，今天我聽了蕭邦的夜曲，想起了你。", language="zh-Hant")
    (message,) = on_the_wall()
    assert message.language == "zh-Hant"
