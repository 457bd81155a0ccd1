"""Footnotes: `[^1]` in a text leads to `[^1]: a source`, numbered as they are met and kept at its end."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteBlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from campaign.content.markup.tree import HEADINGS

NOTES = "section"  # the element that holds them
NAME = "note"  # an attribute that no page shows: what the writer calls a footnote


class Footnotes(Extension):
    """Footnotes for Python-Markdown, whose own way from the definitions to a page fails on hostile ones.

    `twice` takes the names that stand for two footnotes, each with what the second one says.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[str, str] = {}
        self.twice: dict[str, str] = {}

    def extendMarkdown(self, md: Markdown) -> None:
        """Take definitions out of the text, and put what they say at its end."""
        self.parser = md.parser  # which the library's reader of definitions asks for
        md.parser.blockprocessors.register(FootnoteBlockProcessor(self), "footnote", 17)  # type: ignore[arg-type]
        md.inlinePatterns.register(_NoteSign(self.notes, md), "footnote", 175)
        md.treeprocessors.register(_Definitions(self.notes, md), "footnote", 50)

    def setFootnote(self, name: str, text: str) -> None:
        """Keep one definition, as the library's reader of them does."""
        if self.notes.setdefault(name, text) != text:
            self.twice[name] = text


class _NoteSign(InlineProcessor):
    """A footnote's sign; its number is not known yet."""

    ANCESTOR_EXCLUDES = ("a", "summary", *HEADINGS)

    def __init__(self, notes: dict[str, str], md: Markdown) -> None:
        super().__init__(r"\[\^([^\]\s]+)\]", md)
        self.notes = notes

    def handleMatch(  # type: ignore[override] # as in the library's own
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | None, int | None, int | None]:
        if m[1] not in self.notes:
            return None, None, None
        sign = Element("sup")
        SubElement(sign, "a", {NAME: m[1], "href": "#"})
        return sign, m.start(), m.end()


class _Definitions(Treeprocessor):
    """What the footnotes say, read before the signs in them are."""

    def __init__(self, notes: dict[str, str], md: Markdown) -> None:
        super().__init__(md)
        self.notes = notes

    def run(self, root: Element) -> None:
        if not self.notes:
            return
        read: dict[str, Element] = {}
        while names := [name for name in self.notes if name not in read]:  # one may hold another
            for name in names:
                read[name] = Element("div", {NAME: name})
                self.md.parser.parseChunk(read[name], self.notes[name])
        listed = SubElement(SubElement(root, NOTES), "ol")
        for note in read.values():
            note.tag = "li"  # which Python-Markdown reads otherwise
            listed.append(note)


def number(notes: Element, signs: list[Element]) -> None:
    """Number footnotes in the order in which their signs stand, and bring them into it."""
    numbers: dict[str, int] = {}
    for sign in signs:
        sign.text = str(numbers.setdefault(sign.get(NAME, ""), len(numbers) + 1))
    listed = notes[0]
    listed[:] = sorted(listed, key=lambda note: numbers.get(note.get(NAME, ""), len(numbers) + 1))
