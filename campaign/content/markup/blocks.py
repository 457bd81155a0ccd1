"""What blocks become on a page: figures with captions, quotations with their source, timelines, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from campaign.content.markup import footnotes
from campaign.content.markup.footnotes import NAME, NOTES
from campaign.content.markup.quotations import sourced
from campaign.content.markup.tables import framed
from campaign.language import locales

SHAPED = frozenset(("p", "ul", "table", "blockquote"))
DAY = re.compile(r"\s*(\d{4}(?:-\d\d){0,2}): +(?=\S|$)")


class Arranging(Extension):
    """The last look at the tree before its words are dressed; `lines` knows each element's line."""

    def __init__(self, language: str, lines: dict[Element, int]) -> None:
        super().__init__()
        self.language = language
        self.lines = lines

    def extendMarkdown(self, md: Markdown) -> None:
        """Arrange once lines are known, and before what was escaped comes back."""
        md.treeprocessors.register(_Arranged(self.language, self.lines), "arranging", 12)


class _Arranged(Treeprocessor):
    def __init__(self, language: str, lines: dict[Element, int]) -> None:
        super().__init__()
        self.language = language
        self.lines = lines

    def run(self, root: Element) -> None:
        """Change a tree in place."""
        for parent in list(root.iter()):
            if any(block.tag in SHAPED for block in parent):
                parent[:] = [shape for block in parent for shape in self._arranged(block)]
        notes = [block for block in root if block.tag == NOTES]
        if notes:
            footnotes.number(notes[0], [sign for sign in root.iter("a") if sign.get(NAME)])

    def _arranged(self, block: Element) -> Sequence[Element]:
        if block.tag == "p":
            _caption(block)
        elif block.tag == "ul":
            _date(block, self.language)
        elif block.tag in {"table", "blockquote"}:
            line = self.lines.get(block, 0)
            shapes = [framed(block)] if block.tag == "table" else sourced(block)
            self.lines.update(
                {shape: self.lines.get(shape[0], line) for shape in shapes if shape is not block}
            )
            return shapes
        return [block]


def _caption(paragraph: Element) -> None:
    """Make a figure of a picture and the lines right below it, or its title."""
    picture = paragraph[0] if len(paragraph) else None
    if picture is None or picture.tag != "img" or (paragraph.text or "").strip():
        return
    below, rest = picture.tail or "", paragraph[1:]
    if any(child.tag == "img" for child in rest):
        return
    if rest and rest[0].tag == "br" and not below.strip():
        words = rest.pop(0).tail or ""
    elif below.startswith("\n"):
        words = below
    elif not below.strip() and not rest and picture.get("title"):
        words = picture.attrib.pop("title")
    else:
        return
    paragraph.tag, paragraph.text = "figure", None
    paragraph[1:] = []
    picture.tail = None
    caption = SubElement(paragraph, "figcaption")
    caption.text = words.lstrip()
    caption.extend(rest)


def _date(entries: Element, language: str) -> None:
    """Make a timeline of a list whose entries all begin with a day, a month or a year."""
    days = [_day(entry, language) for entry in entries]
    if not days or not all(days):
        return
    entries.tag = "ol"
    entries.set("class", "timeline")
    for holder, rest, written, shown in filter(None, days):
        when = Element("time", {"datetime": written})
        when.text, when.tail = AtomicString(shown), f" {rest}"
        holder.text = None
        holder.insert(0, when)


def _day(entry: Element, language: str) -> tuple[Element, str, str, str] | None:
    """Return what holds an entry's first words, those behind its day, and the day as written and shown."""
    first = entry[0] if len(entry) and entry[0].tag == "p" and not (entry.text or "").strip() else entry
    words = first.text or ""
    shown, found = moment_of(words, language), DAY.match(words)
    return (first, words[found.end() :], found[1], shown) if found and shown else None


def moment_of(words: str, language: str) -> str:
    """Return the day with which an entry begins, as it is shown; "" for none."""
    found = DAY.match(words)
    return locales.moment(found[1], language) if found else ""
