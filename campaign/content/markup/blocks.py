"""What blocks become on a page: figures with captions, quotations with their source, timelines, tables."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from campaign.content.markup import footnotes
from campaign.content.markup.footnotes import NAME, NOTES
from campaign.content.markup.quotations import sourced
from campaign.content.markup.tables import framed
from campaign.content.markup.timelines import date_entries

SHAPED = frozenset(("p", "ul", "table", "blockquote"))


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
            date_entries(block, self.language)
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
