"""The card as it will be printed, drawn for the review page and the thanks."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from campaign.cards.type.typesetter import CannotSet
from receiver.supporters.form import TypedForm

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines

# Drawing is as much work as storing, and hostile words are several times that: one post at a time, so that
# a flood of them leaves the machine to others. A post that finds it taken shows its words in plain letters.
_one_drawing = threading.Lock()


def draw_card(post: TypedForm, words: Mapping[str, Any]) -> Outlines | None:
    """Draw the back of the card that will carry the words of a post; None where it cannot be drawn now."""
    from campaign.cards.outlines import outlines  # late: most answers show no card

    if not _one_drawing.acquire(blocking=False):
        return None
    facts = post.campaign.card
    try:
        alone = facts.messages_per_card == 1
        return outlines(facts.size, words["message"], words["first_name"], post.language, alone=alone)
    except CannotSet:
        return None
    finally:
        _one_drawing.release()
