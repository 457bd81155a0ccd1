"""Folds: what stands between `::: details A heading` and `:::` is shown once its heading is pressed."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from campaign.content.markup.line_numbers import ANY

BEGINS = re.compile(r" {0,3}:{3,} *details\b *(.*)")
ENDS = re.compile(rf"\n* {{0,3}}:{{3,}} *(?:{ANY})?")  # behind empty lines too
OPEN = "unended"  # an attribute that no page shows


class Folds(Extension):
    """Folds for Python-Markdown; its own have HTML, or YAML, in them."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Read folds before paragraphs."""
        md.parser.blockprocessors.register(_Fold(md.parser), "fold", 95)


class _Fold(BlockProcessor):
    inside = False  # no fold stands in another: each would look through the rest of the text

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 # the library asks for it
        return not self.inside and BEGINS.fullmatch(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        found = BEGINS.fullmatch(blocks.pop(0))
        fold = SubElement(parent, "details", {"class": "fold"})
        SubElement(fold, "summary").text = found[1] if found else ""
        inner: list[str] = []
        while blocks and not ENDS.fullmatch(blocks[0]):
            inner.append(blocks.pop(0))
        if blocks:
            blocks.pop(0)
        else:
            fold.set(OPEN, "")
        self.inside = True
        self.parser.parseBlocks(fold, inner)
        self.inside = False
