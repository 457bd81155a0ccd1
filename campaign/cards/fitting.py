"""Whether a card can carry a message, found by setting it; nothing is drawn."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from campaign.cards.card_words import Wording
from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.fonts import faces, main_font
from campaign.cards.fonts.families import NASTALIQ, Family
from campaign.cards.memo import Memo
from campaign.cards.proof.comparing import same_words
from campaign.cards.type.bidi.levels import needed
from campaign.cards.type.breaking import keep_spaces
from campaign.cards.type.glyph_runs import MissingGlyphs
from campaign.cards.type.reading_back import read_back
from campaign.cards.type.rows import shaper
from campaign.cards.type.set_words import Setting
from campaign.cards.type.shaping import Shaper, store
from campaign.cards.type.typesetter import CannotSet, Typesetter

LINES_OF_A_NAME = 2  # one of its own, and another where it is long
UNREADABLE = "its words cannot be read off the card as they are; cut out what is odd in them"
LOOSENED = 1.05  # kerning moves some letters apart
WORDS = 8192  # that were looked at and are remembered, each of at most so many characters
LONGEST_WORD = 64
BEFORE = "."  # stands before a word that is compared: it may be nothing to see


def typesetter(size: str, *, alone: bool = False) -> Typesetter:
    """Return what sets messages on cards of a size, by its name: several a card, or each alone on its own."""
    card = CARD_SIZES[size]
    return Typesetter(card.width, card.height, alone=alone)


def plainly_fits(size: str, text: str, first_name: str, language: str, below: str = "") -> bool:
    """Tell at a glance that a card can carry the words, without setting them; False says nothing.

    Two lines in a row hold more than one full line, or what begins the second would stand on the first; with
    a line that is short because words cling to those of the next, three do.
    """
    return not below and _fits_at_a_glance(
        typesetter(size), text, language, _name_family(first_name, language)
    )


def surely_fits(setter: Typesetter, wording: Wording) -> bool:
    """Tell it of words that are to be drawn: that takes less than setting them twice."""
    text, first_name, language, below, written_in = wording
    if below or not (text.strip() and first_name.strip()):
        return False
    return _fits_at_a_glance(setter, text, language, _name_family(first_name, written_in or language))


def _fits_at_a_glance(setter: Typesetter, text: str, language: str, name: Family | None) -> bool:
    base, pure = main_font.main_family(text, language)
    if pure:
        glance = _letters_at_a_glance(text, base) if _keeps_to_its_line(base, text) else NO_GLANCE
        return _has_room(setter, glance, text, name)
    if base.rtl or needed(text):
        return False
    return _has_room(setter, _words_at_a_glance(text, base, language), text, name, base.pitch)


@lru_cache(maxsize=4096)
def _name_family(first_name: str, language: str) -> Family | None:
    """Choose the font of a first name; None where one is not enough, or only setting it can tell."""
    family, pure = main_font.main_family(first_name, language)
    return family if pure and _keeps_to_its_line(family, first_name) else None


def _keeps_to_its_line(family: Family, text: str) -> bool:
    """Tell it of a text of one font: marks may tower out of the safe zone, and joined letters climb."""
    return family is not NASTALIQ and not main_font.own(family).piles_up(text)


class Glance(NamedTuple):
    """A text or a word in a row: its length and the widest of what is not broken, in 1/1000 of the body size.

    `pitch` is the distance that its lines need.
    """

    length: float
    pitch: float
    widest: float = 0.0


def _has_room(setter: Typesetter, glance: Glance, text: str, name: Family | None, pitch: float = 0.0) -> bool:
    if name is None:
        return False
    lines = 3 * glance.length / setter.measure + text.count("\n") + 1 + LINES_OF_A_NAME
    fits: bool = lines * max(glance.pitch, pitch, name.pitch) * 2 <= setter.capacity
    return fits and glance.widest <= setter.measure


NO_GLANCE = Glance(float("inf"), 1.0)  # only setting it can tell


def _letters_at_a_glance(text: str, base: Family) -> Glance:
    return Glance(sum(map(_advances(base).__getitem__, text)) * base.scale * LOOSENED, base.pitch)


def _words_at_a_glance(text: str, base: Family, language: str) -> Glance:
    """Look at words that stand in several fonts, each as it is set, and once: the same ones come again."""
    known = shaper(base, language)
    if known.unspaced:
        return NO_GLANCE
    lines = map(keep_spaces, text.split("\n"))
    with store:
        words = [_word_at_a_glance(known, word) for line in lines for word in line.split(" ") if word]
    if not words:
        return NO_GLANCE
    lengths, pitches, widest = zip(*words, strict=True)
    return Glance(sum(lengths), max(pitches), max(widest))


@lru_cache(maxsize=WORDS)
def _word_at_a_glance(known: Shaper, word: str) -> Glance:
    """Shape a word, and read it back."""
    if len(word) > LONGEST_WORD:
        return NO_GLANCE
    try:
        pieces = [known.shown[piece] for piece in known.split(word)]
    except MissingGlyphs:
        return NO_GLANCE
    body = b"%s[(%s)]TJ" % (known.base.family.chosen, b"".join(piece.body for piece in pieces))
    seen = read_back(body, [known.space_part, *(piece.part for piece in pieces)])
    if not same_words([f"{BEFORE} {word}"], f"{BEFORE} {seen}"):
        return NO_GLANCE
    advances = [piece.advance for piece in pieces]
    return Glance(sum(advances), max(piece.part.pitch for piece in pieces), max(advances))


@cache
def _advances(base: Family) -> Memo[str, int]:
    """Give the widths of characters as they are before they are joined, in 1/1000 of the font's size."""
    face = faces.face(base)
    return Memo(lambda character: face.widths[face.font.get_nominal_glyph(ord(character)) or 0])


def misfit(size: str, *words: str) -> CannotSet | None:
    """Say why no card of this size can carry a `Wording` so that it can be read off it; None when one can."""
    try:
        set_readably(size, *words)
    except CannotSet as error:
        return error
    return None


def set_readably(size: str, *words: str) -> Setting:
    """Set a `Wording` on a card of this size, and read it off it.

    Raises:
        CannotSet: no card can carry them, or they come off it as other words.
    """
    wording = Wording(*words)
    setting = typesetter(size).set(*wording)
    read = "\n".join(read_back(piece.body, piece.used) for piece, _ in setting.stacked)
    if not same_words(wording.texts, read):
        raise CannotSet(UNREADABLE)
    return setting
