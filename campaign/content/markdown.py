"""Markdown to safe HTML: headings, links, pictures and {{ placeholders }} checked, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

import nh3
from markdown.util import STX
from markupsafe import Markup

from campaign.content.markup import dialect
from campaign.content.markup.dialect import HTML, Reading
from campaign.content.markup.numbers import Words
from campaign.content.markup.tree import BLOCKS, HEADINGS, TooDeep, pieces
from campaign.content.source import Source, did_you_mean

PLACEHOLDER = re.compile(r"\{\{[ \t]*(.*?)[ \t]*\}\}")
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what a backslash makes plain in Markdown
TAG_NAME = re.compile(r"</?([^\s/<>]*).*")
UNREAD = (
    (re.compile(r"(?:[*+-]|1[.)]) "), "a list inside a paragraph", "leave the line above the list empty"),
    (re.compile(r"```|~~~"), "a block of code", "take the lines of ``` or ~~~ out"),
    (re.compile(r"=+ *$"), "an underline below several lines", 'begin a heading with "## ", on one line'),
)
SCHEMES = {"https", "http", "mailto", "tel"}
TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "em", "strong"}
TAGS |= {"a", "img", "blockquote", "code", "hr", "br"}
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
}
FILE = "file"  # the attribute that holds a picture's name; no page shows it
SPACE = re.compile(r"[ \n]+")
MOST_LOOKED_AT = 2_000_000  # characters, each of the brackets of a paragraph having to look through all of it
OPEN_COMMENT = ("a comment that goes on as text", "end it with --> at the end of a line")


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
    reading = _read(source, place)
    if reading is None:
        return Document("", "", Markup(), Markup())
    heading, blocks = _heading(reading, source)
    _check_levels(blocks, reading, source)
    if not blocks:
        source.fault(0, "nothing stands below the heading", "write at least one paragraph")
    lead = blocks[:1] if blocks and blocks[0].tag == "p" else []
    return Document(
        title=_plain(heading) if heading is not None else "",
        lead="".join(map(_plain, lead)),
        lead_html=_html(lead, level),
        body_html=_html(blocks[len(lead) :], level),
        pictures=tuple(picture.get(FILE, "") for picture in _all(reading.blocks, "img")),
    )


def bullets(source: Source, place: Place) -> tuple[Bullet, ...]:
    """Read a text that is one bullet list of plain words."""
    reading = _read(source, place)
    if reading is None:
        return ()
    found: list[Bullet] = []
    for block in reading.blocks:
        if block.tag == "ul":
            found += (bullet for item in block if (bullet := _bullet(item, reading, source)))
        else:
            remedy = 'take it out, or begin it with "- "'
            source.fault(reading.lines[block], "not an entry of the bullet list", remedy)
    if not found:
        source.fault(0, "holds no bullet list", 'begin each entry on a line of its own with "- "')
    return tuple(found)


def _bullet(item: Element, reading: Reading, source: Source) -> Bullet | None:
    line = reading.lines[item]
    blocks = [child for child in item if child.tag in BLOCKS]
    if [block.tag for block in blocks] not in ([], ["p"]) or not _plain(item):
        further = [block for block in blocks if block.tag != "p"] or blocks[1:] or [item]
        remedy = 'begin each entry with "- ", and write it in one piece'
        source.fault(reading.lines[further[0]], "an entry is not one paragraph", remedy)
        return None
    if any(child.tag not in BLOCKS for child in item.iter() if child is not item):
        remedy = "take out links, marks and pictures"
        source.fault(line, "an entry holds more than plain words", remedy)
    return Bullet(_plain(item), line)


def paragraph(source: Source, place: Place) -> str:
    """Read a text that is one paragraph, as plain words."""
    reading = _read(source, place)
    if reading is None:
        return ""
    if [block.tag for block in reading.blocks] == ["p"]:
        return _plain(reading.blocks[0])
    source.fault(1, "is more than one paragraph", "write one paragraph of plain words")
    return ""


def _read(source: Source, place: Place) -> Reading | None:
    """Read a text, note what it may not hold, and have its links and pictures lead somewhere."""
    _check_placeholders(source, place)
    if not _fit_to_parse(source):
        return None
    try:
        reading = dialect.read(_filled(source.text, place.values), place.language)
    except TooDeep:
        source.fault(0, "is nested too deeply", "take lists out of lists, and quotations out of quotations")
        return None
    for line in reading.open_comments:
        source.fault(line, *OPEN_COMMENT)
    _check_lines(reading.words, source)
    _check_marks(reading, source)
    _check_html(reading, source)
    for link in _all(reading.blocks, "a"):
        _check_link(link, reading.lines[link], source, place)
    for picture in _all(reading.blocks, "img"):
        _check_picture(picture, reading.lines[picture], source, place)
    return reading


def _check_placeholders(source: Source, place: Place) -> None:
    for number, line in enumerate(source.text.split("\n"), start=1):
        for name in PLACEHOLDER.findall(line):
            if name not in place.values:
                fault = f"unknown placeholder {{{{ {name} }}}}"
                source.fault(number, fault, did_you_mean(name, place.values))
        if "{{" in PLACEHOLDER.sub("", line):
            source.fault(number, "a placeholder that does not end", "end it with }} on the same line")


def _fit_to_parse(source: Source) -> bool:
    """Tell whether no paragraph holds so many brackets that looking for the end of each takes minutes."""
    line, fit = 1, True
    for paragraph in source.text.split("\n\n"):
        if paragraph.count("[") * len(paragraph) > MOST_LOOKED_AT:
            source.fault(line, "holds too many [ in one paragraph", "take them out, or make paragraphs of it")
            fit = False
        line += paragraph.count("\n") + 2
    return fit


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        # A name that is not known stands for itself, so that the text around it keeps its shape.
        return PUNCTUATION.sub(r"\\\1", values.get(found[1]) or found[1] or "…")

    return PLACEHOLDER.sub(value, text)


def _check_lines(lines: Iterable[Words], source: Source) -> None:
    """Note what would be shown to everybody as it was typed, because it stands where it cannot be read."""
    for line in lines:
        for written, fault, remedy in UNREAD:
            if line.begins and written.match(line.words):
                source.fault(line.number, fault, remedy)


def _check_marks(reading: Reading, source: Source) -> None:
    """Note emphasis that Python-Markdown cannot disentangle: its own signs stay in the text."""
    for element in _all(reading.blocks):
        if STX in (element.text or "") + (element.tail or ""):
            remedy = "take some of the * and _ out, or write them \\* and \\_"
            source.fault(reading.lines[element], "emphasis in a tangle", remedy)


def _check_html(reading: Reading, source: Source) -> None:
    """Note HTML, one fault a pair of tags, and take it out."""
    opened: list[str] = []
    for element in list(_all(reading.blocks, HTML)):
        tag = (element.text or "").split("\n")[0]
        name = TAG_NAME.sub(r"\1", tag)
        if tag.startswith("<!--"):
            source.fault(reading.lines[element], *OPEN_COMMENT)
        elif tag.startswith("</") and name in opened:
            opened.remove(name)
        else:
            opened.append(name)
            remedy = "write it in Markdown; a plain < is written \\<"
            source.fault(reading.lines[element], f"holds HTML: {tag[:40]}", remedy)
        behind = element.tail
        element.clear()
        element.tail = behind


def _check_link(link: Element, line: int, source: Source, place: Place) -> None:
    href = link.get("href", "")
    name, _, anchor = href.partition("#")
    scheme = href.partition(":")[0].strip().lower() if ":" in href else ""
    if name in place.pages:
        link.set("href", place.pages[name] + (f"#{anchor}" if anchor else ""))
    elif " " in href:
        remedy = 'write it without spaces, and close the quote of a title: [words](https://… "title")'
        source.fault(line, f'a link to "{href[:40]}"', remedy)
    elif scheme in SCHEMES:
        link.set("rel", "noopener noreferrer")
    elif scheme:
        source.fault(line, f'a link to "{href[:40]}"', "link to an address that begins with https://")
    elif name or not anchor:
        remedy = f"write the whole address with https://, or one of {', '.join(place.pages)}"
        source.fault(line, f'a link to "{href[:40]}", which is not there', remedy)


def _check_picture(picture: Element, line: int, source: Source, place: Place) -> None:
    name = picture.get("src", "")
    if not picture.get("alt", "").strip():
        remedy = f"say what it shows, for those who cannot see it: ![a candle in a window]({name})"
        source.fault(line, f'the picture "{name}" has no words', remedy)
    if name not in place.pictures:
        remedy = "put the file beside this one, or correct its name"
        source.fault(line, f'the picture "{name}" is not there', remedy)
    picture.set("src", place.pictures.get(name, ""))
    picture.set("loading", "lazy")
    picture.set(FILE, name)


def _heading(reading: Reading, source: Source) -> tuple[Element | None, list[Element]]:
    """Split the text's one level-1 heading from what stands below it."""
    title = next((block for block in reading.blocks if block.tag == "h1"), None)
    blocks = [block for block in reading.blocks if block is not title]
    if title is None:
        source.fault(1, "no heading", 'begin the file with a line such as "# The heading"')
        return None, blocks
    for further in _all(blocks, "h1"):
        source.fault(reading.lines[further], "a second level-1 heading", 'begin it with "##"')
    if title is not reading.blocks[0]:
        source.fault(reading.lines[title], "the heading is not first", "move it to the top of the file")
    return title, blocks


