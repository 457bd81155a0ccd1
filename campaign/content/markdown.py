"""Markdown to what a page shows: a heading with its text, a list, or a paragraph; and its HTML made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

import nh3
from markupsafe import Markup

from campaign.content import footnote_anchors, heading_anchors
from campaign.content.editors_file import Source
from campaign.content.markup.dialect import Parsed
from campaign.content.markup.tree import BLOCKS, HEADINGS, elements, shown_nodes
from campaign.content.text_faults import FILE, SCHEMES, Context, read
from campaign.errors import Fix
from campaign.language.nonbreaking import tied

TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "em", "strong"}
TAGS |= {"a", "img", "blockquote", "code", "hr", "br", "del", "sup", "section", "details", "summary"}
TAGS |= {"div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "time"}
ATTRIBUTES = {
    "a": {"href", "title", "rel", "id", "aria-label"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "section": {"class", "aria-label"},
    "li": {"id"},
    "th": {"scope", "class"},
    "td": {"class"},
    "time": {"datetime"},
    "details": {"class"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start", "class"},
    **{heading: {"id"} for heading in HEADINGS},
}
SHAPES = re.compile(r"<(?:table|figure|blockquote|details|sup|ol class)\b")
# Bold words that are longer, or stand there twice, begin a text without a heading.
NEARLY_HEADING = re.compile(
    r"(?:#{1,6}\s*|(?P<bold>\*\*|__))(?P<words>[^\s#*_\ufe0f](?:(?!(?P=bold)).){0,80}?)(?(bold)(?P=bold)|\s*#*)"
)
SPACE = re.compile(r"[ \n]+")


@dataclass(frozen=True)
class Document:
    """One text: its heading and first paragraph as plain words, and its HTML without the heading.

    `pictures` are the published names of what it shows.
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


def document(source: Source, context: Context, *, level: int = 1, apart: bool = False) -> Document:
    """Read a text that begins with its one `# heading`; `level` is what that heading is on the page.

    `apart` says that its first paragraph is shown without the rest, too, and so without footnotes.
    """
    parsed = read(source, context)
    if parsed is None:
        return Document("", "", Markup(), Markup())
    heading, blocks = _heading(parsed, source)
    _check_levels(blocks, parsed, source)
    _check_links(blocks, parsed, source)
    if level == 1:  # another's page has its own ids
        heading_anchors.identify(blocks)
    footnote_anchors.identify(blocks, source.path.stem, context.language)
    if not blocks:
        source.fault(0, "nothing stands below the heading", "write at least one paragraph")
    lead = blocks[:1] if blocks and blocks[0].tag == "p" else []
    if apart and any(elements(lead, "sup")):
        remedy = "set it further down: this paragraph is shown without what the footnote says, too"
        source.fault(parsed.lines[lead[0]], "a footnote in the first paragraph", remedy)
    return Document(
        title=_plain(heading) if heading is not None else "",
        lead="".join(map(_plain, lead)),
        lead_html=_html(lead, level, context.language),
        body_html=_html(blocks[len(lead) :], level, context.language),
        pictures=tuple(picture.get(FILE, "") for picture in elements(parsed.blocks, "img")),
    )


def bullets(source: Source, context: Context) -> tuple[Bullet, ...]:
    """Read a text that is one bullet list of plain words."""
    parsed = read(source, context)
    if parsed is None:
        return ()
    entries: list[Bullet] = []
    for block in parsed.blocks:
        if block.tag == "ul":
            entries += (bullet for item in block if (bullet := _bullet(item, parsed, source)))
        else:
            remedy = 'take it out, or begin it with "- "'
            source.fault(parsed.lines[block], "not an entry of the bullet list", remedy)
    if not entries:
        source.fault(0, "holds no bullet list", 'begin each entry on a line of its own with "- "')
    return tuple(entries)


