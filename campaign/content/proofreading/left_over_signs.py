"""Signs that a reader would see as they were typed, blanks that nobody filled in, and addresses left bare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from html.entities import html5

from campaign.content.markup.line_numbers import LinePart
from campaign.content.proofreading import fillers, program_words, typed_addresses
from campaign.content.proofreading.pasted import LISTED, drawn
from campaign.content.proofreading.proof_text import BLANK, ProofText
from campaign.errors import ContentError, Fix

PLAIN = "or a \\ before each that is meant"
BEHIND = "leave a plain space behind it"
CHARACTER = "write the character itself"
BRACKETS = "write a link as [words](address) without a gap; a plain [ is written \\["
TABLE = "write |---|---| below its first row, with as many columns; a plain | is written \\|"
NOTE = "write [^1] behind the words that it is about, and [^1]: here"
LONE_NUMBER = 'a footnote\'s number "{}", which leads nowhere'
FOLD = "a fold begins with ::: details and its heading, and ends with :::; no other box is taken"
# Each: what is looked for, the fault, the remedy. The first that is found on a line is told.
SIGNS = (
    (program_words.PATTERN, 'words of a program and of nobody else: "{}"', "take them out"),
    (fillers.PATTERN, 'a blank that nobody filled in: "{}"', "write what belongs there"),
    (r"\[[ xX]\](?= |$)", 'a box to tick "{}"', "take the brackets out"),
    (r"\[\d{1,2}\](?![(\[])", LONE_NUMBER, NOTE),
    (typed_addresses.NO_LINK.pattern, 'a bracket is left over: "{}"', BRACKETS),
    (
        r"\[(?:[^\[\]]{1,40})\](?![(\[])",
        'a blank in brackets: "{}"',
        "write what belongs there, or a link as [words](address); a plain [ is written \\[",
    ),
    (r"\[[^\]]{0,40}\]?|\]\(?", 'a bracket is left over: "{}"', BRACKETS),
    (r"\*+", 'the sign "{}" is left over', "put it right before and right after the words, " + PLAIN),
    (r"(?<!\w)_+|_+(?!\w)", 'the sign "{}" is left over', "put it before and after the words, " + PLAIN),
    (r"`+", 'the sign "{}" is left over', "put it before and after the word, " + PLAIN),
    (r"~~+", 'the sign "{}" is left over', "put ~~ right before and right after the words, " + PLAIN),
    (r"\$\$", 'the sign "{}" is left over', "write it in words; formulas are not taken"),
    (r"==+|(?<!\w)\+\+", 'the sign "{}" is left over', "take it out; words are not marked here"),
    (
        r"%\(\w+\)s|\$\{\w+\}|\{\{?[^{}]*\}?|\}+",
        'a brace is left over: "{}"',
        "take it out, or write it as {{ name }}",
    ),
    (r"(?<!\w):[a-z][a-z0-9_-]*:(?!\w)", 'a code for an emoji: "{}"', "write the emoji itself"),
    (r"(?<!\S)\||\|(?!\S)", 'a table drawn with "{}"', TABLE),
    *typed_addresses.SIGNS,
)
BEGINNINGS = (
    (r"#{2,6}(?:\u00a0+|(?=[^ #]))", 'the heading\'s sign "{}" is left over', BEHIND),
    (r"#{7,}", 'the sign "{}" is left over', "begin a heading with two to six # and a space"),
    (r":{3,}(?: ?\w+)?", 'the sign "{}" is left over', FOLD),
    (r":(?= \S)", 'the sign "{}" is left over', "write a list: - **the word**: what it means"),
    (r"[¹²³⁰⁴-⁹]+ (?=\S)", LONE_NUMBER, NOTE),
    (r"[-+](?:\u00a0+|(?=[^\W\d]))", 'a list\'s sign "{}" without a space', BEHIND),
    (r"\d{1,2}[.)](?=[^\W\d]|$)", 'a list\'s number "{}" without a space', BEHIND),
)
TOGETHER = (  # faces of one slip
    ("the sign", "a bracket", "a brace", "a blank in", "a box"),
    ("a bracket", "a blank in", "a bare address"),
)
Sign = tuple[re.Pattern[str], str, str]
PATTERNS = tuple((re.compile(sign, re.MULTILINE), fault, remedy) for sign, fault, remedy in SIGNS)
FIRST_BEGINNING = re.compile("|".join(f"({sign})" for sign, _, _ in BEGINNINGS))
# In a quotation: what is left out, and what was put in. Footnotes are told by shapes.
# Nobody puts in "name" for what somebody said: that is a letter's blank, quoted or not.
BLANK_FOR = (
    "(?:(?:your |first |full |last )?names?|date|link|number|(?:vor|nach)?name|datum|zahl|imię|nazwisko|data"
    "|имя|фамилия|дата|ссылка|імя|ім’я|прозвішча|прізвище|спасылка|посилання)"
)
LEFT_OUT = re.compile(
    r"\[(?:…|\.\.\.|[Ss]ic!?|\d{4}|\^[^\]\s]+|[^\W\d_](?=\][^\W\d_]))\]"
    rf"|(?<=\w )\[(?!{BLANK_FOR}\])[^\W\d_A-ZÀ-ÞА-ЯЎІЇЄ][^\[\]]{{1,40}}\](?=[^“„«\n]{{0,300}}[”“»\"])"
)
LINK_WORDS = re.compile(r"\[([^\[\]\n]{1,300})(?:\][(\[]|$)")
ENTITY = re.compile(r"&#?(\w{2,8});?")
LONGEST = 40


def left_over(text: ProofText) -> Iterator[ContentError]:
    """Warn of each sign that is left over, once for lines that follow each other."""
    last: dict[str, int] = {}  # the line on which each was found
    passed: set[int] = set()  # lines that were told with others
    passed_box = False
    signs = _in_any_line(text)
    lines = text.written.split("\n")
    for part in text.parts:
        for fault, remedy, found in _each(part, signs):
            if (part.number in passed and remedy == TABLE) or (passed_box and found == ":::"):
                continue
            passed_box |= remedy == FOLD  # whose end is another line
            if fault.startswith("a bare address") and _in_link(found, lines[part.number - 1]):
                continue
            if remedy == TABLE:
                table = drawn(text, part.number)
                passed.update(range(table.first, table.last + 1))
                yield text.warning(table.first, fault.format(found), remedy, table.fix)
            elif last.get(fault, -1) not in {part.number - 1, part.number}:
                shown = found.strip() if len(found) <= LONGEST else f"{found[:LONGEST]} …"
                speaks = found.strip() == "-" and text.language.split("-")[0] not in LISTED
                fix = None if speaks else _fix(part.number, remedy, found)
                yield text.warning(part.number, fault.format(shown), remedy.replace("{}", shown), fix)
            last[fault] = part.number


def _in_link(address: str, line: str) -> bool:
    """Tell whether an address stands in a link's words: it leads somewhere already."""
    return address in line and any(address in words[1] for words in LINK_WORDS.finditer(line))


