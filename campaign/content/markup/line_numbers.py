"""Line numbers that travel through Python-Markdown, which keeps none, inside the text itself.

A number stands behind what makes its line a block, so that no pattern for blocks meets it, and ends with a
character that patterns for delimiters take for a space. It begins with one that the library takes out of what
is written, so that none can be forged.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.blockprocessors import HRProcessor, ReferenceProcessor, SetextHeaderProcessor
from markdown.inlinepatterns import ENTITY_RE
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import STX

from campaign.content.markup.boundaries import apart, is_table_rule
from campaign.content.markup.indentation import RULE, Line, settle
from campaign.content.markup.tree import ADDRESS, BLOCKS, HEADINGS, TextNode, text_nodes

NUMBER = re.compile(rf"{STX}line:([0-9]+)\x1f?")  # a heading is stripped, and takes the last character along
ANY = NUMBER.pattern.replace("(", "(?:")
BEFORE = re.compile(
    r"(?: |>|[*+-](?= )|[0-9]+\.(?= )|#{1,6}(?= )|:{3,} *details\b *|\[\^[^\]\s]+\]:(?= |$))*\|?"
)
BARE = re.compile(
    rf"(?::{{3,}}|=+|-+|[0-9]+\.|#{{1,6}}) *|{RULE.pattern}"
)  # lines of nothing but what makes a block
# No possessive group here: until 3.11.5 Python matches one wrongly that looks ahead.
COMMENTS = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
# What editors of Hebrew and Arabic put before a bullet, and nobody sees.
UNSEEN = re.compile(r"^( *)[\u200e\u200f]+(?=[#>|*+-]|:::|[0-9]+[.)]|\[\^)")
GAP = re.compile(r"[ \n]+")
ENTITY = re.compile(ENTITY_RE)


@dataclass(frozen=True)
class LinePart:
    """A part of a line that is shown, with its escapes; `begins` where a paragraph's line begins with it."""

    number: int
    words: str
    begins: bool


class Numbers(Preprocessor):
    """Give each line its number, comments left out.

    `open_comments` takes the lines on which a comment begins that has no end, or text behind its end.
    """

    def __init__(self, open_comments: list[int]) -> None:
        super().__init__()
        self.open_comments = open_comments

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines as the parser is to read them."""
        written = (Line(number, UNSEEN.sub(r"\1", words)) for number, words in enumerate(lines, start=1))
        return [_numbered(line) for line in settle(apart(self._without_comments(written)))]

    def _without_comments(self, lines: Iterable[Line]) -> Iterator[Line]:
        begun: list[Line] = []
        for line in lines:
            if not begun and not line.words.lstrip().startswith("<!--"):
                yield line
                continue
            begun.append(line)
            if "-->" in line.words:
                if not COMMENTS.fullmatch("\n".join(part.words for part in begun)):
                    self.open_comments.append(begun[0].number)
                begun = []
        if begun:
            self.open_comments.append(begun[0].number)


def _numbered(line: Line) -> str:
    if not line.words.strip(" >") or is_table_rule(line.words):
        return line.words
    number = f"{STX}line:{line.number}\x1f"
    before = BEFORE.match(line.words)
    end = before.end() if before else 0
    if end == len(line.words) or BARE.fullmatch(line.words, end):
        return f"{line.words} {number}"
    return f"{line.words[:end]}{number}{line.words[end:]}"


class Underline(SetextHeaderProcessor):
    """A heading underlined with = or -, which is neither empty nor a list's entry above a rule."""

    RE = re.compile(
        rf"^(?!(?:{ANY})?\n| *(?:[*+-]|[0-9]+\.|>|#{{1,6}}) ).*\n(?:=+|-+) *(?:{ANY})?(?:\n|$)",
    )


class Rule(HRProcessor):
    """A rule, which keeps its number."""

    SEARCH_RE = re.compile(rf"{HRProcessor.RE.removesuffix('$')}(?:{ANY})?$", re.MULTILINE)

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Add the rule."""
        number = NUMBER.search(self.match[0])
        super().run(parent, blocks)
        parent[-1].text = number and number[0]


class Reference(ReferenceProcessor):
    """Where a link in two parts leads: [name]: address "title"."""

    RE = re.compile(
        rf"^ {{0,3}}(?:{ANY})?\[([^\[\]]*)\]: *(?:\n *(?:{ANY})?)?(\S+) *"
        rf"(?:\n *(?:{ANY})?)?(?:((\"|')(.*)\4 *|\((.*)\) *))?$",
        re.MULTILINE,
    )


class Lines(Treeprocessor):
    """Take the numbers out of the tree again, and write down what they say.

    `lines` takes the line on which each element begins, `words` what is written on each line.
    """

    def __init__(self, lines: dict[Element, int], words: list[LinePart]) -> None:
        super().__init__()
        self.lines = lines
        self.words = words
        self.line = 1

    def run(self, root: Element) -> None:
        """Clean a tree."""
        unnumbered: list[Element] = []  # blocks that have begun, and whose first words are still to come
        for node in text_nodes(root):
            element = node.element
            if node.part == "text":
                self.lines[element] = self.line
                unnumbered += [element] * (element.tag in BLOCKS)
            else:
                unnumbered = [block for block in unnumbered if block is not element]
                self._clean_attributes(element)
            if number := NUMBER.search(node.words):
                self.lines.update(dict.fromkeys(unnumbered, int(number[1])))
                unnumbered = []
            self._clean(node)

    def _clean(self, node: TextNode) -> None:
        shown = []
        for words in node.words.split("\n"):
            numbers = NUMBER.findall(words)
            self.line = int(numbers[-1]) if numbers else self.line
            shown.append(NUMBER.sub("", words))
            if not node.verbatim:
                begins = bool(numbers) and node.element.tag not in HEADINGS
                is_link = node.part == "text" and node.element.tag == "a"
                looked_at = ADDRESS.sub("…", shown[-1]) if is_link else shown[-1]
                self.words.append(LinePart(self.line, looked_at, begins))
        text = "\n".join(shown)
        if text != node.words:
            node.write(text)
        if node.part == "text" and node.element.tag == "code":
            node.write(html.unescape(text))  # the serialiser escapes it, once

    def _clean_attributes(self, element: Element) -> None:
        for name, value in element.items():
            for number in NUMBER.findall(value):
                self.line = int(number)
            element.set(name, _plain(GAP.sub(" ", NUMBER.sub("", value)).strip()))


def _plain(value: str) -> str:
    """Return an attribute's value as it is meant, without escapes and names of characters."""
    value = ENTITY.sub(lambda found: html.unescape(found[0]), value)
    return UnescapeTreeprocessor.RE.sub(lambda found: chr(int(found[1])), value)