def _bullet(item: Element, parsed: Parsed, source: Source) -> Bullet | None:
    line = parsed.lines[item]
    blocks = [child for child in item if child.tag in BLOCKS]
    if [block.tag for block in blocks] not in ([], ["p"]) or not _plain(item):
        further = [block for block in blocks if block.tag != "p"] or blocks[1:] or [item]
        remedy = 'begin each entry with "- ", and write it in one piece'
        source.fault(parsed.lines[further[0]], "an entry is not one paragraph", remedy)
        return None
    if any(child.tag not in BLOCKS for child in item.iter() if child is not item):
        remedy = "take out links, emphasis and pictures"
        source.fault(line, "an entry holds more than plain words", remedy)
    return Bullet(_plain(item), line)


def paragraph(source: Source, context: Context) -> str:
    """Read a text that is one paragraph, as plain words."""
    parsed = read(source, context)
    if parsed is None:
        return ""
    if [block.tag for block in parsed.blocks] == ["p"]:
        return _plain(parsed.blocks[0])
    source.fault(1, "is more than one paragraph", "write one paragraph of plain words")
    return ""


def _heading(parsed: Parsed, source: Source) -> tuple[Element | None, list[Element]]:
    """Split the text's one level-1 heading from what stands below it."""
    title = next((block for block in parsed.blocks if block.tag == "h1"), None)
    blocks = [block for block in parsed.blocks if block is not title]
    if title is None:
        _no_heading(source)
        return None, blocks
    for further in elements(blocks, "h1"):
        line = parsed.lines[further]
        source.fault(line, "a second level-1 heading", 'begin it with "##"', Fix(line, "# ", "## "))
    if title is not parsed.blocks[0]:
        source.fault(parsed.lines[title], "the heading is not first", "move it to the top of the file")
    return title, blocks


def _no_heading(source: Source) -> None:
    lines = enumerate(source.text.split("\n"), start=1)
    number, first = next(((number, line) for number, line in lines if line.strip()), (1, ""))
    if meant := NEARLY_HEADING.fullmatch(first.strip()):
        right = f"# {meant['words']}"
        source.fault(number, "no heading", f"write {right}", Fix(number, first, right))
    else:
        source.fault(1, "no heading", 'begin the file with a line such as "# The heading"')


def _check_levels(blocks: Sequence[Element], parsed: Parsed, source: Source) -> None:
    above = 1
    for heading in elements(blocks, *HEADINGS):
        level = int(heading.tag[1])
        if level > above + 1:
            line, right = parsed.lines[heading], "#" * (above + 1)
            fault = f"the heading jumps from level {above} to {level}"
            source.fault(line, fault, f'begin it with "{right}"', Fix(line, "#" * level, right))
        above = level


def _check_links(blocks: Sequence[Element], parsed: Parsed, source: Source) -> None:
    for block in blocks:
        if any(any(elements([link], "sup")) for link in elements([block], "a")):
            remedy = "set it behind the link: [words](https://…)[^1]"
            source.fault(parsed.lines[block], "a footnote inside a link", remedy)


def _plain(block: Element) -> str:
    """Return a block's words without links and emphasis."""
    words = []
    for node in shown_nodes(block):
        alternative = node.element.get("alt", "") if node.part == "text" else ""
        words.append(" " if node.is_break else node.words or alternative)
    return SPACE.sub(" ", "".join(words)).strip()


def without_pictures(html: Markup) -> Markup:
    """Return what is shown of some words where there is no room for a picture."""
    words = nh3.clean(html, tags=TAGS - {"img"}, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return Markup(words) if Markup(words).striptags() else Markup()  # noqa: S704 - as below


def _html(blocks: Iterable[Element], level: int, language: str) -> Markup:
    """Render blocks whose headings stand below one of `level`; this changes their tags."""
    blocks = list(blocks)
    for heading in elements(blocks, *HEADINGS):
        heading.tag = f"h{min(int(heading.tag[1]) + level - 1, 6)}"
    html = "".join(tostring(block, encoding="unicode", method="html") for block in blocks)
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return Markup(tied(clean, language))  # noqa: S704 - nh3 is what makes it safe
