"""Tell writers what no card can carry: they can still change it, staff could only reject it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from campaign.cards import fitting
from campaign.cards.fonts import main_font
from campaign.cards.type.bidi.levels import needed
from campaign.cards.type.shaping import store
from campaign.cards.type.typesetter import CannotSet
from campaign.language.catalogue import Catalogue
from campaign.text.invisible import is_mark
from receiver.http import networks
from receiver.http.costly_work import Turns
from receiver.services import services
from receiver.state.request_slots import asked_often
from receiver.state.shared_memory import SharedTurn
from receiver.supporters.form import MessageForm, named

MOST_NAMED = 5  # characters
# Words of one font, but for some signs of others, are cheap up to all the letters that a message may have;
# other words up to a few lines.
LONG_OF_ONE_FONT, LONG, SOME = 400, 300, 30  # code points
MOST_DIFFERENT = 100  # characters: one that nobody sent lately has to be drawn, which takes as long as a line
LONGEST_REST = 0.1  # seconds
_dear = Turns(SharedTurn(), 16)  # a core for each worker's would leave the others none


def turn(form: MessageForm) -> AbstractContextManager[None]:
    """Let what may take long wait for its like, without a request slot; the others never wait for it.

    Hostile words take as long as ten ordinary posts. Four connections that sent nothing else held all slots,
    and everybody's post stood behind theirs. It ends before the disk is waited for: where the database
    pauses, it would be the ones that wait here who pay.

    Raises:
        TooManyRequests: by the block, where too many of its like wait.
    """
    return _apart() if not form.faults and _may_take_long(form) else nullcontext()


@contextmanager
def _apart() -> Iterator[None]:
    """Have the turn, and keep it for as long again with nothing to do: half a core is enough for them all."""
    with _dear.turn(networks.current()), store.giving_way(services().request_slots.giving_way()):
        before = time.thread_time()
        try:
            with asked_often():
                yield
        finally:
            time.sleep(min(time.thread_time() - before, LONGEST_REST))


def _may_take_long(form: MessageForm) -> bool:
    text, first_name, language = form["message"].data, form["first_name"].data, form.post.language
    words = text + first_name
    if len(words) > LONG_OF_ONE_FONT or len(set(words)) > MOST_DIFFERENT:
        return True
    return len(words) > LONG and _others(text, language) + _others(first_name, language) > SOME


def _others(words: str, language: str) -> int:
    """Count what the font of most of the letters does not draw, and the marks beside that."""
    family, of_one_font = main_font.main_family(words, language)
    if not of_one_font and needed(words):
        return len(words)  # from right to left each change of the font costs more
    return 0 if of_one_font else sum(not main_font.own(family).all_of(character) for character in words)


def add_fit_faults(form: MessageForm) -> None:
    """Add to the faults of a form what no card of the campaign can carry, and keep what was set to find out.

    Setting takes a few milliseconds, and hostile words ten times that; see `turn`.
    """
    if form.faults:
        return
    values = {name: form[name].data for name in ("message", "first_name")}
    words = (form.post.campaign.card.size, *values.values(), form.post.language)
    if fitting.plainly_fits(*words):
        return
    try:
        form.setting = fitting.set_readably(*words)
    except CannotSet as fault:
        _add_fault(form, values, fault)


def _add_fault(form: MessageForm, values: Mapping[str, str], fault: CannotSet) -> None:
    for name, value in values.items():
        if unknown := [character for character in fault.characters if character in value]:
            form[name].errors = [named(name, _unprintable(unknown, form.post.catalogue), form.post.catalogue)]
    if not form.faults:
        form["message"].errors = [
            named("message", _too_long(fault.lines, form.post.catalogue), form.post.catalogue)
        ]


def _unprintable(characters: list[str], catalogue: Catalogue) -> str:
    named = list(dict.fromkeys(characters))[:MOST_NAMED]
    return catalogue.ngettext(
        "This character cannot be printed: %(characters)s. Please take it out.",
        "These characters cannot be printed: %(characters)s. Please take them out.",
        len(named),
    ) % {"characters": " ".join(_quoted(character, catalogue) for character in named)}


def _quoted(character: str, catalogue: Catalogue) -> str:
    """Show a combining mark on a ring, not on the quotation mark; some devices do not show many others."""
    shown = f"\u25cc{character}" if is_mark(character[0]) else character
    return catalogue.gettext("“%(word)s”") % {"word": shown}


def _too_long(lines: int, catalogue: Catalogue) -> str:
    if not lines:
        return catalogue.gettext("This cannot be printed as it is. Please write it in another way.")
    return catalogue.ngettext(
        "This is about %(lines)d line too long for the card. Please shorten it, or take out line breaks.",
        "This is about %(lines)d lines too long for the card. Please shorten it, or take out line breaks.",
        lines,
    ) % {"lines": lines}
