"""Which messages keep a file of sheets from passing its proof, found by drawing their sheets again."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from campaign.ledger.batches import Slot
from campaign.press.stacks import CardSlots

Passes = Callable[[Sequence[CardSlots]], bool]  # draws a sheet, and tells whether it passes its proof


def guilty(cards: Sequence[CardSlots], failed: Sequence[int], per_sheet: int, passes: Passes) -> list[Slot]:
    """Find the messages without which their cards come out; none where the fault is not in messages.

    `failed` are the numbers of cards that did not come out. Each is drawn again on its sheet, alone there,
    with plain words in place of some of its messages. One that fails only among its file's other cards is
    blamed as a whole, unless most fail so: then no message is at fault.
    """
    suspects = [_Suspect(card, cards, per_sheet, passes) for card in cards if card.card in failed]
    if suspects and not suspects[0].passes_without(suspects[0].slots):
        return []
    found = [slot for suspect in suspects for slot in suspect.guilty()]
    few = 2 * len(suspects) < len(cards)
    return found or [slot for suspect in suspects for slot in suspect.slots if few]


class _Suspect:
    """A card that did not come out, and how its sheet is drawn without the others."""

    def __init__(self, card: CardSlots, cards: Sequence[CardSlots], per_sheet: int, passes: Passes) -> None:
        self.slots = card.slots
        self._card = card
        self._passes = passes
        first = (card.card - cards[0].card) // per_sheet * per_sheet
        self._numbers = [one.card for one in cards[first : first + per_sheet]]

    def guilty(self) -> Sequence[Slot]:
        """Those that do not come out among plain words, else one without which the others do, else all."""
        if self.passes_without(()):
            return ()
        if by_themselves := [slot for slot in self.slots if not self.passes_without(self._others(slot))]:
            return by_themselves
        return next(([slot] for slot in reversed(self.slots) if self.passes_without([slot])), self.slots)

    def passes_without(self, some: Container[Slot]) -> bool:
        """Tell whether the card comes out with plain words in place of some of its messages."""
        slots = [_plain(slot) if slot in some else slot for slot in self.slots]
        sheet = [CardSlots(number, slots if number == self._card.card else ()) for number in self._numbers]
        return self._passes(sheet)

    def _others(self, slot: Slot) -> list[Slot]:
        return [other for other in self.slots if other is not slot]


def _plain(slot: Slot) -> Slot:
    return replace(slot, text="Be well", first_name="Ann", language="en", prints="original")
