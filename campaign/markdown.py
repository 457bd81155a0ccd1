"""Markdown to safe HTML: headings, links, pictures and {{ placeholders }} checked, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from campaign.source import Source, did_you_mean

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
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
QUOTES = {"be": "«»„“", "ru": "«»„“", "uk": "«»„“", "pl": "„”«»", "de": "„“‚‘", "cs": "„“‚‘", "lt": "„“‚‘"}


@dataclass(frozen=True)
class Place:
    """What a text can refer to: placeholders, pages by file name, pictures by file name (each -> URL)."""

    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """One text: its heading and first paragraph as plain words, and its HTML without the heading."""

    title: str
    lead: str
    lead_html: Markup
    body_html: Markup

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
    for token in blocks:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + level - 1, 6)}"
    lead = blocks[:3] if blocks and blocks[0].type == "paragraph_open" else []
    return Document(
        title=_plain(heading),
        lead=" ".join(_plain(token) for token in lead if token.type == "inline"),
        lead_html=_html(lead, place),
        body_html=_html(blocks[len(lead) :], place),
    )


def bullets(source: Source, place: Place) -> tuple[Bullet, ...]:
    """Read a text that is one bullet list of plain words."""
    tokens = _parse(source, place)
    remedy = 'write each entry as a paragraph of plain words that begins with "- "'
    found: list[Bullet] = []
    for token in tokens:
        line = _line(token)
        if token.type == "inline" and token.level == 3:
            extra = [c for c in token.children or () if c.type not in {"text", "softbreak"}]
            if extra:
                source.fault(
                    line, "an entry holds more than plain words", "take out links, marks and pictures"
                )
            found.append(Bullet(_plain(token), line))
        elif token.level == 0 and token.type not in {"bullet_list_open", "bullet_list_close"}:
            if token.map:
                source.fault(line, "not an entry of the bullet list", remedy)
        elif (
            token.nesting == 1 and token.level > 0 and token.type not in {"list_item_open", "paragraph_open"}
        ):
            source.fault(line, "an entry holds more than one paragraph", remedy)
    if not found:
        source.fault(0, "holds no bullet list", remedy)
    return tuple(found)


def paragraph(source: Source, place: Place) -> str:
    """Read a text that is one paragraph, as plain words."""
    tokens = _parse(source, place)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        return _plain(tokens[1])
    source.fault(1, "is more than one paragraph", "write one paragraph of plain words")
    return ""


def placeholders(text: str) -> Iterator[tuple[str, int]]:
    """Yield each placeholder's name and line."""
    for number, line in enumerate(text.split("\n"), start=1):
        yield from ((name, number) for name in PLACEHOLDER.findall(line))


def _parse(source: Source, place: Place) -> list[Token]:
    for name, line in placeholders(source.text):
        if name not in place.values:
            shown = f"{{{{ {name} }}}}"
            source.fault(line, f"unknown placeholder {shown}", did_you_mean(name, place.values))
    tokens = _parser(place.language.split("-")[0]).parse(_filled(source.text, place.values))
    for token in tokens:
        _check(token, source, place)
    return [token for token in tokens if token.type != "html_block"]


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return PUNCTUATION.sub(r"\\\1", values.get(found[1], ""))

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


def _check(token: Token, source: Source, place: Place) -> None:
    """Note what a text may not hold."""
    if token.type == "html_block" and not COMMENT.fullmatch(token.content):
        _refuse_html(token.content, _line(token), source)
    line = _line(token)
    for child in token.children or ():
        if child.type == "html_inline" and not COMMENT.fullmatch(child.content):
            _refuse_html(child.content, line, source)
        elif child.type == "link_open":
            _check_link(child, line, source, place)
        elif child.type == "image":
            _check_image(child, line, source, place)
        breaks = child.type in {"softbreak", "hardbreak"}
        line += breaks + child.content.count("\n")


def _refuse_html(html: str, line: int, source: Source) -> None:
    tag = html.strip().split("\n")[0]
    source.fault(line, f"holds HTML: {tag[:40]}", "write it in Markdown; a plain < is written \\<")


def _check_link(token: Token, line: int, source: Source, place: Place) -> None:
    href = str(token.attrs.get("href", ""))
    name, _, anchor = href.partition("#")
    scheme = urlsplit(href).scheme.lower()
    if name in place.pages:
        token.attrs["href"] = place.pages[name] + (f"#{anchor}" if anchor else "")
    elif scheme in SCHEMES:
        token.attrs["rel"] = "noopener noreferrer"
    elif scheme:
        source.fault(line, f'a link to "{scheme}:"', "link to an address that begins with https://")
    elif name or not anchor:
        remedy = f"write the whole address with https://, or one of: {', '.join(place.pages)}"
        source.fault(line, f'a link to "{href}", which is not there', remedy)


def _check_image(token: Token, line: int, source: Source, place: Place) -> None:
    src = str(token.attrs.get("src", ""))
    if not token.content.strip():
        remedy = f"say what it shows, for those who cannot see it: ![a candle in a window]({src})"
        source.fault(line, f'the picture "{src}" has no words', remedy)
    if src not in place.pictures:
        source.fault(
            line, f'the picture "{src}" is not there', "put the file beside this one, or correct its name"
        )
    token.attrs["src"] = place.pictures.get(src, "")
    token.attrs["loading"] = "lazy"


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def _plain(token: Token | None) -> str:
    """Return a heading's or paragraph's words without its marks."""
    shown = {"softbreak": " ", "hardbreak": " "}
    words = (shown.get(child.type, child.content) for child in (token and token.children) or ())
    return "".join(word for word in words if not word.startswith("<!--")).strip()


def _html(tokens: Sequence[Token], place: Place) -> Markup:
    for token in tokens:
        token.children = [c for c in token.children or () if c.type != "html_inline"] or None
    parser = _parser(place.language.split("-")[0])
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return Markup(clean)  # noqa: S704 - nh3 is what makes it safe