def _check_levels(blocks: Sequence[Element], reading: Reading, source: Source) -> None:
    above = 1
    for heading in _all(blocks, *HEADINGS):
        level = int(heading.tag[1])
        if level > above + 1:
            fault = f"the heading jumps from level {above} to {level}"
            source.fault(reading.lines[heading], fault, f'begin it with "{"#" * (above + 1)}"')
        above = level


def _all(blocks: Iterable[Element], *tags: str) -> Iterator[Element]:
    """Return every element in blocks, or those of some tags, in reading order."""
    for block in blocks:
        yield from (element for element in block.iter() if not tags or element.tag in tags)


def _plain(block: Element) -> str:
    """Return a block's words without its marks."""
    words = []
    for piece in pieces(block):
        if piece.element is not block or piece.part == "text":
            alternative = piece.element.get("alt", "") if piece.part == "text" else ""
            words.append(" " if piece.is_break else piece.words or alternative)
    return SPACE.sub(" ", "".join(words)).strip()


def _html(blocks: Iterable[Element], level: int) -> Markup:
    """Render blocks whose headings stand below one of `level`; this changes their tags."""
    blocks = list(blocks)
    for heading in _all(blocks, *HEADINGS):
        heading.tag = f"h{min(int(heading.tag[1]) + level - 1, 6)}"
    html = "".join(tostring(block, encoding="unicode", method="html") for block in blocks)
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return Markup(clean)  # noqa: S704 - nh3 is what makes it safe
