"""Markdown to safe HTML: headings, links, pictures and {{ placeholders }} checked, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from campaign.source import Source, did_you_mean

PLACEHOLDER = re.compile(r"\{\{[ \t]*(.*?)[ \t]*\}\}")
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what a backslash makes plain in Markdown
COMMENT = re.compile(r"\s*(<!--.*?-->\s*)+", re.DOTALL)
SCHEMES = {"https", "http", "mailto", "tel"}
TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "em", "strong"}
TAGS |= {"a", "img", "blockquote", "code", "pre", "hr", "br"}
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
}
# Straight quotes become the language's own: outer opening and closing, inner opening and closing.
QUOTES: Mapping[str, str | Sequence[str]] = {
    **dict.fromkeys(("be", "ru", "uk"), "«»„“"),
    **dict.fromkeys(("bg", "cs", "de", "ka", "lt", "sk"), "„“‚‘"),
    **dict.fromkeys(("es", "it", "pt"), "«»“”"),
    "pl": "„”«»",
    "fr": ("«\u00a0", "\u00a0»", "“", "”"),
}


@dataclass(frozen=True)
class Place:
    """What a text can refer to: placeholders, pages by file name, pictures by file name (each -> URL)."""

    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """One text: its heading and first paragraph as plain words, and its HTML without the heading.

    `pictures` are the names of the files that it shows.
    """

    title: str
    lead: str
    lead_html: Markup
    body_html: Markup
    pictures: tuple[str, ...] = ()

    @property
    def html(self) -> Markup:
        """The whole text below the heading."""
        return self.lead_html + self.body_html


@dataclass(frozen=True)
class Bullet:
    """One entry of a list, as plain words."""

    text: str
    line: int


def document(source: Source, place: Place, *, level: int = 1) -> Document:
    """Read a text that begins with its one `# heading`; `level` is what that heading is on the page."""
    tokens = _parse(source, place)
    heading, blocks = _heading(tokens, source)
    _check_levels(blocks, source)
    if not blocks:
        source.fault(0, "nothing stands below the heading", "write at least one paragraph")
    lead = blocks[:3] if blocks and blocks[0].type == "paragraph_open" else []
    return Document(
        title=_plain(heading),
        lead=" ".join(_plain(token) for token in lead if token.type == "inline"),
        lead_html=_html(lead, place, level),
        body_html=_html(blocks[len(lead) :], place, level),
        pictures=tuple(str(child.meta["file"]) for child in _children(tokens) if child.type == "image"),
    )


def bullets(source: Source, place: Place) -> tuple[Bullet, ...]:
    """Read a text that is one bullet list of plain words."""
    found: list[Bullet] = []
    for block in SyntaxTreeNode(_parse(source, place)).children:
        if block.type == "bullet_list":
            found += (bullet for item in block.children if (bullet := _bullet(item, source)))
        else:
            remedy = 'take it out, or begin it with "- "'
            source.fault(_line(block), "not an entry of the bullet list", remedy)
    if not found:
        source.fault(0, "holds no bullet list", 'begin each entry on a line of its own with "- "')
    return tuple(found)


def _bullet(item: SyntaxTreeNode, source: Source) -> Bullet | None:
    blocks = item.children
    if [block.type for block in blocks] != ["paragraph"]:
        further = [block for block in blocks if block.type != "paragraph"] or blocks[1:] or [item]
        remedy = 'begin each entry with "- ", and write it in one piece'
        source.fault(_line(further[0]), "an entry is not one paragraph", remedy)
        return None
    words = blocks[0].children[0]
    if {child.type for child in words.children} <= {"text", "softbreak"}:
        return Bullet(_plain(words), _line(item))
    remedy = "take out links, marks and pictures"
    source.fault(_line(item), "an entry holds more than plain words", remedy)
    return Bullet(words.content, _line(item))


def paragraph(source: Source, place: Place) -> str:
    """Read a text that is one paragraph, as plain words."""
    tokens = _parse(source, place)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        return _plain(tokens[1])
    source.fault(1, "is more than one paragraph", "write one paragraph of plain words")
    return ""


def _parse(source: Source, place: Place) -> list[Token]:
    for number, line in enumerate(source.text.split("\n"), start=1):
        for name in PLACEHOLDER.findall(line):
            if name not in place.values:
                fault = f"unknown placeholder {{{{ {name} }}}}"
                source.fault(number, fault, did_you_mean(name, place.values))
        if "{{" in PLACEHOLDER.sub("", line):
            source.fault(number, "a placeholder that does not end", "end it with }} on the same line")
    tokens = _parser(place.language.split("-")[0]).parse(_filled(source.text, place.values))
    for token in tokens:
        _check(token, source, place)
    return [token for token in tokens if token.type != "html_block"]


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        # A name that is not known stands for itself, so that the text around it keeps its shape.
        return PUNCTUATION.sub(r"\\\1", values.get(found[1]) or found[1] or "…")

    return PLACEHOLDER.sub(value, text)


@cache
def _parser(language: str) -> MarkdownIt:
    # HTML is read so that it can be named as a fault; it never reaches the page.
    options = {"html": True, "typographer": True, "quotes": QUOTES.get(language, "“”‘’")}
    parser = MarkdownIt("commonmark", options).enable(["replacements", "smartquotes"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - see _check_link
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # a fault is looked up as written
    return parser


def _heading(tokens: Sequence[Token], source: Source) -> tuple[Token | None, list[Token]]:
    """Split the text's one level-1 heading from what follows it."""
    first = [
        number for number, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"
    ]
    if not first:
        source.fault(1, "no heading", 'begin the file with a line such as "# The heading"')
        return None, list(tokens)
    for number in first[1:]:
        source.fault(_line(tokens[number]), "a second level-1 heading", 'begin it with "##"')
    start = first[0]
    if start > 0:
        source.fault(_line(tokens[start]), "the heading is not first", "move it to the top of the file")
    return tokens[start + 1], [*tokens[:start], *tokens[start + 3 :]]


