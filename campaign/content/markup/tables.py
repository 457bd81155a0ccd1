"""Tables: a row of names, a row of dashes, rows; their columns are named to those who hear them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.tables import TableExtension, TableProcessor

from campaign.content.markup.boundaries import is_table_rule
from campaign.content.markup.tree import TooLarge, plain_words

MOST_CELLS = 2_000  # of a text: each row has as many as the first, however short it is written
SIDES = {"right": "end", "center": "mid"}  # left is where words begin anyway


class Tables(TableExtension):
    """Tables for Python-Markdown, within bounds."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Read tables before anything else can take their dashes."""
        md.parser.blockprocessors.register(_Table(md.parser, {"use_align_attribute": True}), "table", 75)


class _Table(TableProcessor):
    cells = 0

    def test(self, parent: Element, block: str) -> bool:
        """Look at two lines first: the library takes the whole block apart each time it is asked."""
        first = block.find("\n")
        second = block.find("\n", first + 1)
        below = block[first + 1 : second if second > 0 else len(block)]
        return first > 0 and is_table_rule(below) and super().test(parent, block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        self.cells += len(self.separator) * (blocks[0].count("\n") + 1)
        if self.cells > MOST_CELLS:
            raise TooLarge(f"tables of more than {MOST_CELLS} cells")
        super().run(parent, blocks)


def framed(table: Element) -> Element:
    """Name a table's columns, and return it in a frame that scrolls where the screen is too narrow."""
    head = list(table.iter("th"))
    _aligned(table)
    for cell in head:
        cell.set("scope", "col")
    label = ", ".join(words for cell in head if (words := plain_words(cell)))
    if head and not plain_words(head[0]):
        _name_rows(table, head[0])
    frame = Element("div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": label})
    frame.append(table)
    table.tail = None
    return frame


def _aligned(table: Element) -> None:
    for cell in table.iter():
        cell.text = (cell.text or "").lstrip()  # the library strips what its line's number kept apart
        side = SIDES.get(cell.attrib.pop("align", ""))
        if side:
            cell.set("class", side)


def _name_rows(table: Element, corner: Element) -> None:
    """Without a name for the first column, its cells are the names of their rows."""
    corner.tag = "td"
    del corner.attrib["scope"]
    rows: Sequence[Element] = [row for body in table.iter("tbody") for row in body]
    for first in (row[0] for row in rows if len(row) and plain_words(row[0])):
        first.tag = "th"
        first.set("scope", "row")
