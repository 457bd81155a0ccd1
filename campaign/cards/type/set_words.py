"""How the words of a message stand on a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from campaign.cards.type.glyph_runs import Part
from campaign.cards.type.rows import Row


class Setting(NamedTuple):
    """One message as it will be printed.

    `height` is in half-lines of the typesetter's leading. `show` works out `body`, which planning does not
    need; `drop` is how far the base line of the first line lies below the top, in points. `rows` are its
    paragraphs, each with the places where its lines end. `below` stands under it in a smaller size, its top
    `below_by` points under the top of this. `spared` of its height is white below it, in points. `turned`
    counts a poem's lines that are turned over, and places where a word is parted by a hyphen.
    """

    height: int
    show: Callable[[], bytes]
    drop: float
    size: float
    rows: tuple[tuple[Row, list[int]], ...]
    name: Row | None
    below: Setting | None = None
    below_by: float = 0.0
    spared: float = 0.0
    turned: int = 0

    @property
    def stacked(self) -> Sequence[tuple[Setting, float]]:
        """What stands one under the other, each with the points from the top of the whole to its own."""
        return ((self, 0.0), (self.below, self.below_by)) if self.below else ((self, 0.0),)

    @property
    def body(self) -> bytes:
        """Show the message from its first base line on, in a text object whose unit is `size` points."""
        return self.show()

    @property
    def used(self) -> list[Part]:
        """What is shown, and the main fonts, which are named even where all that they show is a space."""
        rows = [row for row, _ in self.rows]
        if self.name:
            rows.append(self.name)
        used = [row.shaper.space_part for row in rows]
        for row in rows:
            used += row.parts
        return used

    @property
    def lines(self) -> list[str]:
        """The lines as text, without the name, for looking at."""
        return [row.text(start, end) for row, ends in self.rows for start, end in pairwise((0, *ends))]
