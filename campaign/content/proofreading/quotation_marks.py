"""Quotation marks without their other one, and those with which English begins in another language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from campaign.content.markup.tree import HEADINGS
from campaign.content.markup.typography import ENGLISH, QUOTES
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

MARKS = re.compile('["“”„«»]')
AGAIN = re.compile(r"»\s?\w|»[¿¡—]")  # as Spanish and Greek begin each further paragraph
BEGUN = re.compile(r"(?<!\w)“(?=\w)([^“”\"]+)”")
INCHES = re.compile(r'\d"')
IN_HEBREW = re.compile('(?<=[א-ת])"(?=[א-ת])')  # the sign of an abbreviation, which every keyboard types so
OF_GERMAN = re.compile("„[^„“”]*“")  # whose last mark is the first one of others
OPENS = re.compile(r'(?:^|(?<=[\s(\[—–]))"(?=\S)')
INNER = str.maketrans("„“”", "«»»")  # of Belarusian, Russian and Ukrainian, as their keyboards write them
LISTS = frozenset(("ul", "ol"))
NEAR = 2  # blocks: a picture or a poem may stand between two paragraphs of one quotation
REMEDY = "write its other one, or take it out"


@dataclass
class _Opened:
    """A quotation that goes on below its block: the block's line, and the number of its last block."""

    line: int
    last: int


def unpaired(text: ProofText) -> Iterator[ContentError]:
    """Warn of each. What one paragraph opens, a list or a paragraph below it may close."""
    if not (first := MARKS.search(text.written)):
        return
    code = text.language.split("-")[0]
    usual = QUOTES["es"] if first[0] == "«" and code != "en" else ENGLISH  # Arabic, Azerbaijani, Norwegian
    signs = [sign.strip() for sign in QUOTES.get(code, usual)]
    english = "“" not in (signs[0], signs[2]) and code != "ja"  # which stresses words so
    opened: _Opened | None = None
    for number, (block, line) in enumerate(text.elements("p", "li", *HEADINGS)):
        words = _own_words(block)
        if signs[0] != "„":
            words = OF_GERMAN.sub("", words)
        if english and (found := BEGUN.search(words)):
            yield _of_english(text, line, found)
            continue
        if code in {"be", "ru", "uk"}:
            words = words.translate(INNER)
        near = opened and block.tag == "p" and number - opened.last <= NEAR
        goes_on = near and words.startswith((signs[0], '"'))
        again = near and signs[1] == "»" and AGAIN.match(words)
        more = _opened_in(words, signs) - bool(goes_on) + bool(again)
        if opened and (block.tag in HEADINGS or more > 0):
            yield text.warning(opened.line, "a quotation mark that is not closed", REMEDY)
            opened = None
        if (goes_on or again) and opened:
            opened.last = number
        if more > 0:
            opened = _Opened(line, number)
        elif more < 0 and not opened and (code == "en" or code in QUOTES or first[0] == signs[0]):
            yield text.warning(line, "a quotation mark that nothing opens", REMEDY)
        elif more < 0:
            opened = None
    if opened:
        yield text.warning(opened.line, "a quotation mark that is not closed", REMEDY)


def _own_words(block: Element) -> str:
    """Return what a block shows without the lists and paragraphs in it, which come by themselves."""
    inner = [child for child in block if child.tag in LISTS or child.tag == "p"]
    if not inner:
        return words_of(block)
    own = Element("p")
    own.text = block.text
    own.extend(child for child in block if child not in inner)
    return words_of(own)


def _opened_in(words: str, signs: Sequence[str]) -> int:
    """Count the marks that are opened and not closed, less those that are closed and not opened."""
    straight = IN_HEBREW.sub("", words) if not INCHES.search(words) else ""
    opening = len(OPENS.findall(straight))
    more = words.count(signs[0]) - words.count(signs[1]) + 2 * opening - straight.count('"')
    return 0 if more < 0 and re.search(rf"\d{signs[1]}", words) else more  # 10” are inches


def _of_english(text: ProofText, line: int, found: re.Match[str]) -> ContentError:
    lines = text.written.split("\n")
    number = next((n for n in range(line, len(lines) + 1) if found[0] in lines[n - 1]), line)
    fix = Fix(number, found[0], f'"{found[1]}"')
    fault = f"quotation marks as English has them: {found[0][:40]}"
    return text.warning(number, fault, f"write {fix.new}", fix)
