"""The card as it will be printed, drawn for the review page and the thanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.cards import fitting
from campaign.cards.type.typesetter import CannotSet
from receiver.supporters.form import MessageForm

if TYPE_CHECKING:
    from campaign.cards.outlines import Outlines


def draw_card(form: MessageForm) -> Outlines | None:
    """Draw the back of the card that will carry the words of a sound form; None where no card can.

    It is done before the words are stored: while the post holds its request slot, and while nothing that
    goes wrong can keep the thanks from a message that is on the disk.
    """
    from campaign.cards.outlines import outlines  # late: most answers show no card

    card, words = form.post.campaign.card, form.normalised
    alone = card.messages_per_card == 1
    typesetter = fitting.typesetter(card.size, alone=alone)
    setting = None if alone else form.setting  # a card alone is set larger than the fit check looked at it
    try:
        setting = setting or typesetter.set(words["message"], words["first_name"], form.post.language)
    except CannotSet:
        return None
    return outlines(typesetter, setting)
