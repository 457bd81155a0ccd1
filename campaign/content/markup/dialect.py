"""The Markdown that editors write: Python-Markdown without HTML."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import (
    ENTITY_RE,
    InlineProcessor,
    SimpleTagInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.util import ETX, STX, AtomicString

from campaign.content.markup.blocks import Arranging
from campaign.content.markup.folds import Folds
from campaign.content.markup.footnotes import Footnotes
from campaign.content.markup.line_numbers import (
    ANY,
    NUMBER,
    LinePart,
    Lines,
    Numbers,
    Reference,
    Rule,
    Underline,
)
from campaign.content.markup.tables import Tables
from campaign.content.markup.tree import TooDeep
from campaign.content.markup.typography import Typography

TAG = r"<(?:/?[A-Za-z]|[!?])[^<>]*>?"  # whatever some reader of Markdown or some browser takes for HTML
STRUCK = r"(?<!~)(~~)(?=[^\s~])(.+?)(?<=[^\s~])~~(?!~)"
HTML = "html"  # the element that holds one
SPACES = re.compile(rf"(?:\s|{ANY})+")
REFERENCES = ("reference", "short_reference", "image_reference", "short_image_ref")


@dataclass(frozen=True)
class Parsed:
    """A text as a tree: its blocks, the line on which each element begins, and the words on each line.

    `open_comments` are the lines on which a comment begins that has no end, or text behind its end;
    `twice` is each second footnote of one name: its line and the name.
    """

    blocks: Sequence[Element]
    lines: Mapping[Element, int]
    words: Sequence[LinePart]
    open_comments: Sequence[int]
    twice: Mapping[int, str]


def read(text: str, language: str) -> Parsed:
    """Read a text in a language.

    Raises:
        TooDeep: when lists, quotations or emphasis stand in each other without end.
        TooLarge: when a table has far more cells than anybody reads.
    """
    dialect, notes = Dialect(), Footnotes()
    shapes = (Tables(), Folds(), notes, Arranging(language, dialect.lines))
    parser = Markdown(extensions=[SaneListExtension(), dialect, *shapes, Typography(language)])
    try:
        parser.convert(text)
    except RecursionError as error:
        raise TooDeep from error
    root = getattr(parser.parser, "root", ())  # nothing is parsed where there is nothing but spaces
    blocks = [block for block in root if block.tag != "p" or len(block) or block.text]
    return Parsed(blocks, dialect.lines, dialect.words, dialect.open_comments, _lines_of(notes.twice))


def _lines_of(notes: Mapping[str, str]) -> Mapping[int, str]:
    numbers = ((NUMBER.search(text), name) for name, text in notes.items())
    return {int(number[1]): name for number, name in numbers if number}


class Dialect(Extension):
    """Headings, paragraphs, emphasis, links, pictures, lists, quotations, breaks, rules, code, struck words.

    HTML becomes elements named `html`, so that it can be named; it is for no page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Element, int] = {}
        self.words: list[LinePart] = []
        self.open_comments: list[int] = []

    def extendMarkdown(self, md: Markdown) -> None:
        """Take away what is not listed above, and have each line carry its number."""
        md.ESCAPED_CHARS = list(string.punctuation)
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(Numbers(self.open_comments), "numbers", 20)
        md.treeprocessors.register(Lines(self.lines, self.words), "lines", 15)
        blocks = md.parser.blockprocessors
        blocks.deregister("code")
        blocks.register(_Heading(md.parser), "hashheader", 70)
        blocks.register(Underline(md.parser), "setextheader", 60)
        blocks.register(Rule(md.parser), "hr", 50)
        blocks.register(Reference(md.parser), "reference", 15)
        inline = md.inlinePatterns
        inline.register(_Tag(TAG, md), "html", 90)
        inline.register(_Comment(r"(?<!\\)<!--.*?-->", md), "comment", 185)
        inline.register(SimpleTagInlineProcessor(STRUCK, "del"), "struck", 65)
        inline.register(_Mail(r"<(?:mailto:)?([^<>\s/!]+@[^<>\s@]+)>", md), "automail", 110)
        inline.register(SubstituteTagInlineProcessor(r"(?:(?<! ) {2,}|\\)\n", "br"), "linebreak", 100)
        inline.register(_Entity(ENTITY_RE, md), "entity", 80)
        inline.register(_Star(r"(?<=[^\W\d_])\*(?=in(?:nen)?(?!\w))", md), "star", 178)
        for name in REFERENCES:
            inline[name].NEWLINE_CLEANUP_RE = SPACES  # type: ignore[attr-defined] # of two lines, too


class _Heading(HashHeaderProcessor):
    """A heading, which needs a space behind its #, so that #hashtag is none."""

    RE = re.compile(r"(?:^|\n) {0,3}(?P<level>#{1,6})(?P<header>(?: .*?)?)(?: #+)? *(?:\n|$)")


class _Inline(InlineProcessor):
    """Something in a line, which shows as what `shown` makes of it."""

    def handleMatch(  # type: ignore[override] # as in the library's own
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | str, int, int]:
        return self.shown(m), m.start(), m.end()

    def shown(self, found: re.Match[str]) -> Element | str:
        raise NotImplementedError


class _Tag(_Inline):
    """A tag, as an element that holds what was written."""

    def shown(self, found: re.Match[str]) -> Element:
        tag = Element(HTML)
        tag.text = AtomicString(found[0])
        return tag


class _Comment(_Inline):
    """A comment in a line: nothing is shown, and the numbers of its lines stay."""

    def shown(self, found: re.Match[str]) -> str:
        return "".join(number[0] for number in NUMBER.finditer(found[0]))


class _Mail(_Inline):
    """An e-mail address between < and >, as itself and not letter by letter in disguise."""

    def shown(self, found: re.Match[str]) -> Element:
        address = self.unescape(found[1])
        link = Element("a", href=f"mailto:{address}")
        link.text = AtomicString(address)
        return link


class _Entity(_Inline):
    """A character by its name, such as &eacute;, which is never a delimiter."""

    def shown(self, found: re.Match[str]) -> str:
        return "".join(f"{STX}{ord(letter)}{ETX}" for letter in html.unescape(found[0]))


class _Star(_Inline):
    """The star of Schüler*innen, which begins no emphasis with the next one on its line."""

    def shown(self, found: re.Match[str]) -> str:
        return f"{STX}{ord(found[0])}{ETX}"
