"""The same text not twice on one card, where others are ready, and at no cost."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.cards.packing import GAP, WINDOW, PerCard, pack
from campaign.cards.same_words import keep_apart

CAPACITY = 62
messages = st.lists(st.tuples(st.integers(2, 20), st.integers(0, 12)), max_size=200)
kinds = st.one_of(st.just("fill"), st.integers(1, 6))


def apart(heights: list[int], texts: list[int], per_card: PerCard = "fill") -> list[tuple[int, ...]]:
    return [
        card.messages
        for card in keep_apart(pack(heights, CAPACITY, per_card), heights, texts, CAPACITY, per_card)
    ]


def repeated(cards: list[tuple[int, ...]], texts: list[int]) -> int:
    return sum(len(card) - len({texts[one] for one in card}) for card in cards)


# The oldest of a card comes onto an earlier one, and must not go on from there to a later.
@example([(2, text) for text in (0, 1, 1, 1, 0, 2, 2, 2)], 2)
@given(messages, kinds)
def test_it_costs_no_card_and_loses_nobody(found: list[tuple[int, int]], per_card: PerCard) -> None:
    heights, texts = [one for one, _ in found], [text for _, text in found]
    before = pack(heights, CAPACITY, per_card)
    after = keep_apart(before, heights, texts, CAPACITY, per_card)
    assert sorted(one for card in after for one in card.messages) == list(range(len(heights)))
    assert [(len(card.messages), card.full) for card in before] == [
        (len(card.messages), card.full) for card in after
    ]
    goes_on = {one: number for number, card in enumerate(after) for one in card.messages}
    for number, (card, was) in enumerate(zip(after, before, strict=True)):
        assert sum(heights[one] + GAP for one in card.messages) <= CAPACITY + GAP
        assert list(card.messages) == sorted(card.messages)
        assert goes_on[was.messages[0]] <= number, "nobody waits longer who was the oldest"
    assert repeated([card.messages for card in after], texts) <= repeated(
        [card.messages for card in before], texts
    )


@given(messages, kinds)
def test_nobody_moves_past_more_than_the_window(found: list[tuple[int, int]], per_card: PerCard) -> None:
    heights, texts = [one for one, _ in found], [text for _, text in found]
    before = pack(heights, CAPACITY, per_card)
    opened = {one: card.messages[0] for card in before for one in card.messages}
    for card in keep_apart(before, heights, texts, CAPACITY, per_card):
        for one in card.messages:
            assert abs(card.messages[0] - opened[one]) <= 2 * WINDOW


def test_a_suggestion_that_many_send_one_after_the_other_stands_on_no_card_twice() -> None:
    heights = [4 + 2 * (number % 3) for number in range(300)]
    few = [number if number % 40 > 2 else 1 for number in range(300)]
    assert repeated([card.messages for card in pack(heights, CAPACITY)], few) > 0
    assert repeated(apart(heights, few), few) == 0


def test_where_all_are_the_same_they_stand_together() -> None:
    heights = [4] * 40
    assert apart(heights, [1] * 40) == [card.messages for card in pack(heights, CAPACITY)]


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [1, 2, 1000])
def test_a_batch_as_large_as_may_be_takes_no_time_to_speak_of(kinds: int) -> None:
    heights = [4 + 2 * (number % 7) for number in range(30_000)]
    cards, texts = pack(heights, CAPACITY), [number % kinds for number in range(30_000)]
    began = time.process_time()
    keep_apart(cards, heights, texts, CAPACITY, "fill")
    assert time.process_time() - began < 3
