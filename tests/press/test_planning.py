"""Planning: what goes on a batch, what waits, and what is told about the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from campaign.cards.card_words import Wording
from campaign.cards.fitting import surely_fits
from campaign.cards.type.typesetter import Typesetter
from campaign.ledger.claims import Candidate
from campaign.messages import approval
from campaign.press import planning
from campaign.press.crew import crew
from campaign.press.planning import Plan, Terms, plan
from campaign.storage import chunks
from campaign.text.likeness import likeness
from tests.conftest import APPROVAL_KEY, TODAY
from tests.support.sample_messages import MESSAGES
from tests.support.table import table

TERMS = Terms(per_card=2, per_sheet=4, max_wait_days=14, today=TODAY)


def message(order: int, text: str = "We are with you.", name: str = "Anna", days: int = 0) -> Candidate:
    signature = approval.sign([APPROVAL_KEY], f"m{order}", "mikita", text, name)
    return Candidate(order, f"m{order}", "mikita", text, name, "en", signature, TODAY - timedelta(days=days))


def messages(count: int, **changes: int) -> list[Candidate]:
    return [message(order, **changes) for order in range(1, count + 1)]


def planned(found: list[Candidate] | Iterator[Candidate], terms: Terms = TERMS, **changes: object) -> Plan:
    return plan(found, Typesetter(105, 148), replace(terms, **changes), [APPROVAL_KEY])


def test_full_sheets_go_and_the_tail_waits_for_company():
    made = planned(messages(11))
    assert [(p.card, p.position, p.message) for p in made.places] == [
        (1, 1, 1),
        (1, 2, 2),
        (2, 1, 3),
        (2, 2, 4),
        (3, 1, 5),
        (3, 2, 6),
        (4, 1, 7),
        (4, 2, 8),
    ]
    assert made.waiting == 3


def test_the_last_run_takes_every_message():
    made = planned(messages(3), final=True)
    assert [(p.card, p.position) for p in made.places] == [(1, 1), (1, 2), (2, 1)]
    assert (made.waiting, made.reason) == (0, "")


def test_nothing_ready_says_how_many_wait_and_until_when():
    made = planned(messages(3, days=5))
    assert list(made.places) == []
    assert made.reason == (
        "3 approved messages wait for company: they fill 1 card, and a sheet holds 4; "
        "the oldest came 5 days ago and goes after 14 at the latest, all now with --final"
    )


def test_no_message_at_all_is_a_reason_too():
    assert planned([]).reason == "no approved message is waiting for a card"


@pytest.mark.parametrize(("days", "placed"), [(13, 0), (14, 3), (15, 3)])
def test_a_message_that_has_waited_its_days_goes_and_takes_the_others_along(days, placed):
    assert len(planned([message(1), message(2, days=days), message(3)]).places) == placed


def test_a_message_that_waited_long_and_goes_on_a_full_sheet_hurries_nobody():
    made = planned([message(1, days=20), *messages(9)[1:]])
    assert (len(made.places), made.waiting) == (8, 1)


def test_a_message_whose_words_are_not_those_approved_is_left_out_and_named():
    changed = replace(message(2), text="Something else")
    unsigned = replace(message(3), approval=None)
    made = planned([message(1), changed, unsigned], final=True)
    assert [place.message for place in made.places] == [1]
    assert made.unsigned == ("m2", "m3")


def test_a_message_that_cannot_be_set_is_left_out_and_named_with_the_reason():
    made = planned([message(1), message(2, "\ue000"), message(3, "word " * 400)], final=True)
    assert [place.message for place in made.places] == [1]
    assert [one.message for one in made.cannot_set] == ["m2", "m3"]
    assert "U+E000" in made.cannot_set[0].why
    assert "too long for the card by" in made.cannot_set[1].why


def test_a_limit_counts_what_can_be_printed():
    found = [message(1, "\ue000"), replace(message(2), text="Changed"), *messages(9)[2:]]
    made = planned(iter(found), final=True, limit=4)
    assert [place.message for place in made.places] == [3, 4, 5, 6]
    assert made.waiting == 0


@pytest.mark.parametrize("limit", [4, 20])
def test_a_crew_plans_what_one_process_plans(monkeypatch, limit):
    monkeypatch.setattr(chunks, "CHUNK", 2)
    odd = [message(1, "\ue000"), message(9, "word " * 400), replace(message(10), text="Changed")]
    found = sorted([*messages(12)[1:8], *odd, *messages(12)[10:]], key=lambda one: one.order)
    told = []
    for processes in (1, 2, 3):
        with crew(processes) as some:
            made = plan(found, Typesetter(105, 148), replace(TERMS, limit=limit), [APPROVAL_KEY], crew=some)
            assert list(some.map(abs, [-1, -2, -3])) == [1, 2, 3]
        told.append((list(made.places), made.waiting, made.reason, made.cannot_set, made.unsigned))
    assert told[1:] == told[:1] * 2
    assert [one.message for one in told[0][3]] == (["m1"] if limit == 4 else ["m1", "m9"])
    assert told[0][4] == (() if limit == 4 else ("m10",))


def test_a_batch_that_is_as_large_as_may_be_says_so_and_what_to_do(monkeypatch):
    monkeypatch.setattr(planning, "MOST_MESSAGES", 8)
    made = planned(messages(30), limit=8)
    assert len(made.places) == 8
    assert made.reason == (
        "a batch holds at most 8 messages, and more are waiting: run it again for the next batch"
    )


def test_what_a_limit_leaves_has_company_in_the_next_batch_and_does_not_hurry():
    made = planned(messages(30, days=20), limit=11)
    assert len(made.places) == 8
    assert made.reason == (
        "this run took at most 11 messages, and more are waiting: run it again for the next batch"
    )


def test_a_limit_below_a_sheet_holds_back_no_message_that_waited_its_days():
    assert len(planned(messages(30, days=13), limit=3).places) == 0
    assert len(planned(messages(30, days=14), limit=3).places) == 3


def test_no_card_holds_one_text_twice_where_others_are_ready():
    texts = ["Hold on, Mikita!"] * 4 + [f"We are with you, number {n}." for n in range(4)]
    waiting = [message(order, text) for order, text in enumerate(texts, 1)]
    made = planned(waiting)
    on_card = {}
    for place in made.places:
        on_card.setdefault(place.card, []).append(place.message)
    assert all(len(some) == 2 and min(some) <= 4 < max(some) for some in on_card.values())
    assert list(planned(waiting).places) == list(made.places)


def test_nearly_the_same_words_are_kept_apart_as_the_same_are():
    texts = ["Hold on, Mikita!", "hold on mikita", "HOLD ON, MIKITA!", "Hold on, Mikita!!!"]
    texts += [f"We are with you, number {n}." for n in range(4)]
    waiting = [replace(message(order, text), likeness=likeness(text)) for order, text in enumerate(texts, 1)]
    cards = {}
    for place in planned(waiting).places:
        cards.setdefault(place.card, []).append(place.message)
    assert all(min(some) <= 4 < max(some) for some in cards.values())


def test_a_card_is_filled_with_as_many_messages_as_fit():
    made = planned(messages(30), per_card="fill", final=True)
    assert max(place.position for place in made.places) > 10
    assert made.waiting == 0


def test_what_has_a_card_for_itself_and_surely_fits_is_not_set_before_it_is_drawn(monkeypatch):
    found = [message(1), message(2, "Трымайся, Мікіта! 🕯️ שלום", "Алесь"), message(3, "word " * 400)]
    with monkeypatch.context() as patched:
        patched.setattr(Typesetter, "set", None)
        assert (
            len(planned([message(1), message(2, "Трымайся, Мікіта! 🕯️")], per_card=1, final=True).places) == 2
        )
    made = planned(found, per_card=1, final=True)
    assert [(p.card, p.message) for p in made.places] == [(1, 1), (2, 2)]
    assert [one.message for one in made.cannot_set] == ["m3"]


@table("script, times", list(product(MESSAGES, [1, 2, 3, 4, 6])))
def test_what_surely_fits_is_what_the_press_takes(script, times):
    language, text, name = MESSAGES[script]
    words = Wording(" ".join([text] * times), name, language)
    for alone in (False, True):
        typesetter = Typesetter(105, 148, alone=alone)
        if surely_fits(typesetter, words):
            typesetter.set(*words)