def _in_any_line(text: ProofText) -> Sequence[Sign]:
    """Return what is found somewhere in a text: a look at each line for all of them would take far longer."""
    words = _looked_at("\n".join(part.words for part in text.parts))
    return [sign for sign in PATTERNS if sign[0].search(words)]


def _looked_at(words: str) -> str:
    """Return words without what looks like a slip and is none."""
    return LEFT_OUT.sub(BLANK, words) if "[" in words else words


def _each(written: LinePart, signs: Sequence[Sign]) -> Iterator[tuple[str, str, str]]:
    """Yield what is found on a line, each in a place of its own; of signs that go together, one."""
    words = _looked_at(written.words)
    part = replace(written, words=words) if words != written.words else written
    if part.begins and (begun := FIRST_BEGINNING.match(part.words)):
        yield (*BEGINNINGS[(begun.lastindex or 1) - 1][1:], begun[0])
        return
    told: dict[str, re.Match[str]] = {}
    for sign, fault, remedy in signs:
        found = sign.search(part.words)
        if found and not any(_meet(found, one) or _go_together(fault, other) for other, one in told.items()):
            told[fault] = found
            yield fault, remedy, found[0]
    for entity in () if told else ENTITY.finditer(part.words):
        if entity[1] in html5 or f"{entity[1]};" in html5:
            yield 'a character by its name "{}"', CHARACTER, entity[0]
            return


def _go_together(fault: str, other: str) -> bool:
    return any(fault.startswith(faces) and other.startswith(faces) for faces in TOGETHER)


def _meet(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _fix(number: int, remedy: str, found: str) -> Fix | None:
    """Mend a sign where what was meant is beyond doubt."""
    if remedy == BEHIND:
        return Fix(number, found, f"{found.strip()} ")
    if address := typed_addresses.mended(found, remedy):
        return Fix(number, found, address)
    return Fix(number, found, unescape(found)) if remedy == CHARACTER else None
