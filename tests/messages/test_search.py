"""Finding messages: every question alone and together, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaign.keeping import erasure
from campaign.messages import review, search
from campaign.messages.search import Question
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.ledger import put_in_batch
from tests.support.table import table


@pytest.fixture
def sent(any_database, submit):
    """Four messages: one waits, one was rejected, two were approved a day apart and are on cards."""
    flags = (Flag("email", "message", 0, 4),)
    ids = {
        "waiting": submit(any_database, "Żona i córka", language="pl", flood=True).message,
        "rejected": submit(any_database, "Buy my pills", first_name="Ivan", flags=flags).message,
        "early": submit(any_database, "A candle burns").message,
        "late": submit(any_database, "Another candle").message,
    }
    any_database.write(lambda c: review.reject(c, ids["rejected"], "petr", "Spam", TODAY))
    for name, days in (("early", 1), ("late", 2)):
        on = TODAY + timedelta(days=days)
        any_database.write(lambda c, n=name, on=on: review.approve(c, ids[n], "olga", [APPROVAL_KEY], on))
    put_in_batch(any_database, [ids["early"], ids["late"]], 2, first=7)
    return ids


def found(database, ids, question, page=1, size=50):
    names = {identifier: name for name, identifier in ids.items()}
    with database.read() as connection:
        answer = search.find(connection, "mikita", question, page=page, size=size)
    return [names[message.id] for message in answer.messages], answer


@table(
    ("question", "expected"),
    [
        (Question(), ["late", "early", "rejected", "waiting"]),
        (Question(state="approved"), ["late", "early"]),
        (Question(words="CANDLE another"), ["late"]),
        (Question(words="zona corka"), ["waiting"]),
        (Question(words="ivan"), ["rejected"]),
        (Question(words="candle", state="rejected"), []),
        (Question(flag="email"), ["rejected"]),
        (Question(flag="phone"), []),
        (Question(reason="Spam"), ["rejected"]),
        (Question(other_than=("Spam",)), []),
        (Question(other_than=("Insult",)), ["rejected"]),
        (Question(reviewer="olga"), ["late", "early"]),
        (Question(language="pl"), ["waiting"]),
        (Question(flood=True), ["waiting"]),
        (Question(batch=2), ["late", "early"]),
        (Question(batch=2, card=7), ["early"]),
        (Question(card=8), ["late"]),
        (Question(batch=3), []),
        (Question(batch=10**17, card=10**17), []),
        (Question(state="approved", words="candle", reviewer="olga", card=8), ["late"]),
    ],
)  # fmt: skip
def test_what_is_asked_is_found_and_nothing_else(any_database, sent, question, expected):
    assert found(any_database, sent, question)[0] == expected


def test_the_oldest_of_those_that_wait_comes_first(any_database, sent, submit):
    sent["newer"] = submit(any_database, "Newer").message
    assert found(any_database, sent, Question(state="waiting"))[0] == ["waiting", "newer"]


@pytest.mark.parametrize("words", ["", "a"])
def test_pages_hold_everything_once_and_past_the_last_comes_the_last(any_database, sent, words):
    pages = [found(any_database, sent, Question(words=words), page, 3) for page in (1, 2, 9)]
    assert [names for names, _ in pages] == [["late", "early", "rejected"], ["waiting"], ["waiting"]]
    assert {(answer.number, answer.pages) for _, answer in pages} == {(4, 2)}
    assert pages[2][1].page == 2


def test_neither_an_erased_message_nor_one_of_another_campaign_is_found(any_database, sent, submit):
    submit(any_database, "A candle elsewhere", campaign="another")
    any_database.write(lambda c: erasure.erase(c, sent["early"], "withdrawn", TODAY))
    assert found(any_database, sent, Question(words="candle"))[0] == ["late"]
    assert found(any_database, sent, Question(batch=2))[0] == ["late"]


def test_a_sign_that_a_pattern_knows_is_only_a_sign(any_database, sent):
    assert found(any_database, sent, Question(flag="%"))[0] == []
    assert found(any_database, sent, Question(words="%"))[0] == []


@pytest.mark.parametrize("words", ["wislawe", "WISŁAWĘ", "oresund", "dakovic", "strasse", "straße"])
def test_a_letter_with_a_stroke_is_found_by_the_one_without(any_database, sent, submit, words):
    text = "Czytam Wisławę nad Øresund, z Đaković, Lange Straße."
    identifier = submit(any_database, text).message
    with any_database.read() as connection:
        answer = search.find(connection, "mikita", Question(words=words), page=1, size=9)
    assert [one.id for one in answer.messages] == [identifier]


@pytest.mark.parametrize("words", ["", "number"])
def test_what_stands_in_no_row_is_looked_for_a_part_at_a_time(any_database, submit, monkeypatch, words):
    monkeypatch.setattr(search, "LOOKED_THROUGH", 4)
    ids = [submit(any_database, f"Message number {n}").message for n in range(9)]
    looked: list[str] = []

    def look(some):
        looked.extend(one.id for one in some)
        return [one for one in some if one.id in {ids[0], ids[1], ids[3], ids[8]}]

    def parts(part, page=1):
        question = Question(state="waiting", words=words)
        with any_database.read() as connection:
            return search.look_through(connection, "mikita", question, look, part=part, page=page, size=2)

    first = parts(1)
    assert looked == ids[:4]
    assert [one.id for one in first.messages] == [ids[0], ids[1]]
    assert (first.number, first.page, first.pages, first.part, first.further) == (3, 1, 2, 1, True)
    assert [one.id for one in parts(1, page=9).messages] == [ids[3]]
    assert (parts(2).messages, parts(2).further) == ((), True)
    assert ([one.id for one in parts(3).messages], parts(3).further) == ([ids[8]], False)
    assert parts(10**17).messages == ()