def _check_levels(blocks: Sequence[Token], source: Source) -> None:
    above = 1
    for token in blocks:
        if token.type == "heading_open":
            level = int(token.tag[1])
            if level > above + 1:
                fault = f"the heading jumps from level {above} to {level}"
                source.fault(_line(token), fault, f'begin it with "{"#" * (above + 1)}"')
            above = level


def _check(block: Token, source: Source, place: Place) -> None:
    """Note what a text may not hold, and say where its links and pictures lead."""
    if block.type == "html_block":
        _check_html(block.content, _line(block), source)
    line = _line(block)
    opened = False
    for child in block.children or ():
        if child.type == "html_inline" and not (opened and child.content.startswith("</")):
            opened = True  # one fault a pair of tags
            _check_html(child.content, _line_of(child.content, line, block, source), source)
        elif child.type == "link_open":
            _check_link(child, _line_of(str(child.attrs["href"]), line, block, source), source, place)
        elif child.type == "image":
            _check_image(child, _line_of("![", line, block, source), source, place)
        line += (child.type in {"softbreak", "hardbreak"}) + child.content.count("\n")


def _line_of(words: str, line: int, block: Token, source: Source) -> int:
    """Find the line of a part of a block, at `line` or later.

    The parser knows the lines of blocks only; breaks are counted, but a line's end inside `code` is gone.
    """
    last = block.map[1] if block.map else line
    lines = source.text.split("\n")[line - 1 : last]
    return next((line + n for n, text in enumerate(lines) if words.split("\n")[0] in text), line)


def _check_html(html: str, line: int, source: Source) -> None:
    if COMMENT.fullmatch(html):
        return
    if html.lstrip().startswith("<!--"):
        source.fault(line, "a comment that goes on as text", "end it with --> at the end of a line")
    else:
        tag = html.strip().split("\n")[0][:40]
        source.fault(line, f"holds HTML: {tag}", "write it in Markdown; a plain < is written \\<")


def _check_link(token: Token, line: int, source: Source, place: Place) -> None:
    href = str(token.attrs["href"])
    name, _, anchor = href.partition("#")
    scheme = href.partition(":")[0].strip().lower() if ":" in href else ""
    if name in place.pages:
        token.attrs["href"] = place.pages[name] + (f"#{anchor}" if anchor else "")
    elif scheme in SCHEMES:
        token.attrs["rel"] = "noopener noreferrer"
    elif scheme:
        source.fault(line, f'a link to "{href[:40]}"', "link to an address that begins with https://")
    elif name or not anchor:
        remedy = f"write the whole address with https://, or one of {', '.join(place.pages)}"
        source.fault(line, f'a link to "{href[:40]}", which is not there', remedy)


def _check_image(token: Token, line: int, source: Source, place: Place) -> None:
    name = str(token.attrs["src"])
    if not token.content.strip():
        remedy = f"say what it shows, for those who cannot see it: ![a candle in a window]({name})"
        source.fault(line, f'the picture "{name}" has no words', remedy)
    if name not in place.pictures:
        remedy = "put the file beside this one, or correct its name"
        source.fault(line, f'the picture "{name}" is not there', remedy)
    token.attrs |= {"src": place.pictures.get(name, ""), "loading": "lazy"}
    token.meta["file"] = name


def _line(token: Token | SyntaxTreeNode) -> int:
    return token.map[0] + 1 if token.map else 0


def _children(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def _plain(token: Token | SyntaxTreeNode | None) -> str:
    """Return a heading's or paragraph's words without its marks."""
    shown = {"softbreak": " ", "hardbreak": " "}
    words = (shown.get(child.type, child.content) for child in (token and token.children) or ())
    return "".join(word for word in words if not word.startswith("<!--")).strip()


def _html(tokens: Sequence[Token], place: Place, level: int) -> Markup:
    """Render blocks whose headings stand below one of `level`; comments are left out."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + level - 1, 6)}"
        if token.children:
            token.children = [child for child in token.children if child.type != "html_inline"]
    parser = _parser(place.language.split("-")[0])
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return Markup(clean)  # noqa: S704 - nh3 is what makes it safe
