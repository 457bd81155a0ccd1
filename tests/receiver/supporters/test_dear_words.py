"""Words that may take long to set wait for their like, and hold nothing that other posts wait for."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from campaign.cards.type import shaping
from campaign.cards.type.typesetter import Typesetter
from campaign.storage.database import NotStored
from receiver.state import request_slots
from receiver.state.request_slots import AT_ONCE, BESIDE_DEAR_WORK
from receiver.supporters import answers, fit_check
from tests.receiver.conftest import JSON
from tests.support.lanes import first
from tests.support.sample_messages import MESSAGES
from tests.support.table import table
from tests.support.work import counted
from tests.text.test_work import UNITS

DEAR = "ў\u035cक्" * 200  # what a search found
ORDINARY = "A candle burns in our window for you. We are with you."
CARD = {"card": "y"}  # as the page's script asks
MOST = 13  # ordinary posts, in lines run, that one may cost which holds a slot: a row of keycaps takes twelve


@pytest.fixture
def held(app, supporter, monkeypatch):
    """Let dear words stand in the middle of being set: which, whether a slot is held, and what ends it."""
    seen, go_on, plain = list[tuple[str, bool]](), threading.Event(), Typesetter.set

    def slowly(setter, text, *more):
        if text.startswith("ў"):
            seen.append((text, app.extensions["candle"].request_slots._is_held()))
            assert go_on.wait(60)
        return plain(setter, text, *more)

    monkeypatch.setattr(Typesetter, "set", slowly)
    return seen, go_on


@contextmanager
def several(supporter, number):
    """Send so many dear posts at once, each on a thread of its own; gives what they will answer."""
    tokens = [supporter.token() for _ in range(number)]
    supporter.clock.advance(4)
    with ThreadPoolExecutor(number) as pool:
        yield [pool.submit(post, supporter, token) for token in tokens]


def post(supporter, token):
    return supporter.send(token, message=DEAR, headers=JSON, **CARD)


def until(condition):
    deadline = threading.Event()
    for _ in range(600):
        if condition():
            return
        deadline.wait(0.1)
    raise AssertionError("it did not happen")


def test_while_dear_words_are_set_no_slot_is_held_and_others_are_stored(app, supporter, held):
    seen, go_on = held
    slots = app.extensions["candle"].request_slots
    with several(supporter, AT_ONCE + 2) as dear:
        until(lambda: seen and slots._free == AT_ONCE)
        assert supporter.send(message=ORDINARY, headers=JSON, **CARD).status_code == 201
        assert supporter.send(message="Be well! 👍🏽 ❤️", headers=JSON, **CARD).status_code == 201
        assert [(text, slot) for text, slot in seen] == [(DEAR, False)]  # one at a time
        go_on.set()
        assert [answer.result(60).status_code for answer in dear] == [201] * len(dear)


def test_dear_words_give_way_between_their_pieces_for_half_a_second_in_all(app, supporter, monkeypatch):
    """A slot is held by somebody else throughout: they wait again and again, and are set all the same."""
    moments = []
    monkeypatch.setattr(request_slots, "time", SimpleNamespace(sleep=moments.append))
    supporter.send(message=ORDINARY)
    assert moments == []
    slots = app.extensions["candle"].request_slots
    holder, go_on, holds = ThreadPoolExecutor(1), threading.Event(), threading.Event()
    holder.submit(lambda: (slots.acquire(), holds.set(), go_on.wait(60), slots.release()))
    assert holds.wait(60)
    try:
        assert supporter.send(message=DEAR).status_code == 201
    finally:
        go_on.set()
        holder.shutdown()
    assert len(moments) == request_slots.MOST_MOMENTS
    moments.clear()
    assert supporter.send(message=f"{DEAR} ").status_code == 201
    assert moments == []


def test_while_the_database_pauses_dear_words_wait_there_and_keep_no_turn(app, supporter, monkeypatch):
    database, go_on = app.extensions["candle"].database, threading.Event()
    waiting = list[int]()
    monkeypatch.setattr(database, "before_waiting", lambda: (waiting.append(1), go_on.wait(60)))
    with several(supporter, 4) as dear:
        try:
            until(lambda: len(waiting) == 4 or any(answer.done() for answer in dear))
            assert len(waiting) == 4
        finally:
            go_on.set()
        assert [answer.result(60).status_code for answer in dear] == [201] * 4


@pytest.mark.parametrize(("took", "rest"), [(0.03, 0.03), (7.0, fit_check.LONGEST_REST)])
def test_the_turn_rests_as_long_as_dear_words_took(app, supporter, monkeypatch, took, rest):
    clock, rests = iter([1.0, 1.0 + took]), []

    def sleep(seconds):
        rests.append((round(seconds, 6), fit_check._dear._part(1)._mine.locked()))

    monkeypatch.setattr(fit_check, "time", SimpleNamespace(thread_time=lambda: next(clock), sleep=sleep))
    supporter.send(message=ORDINARY)
    assert rests == []
    assert supporter.send(message=DEAR).status_code == 201
    assert rests == [(rest, True)]


def test_only_while_dear_words_are_set_does_a_thread_hear_often_that_others_wait(supporter, monkeypatch):
    seen, plain = [], Typesetter.set
    noted = lambda *words: (seen.append(sys.getswitchinterval()), plain(*words))[1]  # noqa: E731
    monkeypatch.setattr(Typesetter, "set", noted)
    rest = lambda _seconds: seen.append(sys.getswitchinterval())  # noqa: E731
    monkeypatch.setattr(fit_check, "time", SimpleNamespace(thread_time=time.thread_time, sleep=rest))
    usual = sys.getswitchinterval()
    assert supporter.send(message=DEAR, headers=JSON).status_code == 201
    assert seen == pytest.approx([BESIDE_DEAR_WORK, usual])
    seen.clear()
    assert supporter.send(message=ORDINARY, headers=JSON, **CARD).status_code == 201
    assert seen == pytest.approx([usual])
    assert usual > BESIDE_DEAR_WORK


def fail_to_store():
    raise NotStored("the disk is full")


@pytest.mark.parametrize("failing", ["used", "not stored"])
def test_the_card_of_what_was_not_stored_was_drawn_before_the_disk_was_waited_for(
    app, supporter, monkeypatch, failing
):
    database, token, done = app.extensions["candle"].database, supporter.token(), list[str]()
    plain = answers.draw_card
    monkeypatch.setattr(answers, "draw_card", lambda form: (done.append("drawn"), plain(form))[1])
    supporter.send(token)
    monkeypatch.setattr(database, "before_waiting", lambda: done.append("waits"))
    if failing == "not stored":
        monkeypatch.setattr(database, "write_together", lambda *_: (done.append("waits"), fail_to_store()))
    done.clear()
    page = supporter.send(token, message=DEAR)
    assert (page.status_code, done) == ({"used": 409, "not stored": 503}[failing], ["drawn", "waits"])
    assert '<use href="#s' in page.text


def test_of_too_many_dear_words_some_come_back_whole_and_unread(supporter, held, monkeypatch):
    monkeypatch.setattr(fit_check, "_dear", fit_check.Turns(1, 2))
    monkeypatch.setattr(fit_check.networks, "current", secrets.token_hex)
    seen, go_on = held
    with several(supporter, 5) as dear:
        until(lambda: seen and sum(answer.done() for answer in dear) == 2)
        refused = [answer.result() for answer in dear if answer.done()]
        assert [(answer.status_code, answer.json["state"]) for answer in refused] == [(503, "not stored")] * 2
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
        page = supporter.send(message=DEAR)
        assert (page.status_code, f"{DEAR}</textarea>" in page.text) == (503, True)
        go_on.set()
        assert sorted(answer.result(60).status_code for answer in dear) == [201] * 3 + [503] * 2


def test_a_network_that_sends_nothing_else_takes_a_quarter_of_the_places(supporter, held, monkeypatch):
    """Two to four of them kept everybody out who wrote more than 400 letters, or in Chinese."""
    monkeypatch.setattr(fit_check, "_dear", fit_check.Turns(1, 8))
    seen, go_on = held
    with several(supporter, 8) as dear:
        until(lambda: seen and sum(answer.done() for answer in dear) == 5)
        monkeypatch.setattr(fit_check.networks, "current", lambda: "another")
        with several(supporter, 1) as (other,):
            until(lambda: other.done() or len(fit_check._dear._waiting) == 3)
            go_on.set()
            assert other.result(60).status_code == 201
        assert sorted(answer.result(60).status_code for answer in dear) == [201] * 3 + [503] * 5


@table("script", ["English", "Belarusian", "Hindi", "Chinese", "Arabic"])
def test_ordinary_words_of_any_language_are_no_dear_ones(supporter, monkeypatch, script):
    monkeypatch.setattr(fit_check, "_dear", None)
    _, text, first_name = MESSAGES[script]
    answer = supporter.send(message=text[:150], first_name=first_name, headers=JSON, **CARD)
    assert answer.status_code == 201


@table("sign", ["❤️", "👍🏽", "1\ufe0f\u20e3", "가"])
def test_a_few_signs_of_another_font_make_long_words_no_dear_ones(supporter, monkeypatch, sign):
    monkeypatch.setattr(fit_check, "_dear", None)
    text = "Мікіта, мы думаем пра цябе! " * 12 + 3 * sign
    assert fit_check.LONG < len(text) <= fit_check.LONG_OF_ONE_FONT
    assert supporter.send(message=text, headers=JSON, **CARD).status_code == 201


@pytest.mark.parametrize("first", ["가", "一"])
def test_words_of_many_different_letters_are_dear_ones(app, supporter, monkeypatch, first):
    """One post of them, each drawn for the first time, took as long as twenty others."""
    held = []
    letters = "".join(map(chr, range(ord(first), ord(first) + fit_check.MOST_DIFFERENT)))
    slots = app.extensions["candle"].request_slots
    plain = answers.draw_card
    monkeypatch.setattr(answers, "draw_card", lambda form: (held.append(slots._is_held()), plain(form))[1])
    assert supporter.send(message=letters, headers=JSON, **CARD).status_code == 201
    assert held == [False]


def costly(supporter, text):
    """Count what a post takes whose words nobody sent before."""

    def once():
        shaping.store.forget()
        shaping.store.forget()
        supporter.send("", message=text)

    once()
    return counted(once)


@pytest.mark.parametrize("units", first(1, [UNITS[:2], UNITS[2:]]), ids=["two kinds", "all others"])
def test_what_holds_a_slot_costs_few_ordinary_posts(supporter, monkeypatch, units):
    """The longest words of a kind that are no dear ones, drawn on a review page."""
    monkeypatch.setattr(fit_check, "_dear", None)  # a dear one would be a fault of this test's
    ordinary = costly(supporter, ORDINARY)
    longest = {unit: (unit * 400)[: fit_check.LONG - len("Anna")] for unit in units}
    dear = {unit: costly(supporter, words) / ordinary for unit, words in longest.items()}
    assert {unit: round(cost, 1) for unit, cost in dear.items() if cost > MOST} == {}
