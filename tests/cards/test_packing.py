"""Packing: nobody lost, nobody starved, hardly any paper wasted."""

from __future__ import annotations

import random
import tracemalloc
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.cards.packing import GAP, WINDOW, Packing, pack, whole_sheets
from tests.support.packing import lower_bound

CAPACITY = 62  # an A6 card at 9.5/12 pt

few_heights = st.lists(st.integers(2, 20), min_size=1, max_size=9)
many_heights = st.lists(st.integers(2, CAPACITY), max_size=300)


def written(count: int, typical: int, spread: float, seed: int = 7) -> list[int]:
    """Heights as people write: many short ones, a long tail, cut off at the form's limit of 400."""
    dice = random.Random(seed)
    lengths = (min(400, max(8, round(dice.lognormvariate(0, spread) * typical))) for _ in range(count))
    return [2 * (-(-length // 52) + (length % 52 > 38 or length % 52 == 0)) for length in lengths]


def fewest_cards(heights: list[int], capacity: int) -> int:
    """Count the cards of the best packing there is, by trying every one."""

    @cache
    def fewest(left: tuple[int, ...]) -> int:
        if not left:
            return 0
        first, rest = left[0], left[1:]
        best = len(left)
        for size in range(len(rest) + 1):
            for chosen in combinations(range(len(rest)), size):
                if first + GAP + sum(rest[i] + GAP for i in chosen) <= capacity + GAP:
                    best = min(best, 1 + fewest(tuple(h for i, h in enumerate(rest) if i not in chosen)))
        return best

    return fewest(tuple(sorted(heights)))


@given(many_heights, st.one_of(st.just("fill"), st.integers(1, 6)))
def test_every_message_is_on_one_card_and_every_card_holds_its_messages(heights, per_card):
    cards = pack(heights, CAPACITY, per_card)
    assert sorted(i for card in cards for i in card.messages) == list(range(len(heights)))
    for card in cards:
        assert sum(heights[i] + GAP for i in card.messages) <= CAPACITY + GAP
        assert per_card == "fill" or len(card.messages) <= per_card


@given(many_heights, st.one_of(st.just("fill"), st.integers(1, 6)))
def test_the_oldest_message_left_always_opens_the_next_card(heights, per_card):
    left = set(range(len(heights)))
    for card in pack(heights, CAPACITY, per_card):
        assert card.messages[0] == min(left)
        left -= set(card.messages)


@given(many_heights)
def test_nobody_is_overtaken_by_more_than_the_window(heights):
    left = list(range(len(heights)))
    for card in pack(heights, CAPACITY):
        assert max(left.index(i) for i in card.messages) <= WINDOW
        left = [i for i in left if i not in card.messages]


@given(few_heights)
def test_a_card_is_filled_as_full_as_any_choice_could(heights):
    first = next(iter(pack(heights, 24)))
    filled = sum(heights[i] + GAP for i in first.messages[1:])
    room = 24 - heights[0]
    possible = (
        sum(h + GAP for h in chosen) for n in range(len(heights)) for chosen in combinations(heights[1:], n)
    )
    assert filled == max(total for total in possible if total <= room)


@settings(max_examples=60)
@given(few_heights)
def test_the_bound_is_a_bound_and_small_packings_are_within_a_card_of_the_best(heights):
    best = fewest_cards(heights, 24)
    assert lower_bound(heights, 24) <= best <= len(pack(heights, 24)) <= best + 1


@pytest.mark.parametrize("capacity", [38, CAPACITY])
@pytest.mark.parametrize(("typical", "spread"), [(40, 0.5), (110, 0.7), (240, 0.6)])
def test_a_packing_wastes_at_most_one_card_in_a_hundred(typical, spread, capacity):
    heights = written(12_000, typical, spread)
    assert len(pack(heights, capacity)) <= 1.01 * lower_bound(heights, capacity)


@pytest.mark.parametrize(("capacity", "fewest"), [(38, 5405), (CAPACITY, 3088)])
def test_where_most_messages_are_as_long_as_allowed_little_more_than_the_fewest_cards_are_used(
    capacity, fewest
):
    # No packing reaches L2 here; `fewest` is the linear relaxation over all ways to fill a card (Gilmore
    # and Gomory, 1961), solved once by column generation.
    assert len(pack(written(12_000, 380, 0.3), capacity)) <= 1.015 * fewest


@pytest.mark.parametrize("per_card", [1, 2, 4])
def test_a_number_of_messages_a_card_is_kept_where_they_fit(per_card):
    cards = pack([4] * 12, CAPACITY, per_card)
    assert [len(card.messages) for card in cards] == [per_card] * (12 // per_card)
    assert all(card.full for card in cards)


def test_long_messages_share_a_card_with_short_ones_when_a_number_is_asked():
    cards = pack([40, 40, 18, 18], CAPACITY, 2)
    assert [card.messages for card in cards] == [(0, 2), (1, 3)]


def test_a_card_that_a_short_message_could_still_join_is_not_full():
    assert [card.full for card in pack([30, 20], CAPACITY)] == [False]
    assert [card.full for card in pack([30, 29], CAPACITY)] == [True]
    assert [card.full for card in pack([30], CAPACITY, 2)] == [False]


def test_a_card_is_full_when_none_of_many_waiting_messages_could_join_it():
    assert next(iter(pack([40] * (WINDOW + 2), CAPACITY))).full


def test_only_full_cards_that_make_whole_sheets_are_printed():
    cards = list(pack([30, 31] * 9 + [30], CAPACITY))
    assert [card.full for card in cards] == [True] * 9 + [False]
    assert list(whole_sheets(Packing(cards), 4)) == cards[:8]
    assert list(whole_sheets(Packing(cards[:3]), 4)) == []


def test_what_was_packed_takes_a_few_bytes_a_message():
    heights = written(20_000, 110, 0.7)
    tracemalloc.start()
    cards = pack(heights, CAPACITY)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(len(card.messages) for card in cards) == len(heights)
    assert held < 6 * len(heights)
