"""Whether a card can carry a message, found by setting it; nothing is drawn."""

from __future__ import annotations

from functools import cache

from campaign.cards.fonts import faces
from campaign.cards.fonts.faces import Memo
from campaign.cards.fonts.families import Family
from campaign.cards.proof.comparing import same_words
from campaign.cards.sheet import CARD_SIZES
from campaign.cards.type.reading_back import read_back
from campaign.cards.type.typesetter import CannotSet, Setting, Typesetter

LINES_OF_A_NAME = 2  # one of its own, and another where it is long
UNREADABLE = "its words cannot be read off the card as they are; cut out what is odd in them"
LOOSENED = 1.05  # kerning moves some letters apart


def typesetter(size: str, *, alone: bool = False) -> Typesetter:
    """Return what sets messages on cards of a size, by its name: several a card, or each alone on its own."""
    card = CARD_SIZES[size]
    return Typesetter(card.width, card.height, alone=alone)


def plainly_fits(size: str, text: str, first_name: str, language: str) -> bool:
    """Tell at a glance that a card can carry the words, without setting them; False says nothing.

    All characters are of one font. Two lines in a row hold more than one full line, or what begins the second
    would stand on the first.
    """
    setter = typesetter(size)
    base, pure = faces.main_family(text, language)
    if not pure or not faces.main_family(first_name, language)[1]:
        return False
    length = sum(map(_advances(base).__getitem__, text)) * base.scale * LOOSENED
    lines = 2 * length / setter.measure + text.count("\n") + 1 + LINES_OF_A_NAME
    return lines * base.pitch * 2 <= setter.capacity


@cache
def _advances(base: Family) -> Memo[str, int]:
    """Give the widths of characters as they are before they are joined, in 1/1000 of the font's size."""
    face = faces.face(base)
    return Memo(lambda character: face.widths[face.font.get_nominal_glyph(ord(character)) or 0])


def misfit(size: str, text: str, first_name: str, language: str) -> CannotSet | None:
    """Say why no card of this size can carry the words so that they can be read off it; None when one can."""
    try:
        set_readably(size, text, first_name, language)
    except CannotSet as error:
        return error
    return None


def set_readably(size: str, text: str, first_name: str, language: str) -> Setting:
    """Set the words on a card of this size, and read them off it.

    Raises:
        CannotSet: no card can carry them, or they come off it as other words.
    """
    setting = typesetter(size).set(text, first_name, language)
    if not same_words([f"{text} {first_name}"], read_back(setting.body, setting.used)):
        raise CannotSet(UNREADABLE)
    return setting
