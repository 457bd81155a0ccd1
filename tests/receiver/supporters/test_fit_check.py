"""A supporter hears what no card can carry while they can still change it, and nothing is stored."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from campaign.cards.type import typesetter
from tests.receiver.conftest import JSON, token_in
from tests.support.table import table

LONG = "line\n" * 40 + "end"


@table(
    ("changes", "field", "words"),
    [
        (
            {"message": "Hold on 𓀀, Mikita!"},
            "message",
            "Your message: This character cannot be printed: “𓀀”. Please take it out.",
        ),
        (
            {"message": "𓀀 and 𓀁 and 𓀀!"},
            "message",
            "Your message: These characters cannot be printed: “𓀀” “𓀁”. Please take them out.",
        ),
        (
            {"first_name": "A𓀀nna"},
            "first_name",
            "Your first name: This character cannot be printed: “𓀀”. Please take it out.",
        ),
        (
            {"first_name": "\u0326Anna"},
            "first_name",
            "Your first name: This character cannot be printed: “◌\u0326”. Please take it out.",
        ),
        (
            {"message": LONG},
            "message",
            "Your message: This is about 14 lines too long for the card."
            " Please shorten it, or take out line breaks.",
        ),
    ],
)
def test_a_fault_of_the_field_says_what_and_how_much(supporter, changes, field, words):
    answer = supporter.send(**changes, headers=JSON | {"Origin": "https://candle.example.org"})
    assert answer.status_code == 422
    assert answer.json["errors"] == {field: [words]}
    assert supporter.count() == 0


def test_without_javascript_the_words_are_kept_and_sent_when_they_are_mended(supporter):
    page = supporter.send(token="", message="Hold on 𓀀, Mikita!")
    assert page.status_code == 422
    assert "cannot be printed: “𓀀”" in page.text
    assert "Hold on 𓀀, Mikita!</textarea>" in page.text
    review = supporter.send(token="", message="Hold on, Mikita!")
    assert (review.status_code, supporter.count()) == (200, 0)
    supporter.clock.advance(4)
    assert supporter.send(token=token_in(review), message="Hold on, Mikita!").status_code == 201
    assert supporter.count() == 1


def test_other_faults_are_told_first(supporter):
    answer = supporter.send(message="𓀀" * 500, headers=JSON | {"Origin": "https://candle.example.org"})
    assert answer.json["errors"]["message"] == [
        "Your message: This is 100 characters too long: at most 400 fit."
    ]


@table("message", ["Be well! 👍🏽 ❤️", "שלום Mikita", "Ẹ kú àárọ̀ Mikita", "W" * 400, "1\ufe0f\u20e3" * 10])
def test_what_does_not_plainly_fit_is_set_and_stored(supporter, message):
    assert supporter.send(message=message).status_code == 201


def test_a_post_is_checked_while_another_is_being_set(supporter, monkeypatch):
    inside, go_on, broken = threading.Event(), threading.Event(), typesetter.broken

    def held(text, *how, **rough):
        if text.startswith("W"):
            inside.set()
            assert go_on.wait(60)
        return broken(text, *how, **rough)

    monkeypatch.setattr(typesetter, "broken", held)
    with ThreadPoolExecutor(1) as other:
        long = other.submit(supporter.send, message="W" * 400)
        assert inside.wait(60)
        try:
            assert supporter.send(message="Hold on 𓀀, Mikita!").status_code == 422
            assert supporter.send(message="Be well! 👍🏽 ❤️").status_code == 201
        finally:
            go_on.set()
        assert long.result(timeout=60).status_code == 201
