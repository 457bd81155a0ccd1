"""Stacks of sheets, each drawn by one process of the crew, as they go into one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from campaign.cards.draw import Card, DrawnSheet, draw_backs, height
from campaign.cards.type.embedding import Usage
from campaign.cards.type.set_words import Setting
from campaign.cards.type.typesetter import CannotSet, Typesetter
from campaign.errors import CandleError
from campaign.ledger.batches import Slot
from campaign.messages import print_choice
from campaign.press.crew import Crew
from campaign.press.planning import Unprinted
from campaign.press.ticket import Setup

MOST_AT_ONCE = 64  # sheets: what was drawn waits until those before it are written


class RenderingError(CandleError):
    """Sheets that could not be written, or did not pass their proof."""


class CannotPrint(RenderingError):
    """Messages of a batch that may not go on paper any more."""

    def __init__(self, messages: Sequence[Unprinted]) -> None:
        super().__init__("; ".join(f"message {one.message}: {one.why}" for one in messages))
        self.messages = tuple(messages)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be told by another process."""
        return type(self), (self.messages,)


class NotPrintable(CannotPrint):
    """Messages that no card can carry, though they were approved: staff have to look at them again."""


@dataclass(frozen=True)
class CardSlots:
    """What one card carries: its number in the batch, and its slots from the top down."""

    card: int
    slots: Sequence[Slot]


ReadCards = Callable[[range], list[CardSlots]]  # the words of some cards, read when they are needed


class Ahead:
    """One file after the other, prepared while others are worked on; of one more at most.

    Its words are read, and kept until they are taken. Once the file before is drawn a crew begins with it.
    """

    def __init__(self, read_cards: ReadCards, files: Iterable[range], setup: Setup, crew: Crew) -> None:
        self._read_cards, self._left = read_cards, list(files)
        self._setup, self._crew = setup, crew
        self._held: list[CardSlots] | None = None
        self._drawn: Iterator[DrawnStack] | None = None

    def read(self) -> None:
        """Read the words of the next file, if there is one, before they are asked for."""
        if self._held is None and self._left:
            self._held = self._read_cards(self._left.pop(0))

    def take(self) -> tuple[list[CardSlots], Iterator[DrawnStack]]:
        """Give the words of the next file, and its stacks as they are drawn."""
        self.read()
        held, self._held = self._held or [], None
        drawn, self._drawn = self._drawn or draw(self._setup, held, self._crew), None
        return held, chain(drawn, self._begin())

    def _begin(self) -> Iterator[DrawnStack]:
        """Let the crew begin with the next file while this one is finished here."""
        if self._held and len(self._crew) > 1:
            self._drawn = draw(self._setup, self._held, self._crew)
        yield from ()


@dataclass(frozen=True)
class Stack:
    """The cards of some sheets, to be drawn."""

    setup: Setup
    cards: Sequence[CardSlots]


@dataclass(frozen=True)
class DrawnStack:
    """Sheets that were drawn, and the glyphs that they show."""

    sheets: Sequence[DrawnSheet]
    glyphs: bytes


def stacks(setup: Setup, cards: Sequence[CardSlots], jobs: int) -> Iterator[Stack]:
    """Divide a file's cards among processes, whole sheets and few enough of them that all have work."""
    per_sheet = setup.imposition.per_sheet
    share = -(-len(cards) // (per_sheet * 2 * jobs))
    step = max(min(share, MOST_AT_ONCE), 1) * per_sheet
    return (Stack(setup, cards[start : start + step]) for start in range(0, len(cards), step))


def draw(setup: Setup, cards: Sequence[CardSlots], crew: Crew) -> Iterator[DrawnStack]:
    """Let a crew set and draw the sheets of a file."""
    return crew.map(draw_stack, stacks(setup, cards, len(crew)))


def draw_stack(stack: Stack) -> DrawnStack:
    """Set and draw some sheets.

    Raises:
        NotPrintable: a message that no card can carry.
    """
    setup, usage = stack.setup, Usage()
    typesetter = setup.typesetter
    cards = _set_cards(stack.cards, setup, typesetter)
    sheets = tuple(draw_backs(setup.imposition, cards, typesetter, usage))
    return DrawnStack(sheets, usage.glyphs)


def _set_cards(cards: Iterable[CardSlots], setup: Setup, typesetter: Typesetter) -> Iterator[Card]:
    alone, plain = replace(typesetter, alone=True), replace(typesetter, plain=True)
    for card in cards:
        setter = alone if len(card.slots) == 1 else typesetter
        found = [_setting(slot, setter) for slot in card.slots]
        if height(found) > typesetter.capacity:  # packed before long lines were set larger
            found = [_setting(slot, plain) for slot in card.slots]
            if (taken := height(found)) > typesetter.capacity:  # packed when fewer lines were needed
                closer = replace(plain, leading=plain.leading * plain.capacity / taken)
                found = [_setting(slot, closer) for slot in card.slots]
        yield Card(found, card.card if setup.number else None)


def _setting(slot: Slot, typesetter: Typesetter) -> Setting:
    try:
        return typesetter.set(*print_choice.wording(slot))
    except CannotSet as error:
        raise NotPrintable([Unprinted(slot.message, str(error))]) from error
