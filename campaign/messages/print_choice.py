"""What a card shows of a message: its words, a translation, or both; and what an approval of that signs."""

from __future__ import annotations

from typing import Any, Protocol, get_args

from campaign.cards.card_words import Wording
from campaign.content.campaign_toml.card import Prints

CHOICES: tuple[Prints, ...] = get_args(Prints)
EDITORS = "the editors"  # whose own translation it is; no member of staff can have the name

UNTRANSLATED: dict[str, Any] = {"translation": None, "translated_into": None, "translated_by": None}


class Words(Protocol):
    """A message, or its slot: its words, their translation, and how it was approved to be printed."""

    @property
    def text(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def translation(self) -> str | None: ...
    @property
    def translated_into(self) -> str | None: ...
    @property
    def translated_by(self) -> str | None: ...
    @property
    def prints(self) -> str: ...


def wording(words: Words, prints: str | None = None) -> Wording:
    """Return what a card shows of them: as they were approved, or as `prints` says.

    Without a translation that is the words themselves.
    """
    how = prints or words.prints
    if how == "original" or not words.translation:
        return Wording(words.text, words.first_name, words.language)
    into = words.translated_into or words.language
    below = words.text if how == "both" else ""
    return Wording(words.translation, words.first_name, into, below, words.language)


def shown(words: Words) -> tuple[str, ...]:
    """Return the texts that a card shows of them: the words, the name, and what stands below."""
    text, first_name, _, below, _ = wording(words)
    return (text, first_name, below) if below else (text, first_name)


def signed(message: str, campaign: str, words: Words) -> tuple[str, ...]:
    """Return all that an approval signs: of words that are printed as they are, what it always did."""
    own = (message, campaign, words.text, words.first_name)
    if words.prints == "original":
        return own
    made = (words.translation, words.translated_into, words.translated_by)
    return (*own, words.prints, *(part or "" for part in made))


def translated(translation: str, by: str, into: str) -> dict[str, Any]:
    """Return a translation as the columns of `messages` and `originals`; an empty one is none."""
    words = translation.strip()
    if not words:
        return UNTRANSLATED
    return {"translation": words, "translated_into": into or None, "translated_by": by}
