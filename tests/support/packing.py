"""How good any packing can be: what ours is measured against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from campaign.cards.packing import GAP


def lower_bound(heights: Iterable[int], capacity: int) -> int:
    """Count the cards that no packing can do without: bound L2 of Martello and Toth (1990), chapter 8.

    For each threshold k: messages above capacity − k need a card each, those above half a card cannot
    share one, and those from k to half a card fill what the latter leave.
    """
    room = capacity + GAP
    counts = Counter(height + GAP for height in heights)
    best = 0
    for threshold in {0, *(size for size in counts if 2 * size <= room)}:
        alone = sum(n for size, n in counts.items() if size > room - threshold)
        large = {size: n for size, n in counts.items() if room < 2 * size <= 2 * (room - threshold)}
        small = sum(size * n for size, n in counts.items() if size >= threshold and 2 * size <= room)
        spare = sum((room - size) * n for size, n in large.items())
        best = max(best, alone + sum(large.values()) + max(0, -(-(small - spare) // room)))
    return best
