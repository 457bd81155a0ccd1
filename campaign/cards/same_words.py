"""Keeps the same words off one card: messages change places where others are ready, at no cost in cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campaign.cards.dimensions import GAP
from campaign.cards.packing import SHORTEST, WINDOW, Packed, Packing, PerCard


def keep_apart(
    cards: Packing, heights: Sequence[int], texts: Sequence[int], capacity: int, per_card: PerCard
) -> Packing:
    """Let messages change places with some of other cards; `texts` are equal where the words are.

    The first to come of a text stays where it was, cards that are full stay so, and nobody moves past more
    than `WINDOW` others. Where nothing fits, the text stands there twice.
    """
    if per_card == 1:
        return cards
    loosest = SHORTEST + GAP - 1 if per_card == "fill" else capacity
    held = _Exchange(cards, heights, texts, capacity, loosest)
    for number, card in enumerate(held.cards):
        stuck = set[int]()  # what found no other place will not find one a moment later
        for place in range(1, len(card)):
            text = texts[card[place]]
            again = text not in stuck and text in (texts[message] for message in card[:place])
            if again and not held.exchange(number, place):
                stuck.add(text)
    return Packing(
        Packed(tuple(sorted(on_card)), card.full) for on_card, card in zip(held.cards, cards, strict=True)
    )


class _Exchange:
    """Cards while messages change places, with the room that is left on each."""

    def __init__(
        self,
        cards: Packing,
        heights: Sequence[int],
        texts: Sequence[int],
        capacity: int,
        loosest: int,
    ) -> None:
        self.cards = [list(card.messages) for card in cards]
        self._heights, self._texts, self._loosest = heights, texts, loosest
        self._latest = {card[0]: number for number, card in enumerate(self.cards)}
        self._rooms = [capacity + GAP - sum(heights[one] + GAP for one in card) for card in self.cards]

    def exchange(self, number: int, place: int) -> bool:
        """Exchange a message for one whose text is not on this card, and on whose card its own is not."""
        card, moved = self.cards[number], self.cards[number][place]
        there = {self._texts[message] for message in card if message != moved}
        for other in self._near(number, moved):
            for at, message in enumerate(self.cards[other]):
                if self._waits_longer(message, number) or self._waits_longer(moved, other):
                    continue
                if self._texts[message] in there or abs(message - moved) > WINDOW:
                    continue
                if self._fits(number, other, moved, message) and self._is_new(other, moved, message):
                    more = self._heights[message] - self._heights[moved]
                    card[place], self.cards[other][at] = message, moved
                    self._rooms[number] -= more
                    self._rooms[other] += more
                    return True
        return False

    def _near(self, number: int, moved: int) -> Iterator[int]:
        """Yield the later cards and then the earlier ones that are near enough."""
        for other in range(number + 1, len(self.cards)):
            if self.cards[other][0] > moved + WINDOW:
                break
            yield other
        for other in range(number - 1, -1, -1):
            if self.cards[other][0] < moved - WINDOW:
                break
            yield other

    def _waits_longer(self, message: int, card: int) -> bool:
        """Tell whether a message that opened a card, being the oldest, would come after that card."""
        return card > self._latest.get(message, card)

    def _fits(self, number: int, other: int, moved: int, message: int) -> bool:
        more = self._heights[message] - self._heights[moved]
        left = self._rooms[number] - more, self._rooms[other] + more
        return not more or (min(left) >= 0 and max(left) <= self._loosest)

    def _is_new(self, other: int, moved: int, message: int) -> bool:
        text = self._texts[moved]
        return all(self._texts[one] != text for one in self.cards[other] if one != message)
