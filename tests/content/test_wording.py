"""Sentences beside the example's: what is far from alike is known without a comparison."""

from __future__ import annotations

import random
from difflib import SequenceMatcher

from campaign.content.proofreading import wording


def test_no_comparison_finds_more_in_common_than_is_in_the_same_order():
    letters = random.Random(7)
    for _ in range(300):
        words, example = ("".join(letters.choices("abc ", k=letters.randint(1, 40))) for _ in range(2))
        blocks = SequenceMatcher(None, words, example, autojunk=False).get_matching_blocks()
        in_order = wording._in_order(words, example)
        assert sum(block.size for block in blocks) <= in_order <= min(len(words), len(example))


def test_letters_in_the_same_order_are_counted():
    assert wording._in_order("A candle burns", "candles burn low") == len("candle burn")
    assert wording._in_order("abc", "xyz") == 0
