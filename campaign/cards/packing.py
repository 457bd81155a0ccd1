"""Which messages share a card: oldest first, filled as full as a bounded window allows."""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from campaign.cards.dimensions import GAP

PerCard = int | Literal["fill"]

WINDOW = 80  # messages considered to fill a card; beyond 50 the gain is below one card in a thousand
SHORTEST = 2  # half-lines: no message is less than a line


class Packed(NamedTuple):
    """One card: indices of its messages, oldest first. `full` if no waiting message could use it better."""

    messages: tuple[int, ...]
    full: bool


class Packing:
    """Cards in their order, in four bytes a message and five a card: there may be a million."""

    def __init__(self, cards: Iterable[Packed] = ()) -> None:
        self._messages, self._ends, self._full = array("I"), array("I"), bytearray()
        for card in cards:
            self.add(card)

    def add(self, card: Packed) -> None:
        """Put a card behind the others."""
        self._messages.extend(card.messages)
        self._ends.append(len(self._messages))
        self._full.append(card.full)

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[Packed]:
        start = 0
        for end, full in zip(self._ends, self._full, strict=True):
            yield Packed(tuple(self._messages[start:end]), bool(full))
            start = end


def pack(heights: Sequence[int], capacity: int, per_card: PerCard = "fill") -> Packing:
    """Put messages on cards; `heights` and `capacity` are half-lines, the oldest message first.

    The oldest message left always opens the next card, so nobody waits for others to fit. Those that join
    it are chosen from the next `WINDOW` ones by an exact subset sum, kept as the bits of one integer
    (Pisinger, "Dynamic programming on the word RAM", 2003). A gap of `GAP` lies between two messages.
    """
    sizes = [height + GAP for height in heights]
    taken = bytearray(len(sizes))
    cards = Packing()
    oldest = taken.find(0)
    while oldest >= 0:
        room = capacity + GAP - sizes[oldest]
        if per_card == "fill":
            others, full = _choose_filling(sizes, taken, oldest, room)
        else:
            others, full = _choose_number(sizes, taken, oldest, room, per_card - 1)
        card = Packed((oldest, *others), full)
        cards.add(card)
        for message in card.messages:
            taken[message] = 1
        oldest = taken.find(0, oldest)
    return cards


def whole_sheets(cards: Packing, per_sheet: int) -> Packing:
    """Keep the oldest full cards that make whole sheets; the messages of the others go on waiting."""
    full = sum(card.full for card in cards)
    return Packing(islice((card for card in cards if card.full), full // per_sheet * per_sheet))


def _choose_filling(sizes: list[int], taken: bytearray, oldest: int, room: int) -> tuple[list[int], bool]:
    """Choose those of the next messages whose sizes add up to `room`, or come nearest below it.

    Bit s of `sums` says that some of the messages seen add up to s. Of several ways the one that needs
    the fewest younger messages is taken.
    """
    seen: list[tuple[int, int]] = []  # a message, and the sums without it
    sums, fits = 1, (1 << room + 1) - 1
    message, looked_at = oldest, 0
    while looked_at < WINDOW and not sums >> room:
        message = taken.find(0, message + 1)
        if message < 0:
            break
        looked_at += 1
        more = (sums | sums << sizes[message]) & fits
        if more != sums:
            seen.append((message, sums))
            sums = more
    total = sums.bit_length() - 1
    full = room - total < SHORTEST + GAP or looked_at == WINDOW
    chosen = []
    for message, without in reversed(seen):
        if not without >> total & 1:
            chosen.append(message)
            total -= sizes[message]
    return chosen[::-1], full


def _choose_number(
    sizes: list[int], taken: bytearray, oldest: int, room: int, wanted: int
) -> tuple[list[int], bool]:
    """Choose `wanted` of the next messages, the lowest of as few as will do; fewer only if no more fit."""
    lowest: list[tuple[int, int]] = []
    message, looked_at = oldest, 0
    while looked_at < WINDOW and (len(lowest) < wanted or sum(size for size, _ in lowest) > room):
        message = taken.find(0, message + 1)
        if message < 0:
            break
        looked_at += 1
        insort(lowest, (sizes[message], message))
        del lowest[wanted:]
    while sum(size for size, _ in lowest) > room:
        lowest.pop()
    full = len(lowest) == wanted or looked_at == WINDOW
    return sorted(message for _, message in lowest), full
