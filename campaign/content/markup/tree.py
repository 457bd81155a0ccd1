"""The tree that Python-Markdown makes of a text, and the text nodes in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from markdown.util import ETX, STX, AtomicString

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset({*HEADINGS, "div", "p", "ul", "ol", "li", "blockquote", "hr"})
BLOCKS |= {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "details",
    "summary",
    "section",
}
ESCAPED = re.compile(rf"{STX}(\d+){ETX}")  # a sign that a backslash makes plain, as Python-Markdown keeps it
# An address within words, which means itself sign by sign.
ADDRESS = re.compile(r"""(?:https?://|www\.)[^\s"'<>]*[\w/]|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w""")
DEEPEST = 100  # levels


class TooDeep(Exception):
    """A text whose lists, quotations or emphasis stand in each other deeper than any page shows."""


class TooLarge(Exception):
    """A text that would become far more on a page than it is in its file; says what it holds."""


class TextNode(NamedTuple):  # not a dataclass: there are hundreds in a text, and each reader makes them anew
    """A stretch of text: what stands in an element before its first child, or right behind the element."""

    element: Element
    part: Literal["text", "tail"]

    @property
    def words(self) -> str:
        """The text itself."""
        return getattr(self.element, self.part) or ""

    def write(self, words: str) -> None:
        """Put other words in the place of these; what means itself goes on to do so."""
        setattr(self.element, self.part, AtomicString(words) if self.verbatim else words)

    @property
    def verbatim(self) -> bool:
        """Whether the text means itself: code, or an address."""
        return isinstance(self.words, AtomicString)

    @property
    def is_break(self) -> bool:
        """Whether a line ends here."""
        return self.part == "text" and self.element.tag == "br"


def text_nodes(root: Element) -> Iterator[TextNode]:
    """Return the text nodes of a tree in reading order.

    Raises:
        TooDeep: beyond DEEPEST levels.
    """
    stack = [(root, 0, False)]
    while stack:
        element, depth, left = stack.pop()
        if depth > DEEPEST:
            raise TooDeep
        yield TextNode(element, "tail" if left else "text")
        if not left:
            stack.append((element, depth, True))
            stack.extend((child, depth + 1, False) for child in reversed(element))


def elements(blocks: Iterable[Element], *tags: str) -> Iterator[Element]:
    """Return every element in blocks, or those of some tags, in reading order."""
    for block in blocks:
        yield from (element for element in block.iter() if not tags or element.tag in tags)


def shown_nodes(block: Element) -> Iterator[TextNode]:
    """Return what stands in a block itself, in reading order, without the signs of footnotes."""
    signs = {part for sign in block.iter("sup") for part in sign.iter()}
    for node in text_nodes(block):
        is_sign = node.element in signs and (node.part == "text" or node.element.tag != "sup")
        if not is_sign and (node.element is not block or node.part == "text"):
            yield node


def plain_words(block: Element) -> str:
    """Return everything that a block shows, in one line."""
    words = "".join(" " if node.is_break else node.words for node in shown_nodes(block))
    return " ".join(ESCAPED.sub(lambda sign: chr(int(sign[1])), words).split())
