"""The links of footnotes: from the mark in the text to the note, and back."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from campaign.content.markup.footnotes import NAME, NOTES
from campaign.content.markup.tree import elements
from campaign.errors import ContentError
from campaign.language.catalogue import Catalogue, read_catalogue


def identify(blocks: Sequence[Element], text: str, language: str) -> None:
    """Let signs and footnotes lead to each other; `text` tells them from those of others on the same page."""
    listed = [note for notes in blocks if notes.tag == NOTES for note in notes[0]]
    if not listed:
        return
    words = _catalogue(language)
    for notes in elements(blocks, NOTES):
        notes.set("class", "footnotes")
        notes.set("aria-label", words.gettext("Footnotes"))
    signs: dict[str, list[Element]] = {}
    for sign in elements(blocks, "a"):
        if name := sign.get(NAME):
            signs.setdefault(name, []).append(sign)
    for number, note in enumerate(listed, start=1):
        _link(note, signs.get(note.get(NAME, ""), []), f"{text}-{number}", words, number)


def _link(note: Element, signs: Sequence[Element], address: str, words: Catalogue, number: int) -> None:
    note.set("id", f"note-{address}")
    last = note[-1] if len(note) and note[-1].tag == "p" else note
    if len(last):
        last[-1].tail = f"{last[-1].tail or ''}\u00a0"
    else:
        last.text = f"{last.text or ''}\u00a0"
    for time, sign in enumerate(signs, start=1):
        again = f"-{time}" if time > 1 else ""
        sign.set("id", f"at-{address}{again}")
        sign.set("href", f"#note-{address}")
        sign.set("aria-label", words.gettext("Footnote %(number)s") % {"number": number})
        back = SubElement(last, "a", {"href": f"#at-{address}{again}"})
        label = words.gettext("Back to the text from footnote %(number)s") % {"number": number}
        back.set("aria-label", label + (f" ({time})" if again else ""))
        back.text = "↑"


def _catalogue(language: str) -> Catalogue:
    try:
        return read_catalogue(language)
    except ContentError:  # which is told by itself, and lets nothing be shown
        return read_catalogue("en")
