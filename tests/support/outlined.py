"""A card's outlines from its words, for the tests that look at them."""

from __future__ import annotations

from campaign.cards import fitting
from campaign.cards.outlines import Outlines, outlines


def outlined(size: str, *words: str, alone: bool = False) -> Outlines:
    """Draw text, first name and language on a card of this size.

    Raises:
        CannotSet: no card carries them.
    """
    typesetter = fitting.typesetter(size, alone=alone)
    return outlines(typesetter, typesetter.set(*words))
