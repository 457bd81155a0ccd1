"""An editor's text, read and checked: placeholders filled, links and pictures resolved, every fault noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown.util import STX

from campaign.content import conflict_lines, front_matter, placeholders
from campaign.content.editors_file import OF_ITS_OWN, Source, nearest
from campaign.content.markup import parse_cache
from campaign.content.markup.dialect import HTML, Parsed
from campaign.content.markup.folds import OPEN
from campaign.content.markup.footnotes import NAME, NOTES
from campaign.content.markup.line_numbers import LinePart
from campaign.content.markup.tree import TooDeep, TooLarge, elements, plain_words
from campaign.content.story_pictures import SUFFIXES, StoryPictures
from campaign.errors import Fix

SITE = re.compile(r"<((?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"]*)?)>")  # an address without its scheme
TAG_NAME = re.compile(r"</?([^\s/<>]*).*")
UNREAD = (
    (re.compile(r"(?:[*+-]|1[.)]) "), "a list inside a paragraph", "leave the line above the list empty"),
    (re.compile(r"```|~~~"), "a block of code", "take the lines of ``` or ~~~ out"),
    (re.compile(r"=+ *$"), "an underline below several lines", 'begin a heading with "## ", on one line'),
)
MAILBOX = re.compile(r"(?!.*@\dx\.)[\w.+-]+@[\w-]+\.[\w.-]*\w")  # photo@2x.png is a picture
FENCE = re.compile(r" *```\w* *")
SCHEMES = {"https", "http", "mailto", "tel"}
FILE = "file"  # the attribute that holds a picture's name; no page shows it
# Python-Markdown copies or searches a paragraph for each sign in it: signs times length, summed, as measured.
MOST_WORK = 50_000_000
SIGN = re.compile(r"[\\*_`&<!\"'~]")
BRACKET_WORK = 25  # signs
LINE = re.compile(r"^[ >]*+(?:=++|[-*_ ]++)$", re.MULTILINE)  # an underline or a rule
LINE_WORK = 20  # signs
MOST_NOTES = 200  # the library looks through all of them for each
OPEN_COMMENT = ("a comment that goes on as text", "end it with --> at the end of a line")
CONTROLS = dict.fromkeys({*range(32), 0xFFFE, 0xFFFF} - {9, 10}, " ")  # no feed may hold one


@dataclass(frozen=True)
class Context:
    """What a text can refer to: placeholders, pages by file name, pictures by file name."""

    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    pictures: StoryPictures = field(default_factory=StoryPictures)
    url: str = ""  # below which the pictures are published


def read(source: Source, context: Context) -> Parsed | None:
    """Read a text, note what it may not hold, and have its links and pictures lead somewhere."""
    if front_matter.found_in(source) or conflict_lines.found_in(source):
        return None
    placeholders.check(source, context.values)
    if not _fit_to_parse(source):
        return None
    shown = source.text.translate(CONTROLS)
    try:
        parsed = parse_cache.read(placeholders.filled(shown, context.values), context.language)
    except TooDeep:
        source.fault(0, "is nested too deeply", "take lists out of lists, and quotations out of quotations")
        return None
    except TooLarge as error:
        source.fault(0, f"holds {error}", "show the few that matter, and link to a page that has them all")
        return None
    for line in parsed.open_comments:
        source.fault(line, *OPEN_COMMENT)
    _check_lines(parsed.words, source)
    _check_fences(parsed, source)
    _check_delimiters(parsed, source)
    _check_html(parsed, source)
    _check_folds_and_footnotes(parsed, source)
    for link in elements(parsed.blocks, "a"):
        _check_link(link, parsed.lines[link], source, context)
    for picture in elements(parsed.blocks, "img"):
        _check_picture(picture, parsed.lines[picture], source, context)
    return parsed


def _fit_to_parse(source: Source) -> bool:
    """Tell whether no paragraph holds so many signs that reading it takes minutes."""
    if source.text.count("[^") > 2 * MOST_NOTES:
        source.fault(0, f"holds more than {MOST_NOTES} footnotes", "say some of them in the text")
        return False
    line, work = 1, 0
    for paragraph in source.text.split("\n\n"):
        signs = len(SIGN.findall(paragraph)) + BRACKET_WORK * paragraph.count("[")
        work += len(paragraph) * (signs + LINE_WORK * len(LINE.findall(paragraph)))
        if work > MOST_WORK:
            remedy = "take them out, or make paragraphs of it"
            source.fault(line, "holds too many [ or other signs in one paragraph", remedy)
            return False
        line += paragraph.count("\n") + 2
    return True


def _check_lines(lines: Iterable[LinePart], source: Source) -> None:
    """Note what would be shown to everybody as it was typed, because it stands where it cannot be read."""
    for line in lines:
        for written, fault, remedy in UNREAD:
            if line.begins and written.match(line.words):
                source.fault(line.number, fault, remedy)


def _check_fences(parsed: Parsed, source: Source) -> None:
    """Note blocks of code, of which Python-Markdown makes a stretch of code within a paragraph."""
    _, fault, remedy = UNREAD[1]
    lines = source.text.split("\n")
    for code in elements(parsed.blocks, "code"):
        if "\n" in (code.text or ""):
            first = parsed.lines[code]
            fences = (n for n in range(first, len(lines) + 1) if FENCE.fullmatch(lines[n - 1]))
            if number := next(fences, 0):
                source.fault(number, fault, remedy)


def _check_delimiters(parsed: Parsed, source: Source) -> None:
    """Note emphasis whose delimiters Python-Markdown cannot pair: its own signs stay in the text."""
    for element in elements(parsed.blocks):
        if STX in (element.text or "") + (element.tail or ""):
            remedy = "take some of the * and _ out, or write them \\* and \\_"
            source.fault(parsed.lines[element], "emphasis in a tangle", remedy)


def _check_folds_and_footnotes(parsed: Parsed, source: Source) -> None:
    """Note folds without a heading, words or an end, and footnotes without words or of one name."""
    for fold in elements(parsed.blocks, "details"):
        line = parsed.lines[fold]
        if not plain_words(fold[0]):
            source.fault(
                line, "a fold without a heading", "write what it holds: ::: details What the law says"
            )
        elif OPEN in fold.attrib:
            source.fault(line, "a fold that does not end", "write ::: on a line of its own where it ends")
        elif len(fold) == 1:
            source.fault(line, "a fold that holds nothing", "write what it holds above its :::")
    for note in (entry for notes in elements(parsed.blocks, NOTES) for entry in notes[0]):
        if not plain_words(note):
            source.fault(
                parsed.lines[note], "a footnote without words", "write what it says behind the colon"
            )
    for line, name in parsed.twice.items():
        source.fault(line, f"a second footnote [^{name}]", "give it a name of its own, in the text as well")


def _check_html(parsed: Parsed, source: Source) -> None:
    """Note HTML, one fault a pair of tags, and take it out."""
    opened: list[str] = []
    for element in list(elements(parsed.blocks, HTML)):
        tag = (element.text or "").split("\n")[0]
        name = TAG_NAME.sub(r"\1", tag)
        if tag.startswith("<!--"):
            source.fault(parsed.lines[element], *OPEN_COMMENT)
        elif tag.startswith("</") and name in opened:
            opened.remove(name)
        else:
            opened.append(name)
            line, site = parsed.lines[element], SITE.fullmatch(tag)
            right = f"<https://{site[1]}>" if site else ""
            remedy = f"write {right}" if right else "write it in Markdown; a plain < is written \\<"
            source.fault(line, f"holds HTML: {tag[:40]}", remedy, Fix(line, tag, right) if right else None)
        behind = element.tail
        element.clear()
        element.tail = behind


def _check_link(link: Element, line: int, source: Source, context: Context) -> None:
    href = link.get("href", "")
    name, _, anchor = href.partition("#")
    scheme = href.partition(":")[0].strip().lower() if ":" in href else ""
    if name in context.pages:
        link.set("href", context.pages[name] + (f"#{anchor}" if anchor else ""))
    elif " " in href:
        remedy = 'write it without spaces, and close the quote of a title: [words](https://… "title")'
        source.fault(line, f'a link to "{href[:40]}"', remedy)
    elif scheme in SCHEMES:
        link.set("rel", "noopener noreferrer")
    elif scheme:
        source.fault(line, f'a link to "{href[:40]}"', "link to an address that begins with https://")
    elif (name or not anchor) and NAME not in link.attrib:
        if right := _address(href):
            fault = f'a link to "{href[:40]}", which is no whole address'
            source.fault(line, fault, f"write {right}", Fix(line, f"]({href}", f"]({right}"))
            return
        near = nearest(name, context.pages)
        remedy = f"did you mean {near}? Or " if near else ""
        remedy += f"write the whole address with https://, or one of {', '.join(context.pages)}"
        fix = Fix(line, f"]({name}", f"]({near}") if near else None
        source.fault(line, f'a link to "{href[:40]}", which is not there', remedy, fix)


def _address(href: str) -> str:
    """Return the whole address of a website or a mailbox; "" where a page of ours may be meant."""
    if MAILBOX.fullmatch(href):
        return f"mailto:{href}"
    return f"https://{href}" if href.startswith("www.") else ""


def _check_picture(picture: Element, line: int, source: Source, context: Context) -> None:
    name = picture.get("src", "")
    if name.startswith("data:"):
        source.fault(line, "a picture within the text itself", OF_ITS_OWN)
        return
    if not picture.get("alt", "").strip():
        remedy = f"say what it shows, for those who cannot see it: ![a candle in a window]({name})"
        source.fault(line, f'the picture "{name}" has no words', remedy)
    published = context.pictures.published(name)
    if published is None:
        near = nearest(name.replace("\\", "/").rpartition("/")[2], context.pictures.files, alike=0.75)
        fix = Fix(line, f"]({name}", f"]({near}") if near else None
        remedy = (f"did you mean {near}? Or " if near else "") + _picture_remedy(name)
        source.fault(line, f'the picture "{name}" is not there', remedy, fix)
        return
    picture.set("src", context.url + quote(published))
    picture.set("loading", "lazy")
    picture.set(FILE, published)


def _picture_remedy(name: str) -> str:
    from campaign.cards.illustration.file_kinds import HEIC_ENDINGS, HEIC_REMEDY  # late, for the receiver

    suffix = f".{name.rpartition('.')[2]}".lower()
    if suffix in SUFFIXES or "." not in name:
        return "put the file beside this one, or correct its name"
    if suffix in HEIC_ENDINGS:
        return f"put it beside this one as JPEG, and name that: {HEIC_REMEDY}"
    return "put it beside this one as JPEG, PNG, WebP or SVG, and name that"
