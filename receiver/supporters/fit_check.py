"""Tell writers what no card can carry: they can still change it, staff could only reject it."""

from __future__ import annotations

from campaign.cards import fitting
from campaign.cards.type.typesetter import CannotSet
from campaign.content.campaign import Campaign
from campaign.language.catalogue import Catalogue
from campaign.text.invisible import is_mark
from receiver.supporters.form import MessageForm, named

MOST_NAMED = 5  # characters


def add_fit_faults(form: MessageForm) -> None:
    """Add to the faults of a form what no card of the campaign can carry."""
    if form.faults:
        return
    values = {name: form[name].data for name in ("message", "first_name")}
    fault = _misfit(form.post.campaign, *values.values(), form.post.language)
    if fault is None:
        return
    for name, value in values.items():
        if unknown := [character for character in fault.characters if character in value]:
            form[name].errors = [named(name, _unprintable(unknown, form.post.catalogue), form.post.catalogue)]
    if not form.faults:
        form["message"].errors = [
            named("message", _too_long(fault.lines, form.post.catalogue), form.post.catalogue)
        ]


def _misfit(campaign: Campaign, *words: str) -> CannotSet | None:
    """Set the words, unless they plainly fit; one text is set at a time, and the others wait for it.

    Setting takes a few milliseconds, and hostile words ten times that. The request slots leave an ordinary
    post its turn beside a flood of them.
    """
    if fitting.plainly_fits(campaign.card.size, *words):
        return None
    return fitting.misfit(campaign.card.size, *words)


def _unprintable(characters: list[str], catalogue: Catalogue) -> str:
    named = list(dict.fromkeys(characters))[:MOST_NAMED]
    return catalogue.ngettext(
        "This character cannot be printed: %(characters)s. Please take it out.",
        "These characters cannot be printed: %(characters)s. Please take them out.",
        len(named),
    ) % {"characters": " ".join(f"“{_shown(character)}”" for character in named)}


def _shown(character: str) -> str:
    """Show a combining mark on a ring, not on the quotation mark; some devices do not show many others."""
    return f"\u25cc{character}" if is_mark(character[0]) else character


def _too_long(lines: int, catalogue: Catalogue) -> str:
    if not lines:
        return catalogue.gettext("This cannot be printed as it is. Please write it in another way.")
    return catalogue.ngettext(
        "This is about %(lines)d line too long for the card. Please shorten it, or take out line breaks.",
        "This is about %(lines)d lines too long for the card. Please shorten it, or take out line breaks.",
        lines,
    ) % {"lines": lines}
