"""A text beside the same one in the main language: figures, links and words that should agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from xml.etree.ElementTree import Element

from campaign.content.markup.tree import elements
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError

NUMBER = re.compile(r"\d+(?:[., \u00a0\u202f'’٬]\d{3})*(?!\d)")
MONTH = re.compile(
    r"(?i:\b(?:tháng|thg) )(?:1[0-2]|0?[1-9])(?!\d)|(?<!\d)(?:1[0-2]|[1-9])(?=[月월])"
)  # March
GROUPING = re.compile(r"\D")
AFTERNOON = re.compile(r"\b(\d{1,2})([:.]\d\d)?[ \u00a0]?p\.?m\b", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})[ \u00a0](?=thousand|tausend|tsd|tys|тыс|тис)", re.IGNORECASE)
BUDDHIST = re.compile(r"(?<=[\u0e01-\u0e4e.] )2[45]\d\d(?!\d)")  # a year that Thailand counts from 543 before
LONGEST = 99  # digits
LONG = 25  # characters: a shorter paragraph may be the same in two languages


def differing(text: ProofText, original: ProofText) -> Iterator[ContentError]:
    """Warn where a text and the one that it translates do not tell the same."""
    ours, theirs = text.parsed.blocks, original.parsed.blocks
    if len(ours) != len(theirs):
        fault = f"has {len(ours)} paragraphs and lists, {_called(original)} has {len(theirs)}"
        yield text.warning(0, fault, "translate what is missing, or take out what is too much")
        return
    said, said_there = (set().union(*map(_figures, blocks)) for blocks in (ours, theirs))
    for block, other in zip(ours, theirs, strict=True):
        yield from _block(text, block, original, other, said & said_there)


def _block(
    text: ProofText, block: Element, original: ProofText, other: Element, elsewhere: Collection[str]
) -> Iterator[ContentError]:
    line = text.parsed.lines[block]
    if len(block) != len(other) and block.tag == other.tag in {"ul", "ol"}:
        fault = f"{len(block)} entries, where {_called(original)} has {len(other)}"
        yield text.warning(0 if len(text.parsed.blocks) == 1 else line, fault, "translate what is missing")
    elif len(words_of(block)) >= LONG and words_of(block) == words_of(other):
        yield text.warning(line, f"is the same as in {_called(original)}", "translate it")
    elif words := _pictures(block, other):
        yield text.warning(
            line, f'the picture\'s words are those of {_called(original)}: "{words}"', "translate them"
        )
    elif (told := _missing(_figures(block), _figures(other), elsewhere)) and _missing(
        _figures(block, _whole), _figures(other, _whole), elsewhere
    ):
        yield text.warning(_line_of(text, block, told[0]), *_disagree(original, *told))
    elif told := _links(text, block, original, other):
        yield text.warning(line, *_disagree(original, *told))


def _called(text: ProofText) -> str:
    return f"{text.language}/{text.path.name}"


def _missing(
    ours: Counter[str], theirs: Counter[str], elsewhere: Collection[str] = ()
) -> tuple[str, str] | None:
    """Return the first of ours that they lack, and of theirs that we lack; "" for none.

    What both texts say somewhere, a translator may have moved, but not put in another's place.
    """
    more, less = ours - theirs, theirs - ours
    for each in () if more and less else (more, less):
        for one in elsewhere:
            del each[one]
    return (next(iter(more), ""), next(iter(less), "")) if more or less else None


def _disagree(original: ProofText, ours: str, theirs: str) -> tuple[str, str]:
    there = (
        f"where {_called(original)} has {theirs}" if theirs else f"which {_called(original)} does not have"
    )
    fault = f"has {ours}, {there}" if ours else f"lacks {theirs}, which {_called(original)} has"
    return fault, "make both say the same"


def _figures(block: Element, read: Callable[[str], str] = str) -> Counter[str]:
    return Counter(_numbers(read(words_of(block))))


def _whole(words: str) -> str:
    """Write 18 for 6 p.m., 12000 for 12 тысяч, and 2026 for 2569; others have 6 вечера, 12 mil, and 2026."""
    words = BUDDHIST.sub(lambda year: str(int(year[0]) - 543), words)
    words = AFTERNOON.sub(lambda time: f"{int(time[1]) % 12 + 12}{time[2] or ''}", words)
    return THOUSANDS.sub(r"\g<1>000 ", words)


def _numbers(words: str) -> Iterator[str]:
    """Yield each number in plain figures: ۱۲ is 12, 05.40 the 5.40 of others, and 3月 no number but March."""
    return (str(int(GROUPING.sub("", found)[:LONGEST])) for found in NUMBER.findall(MONTH.sub("", words)))


def _links(text: ProofText, block: Element, original: ProofText, other: Element) -> tuple[str, str] | None:
    """Return the first addresses that one block alone has; the part that names a language may differ."""
    ours, theirs = (
        Counter(href for link in elements([one], "a") if (href := link.get("href", "")).startswith("http"))
        for one in (block, other)
    )
    more = [(_nameless(href, text.language), href) for href in (ours - theirs).elements()]
    less = [(_nameless(href, original.language), href) for href in (theirs - ours).elements()]
    told = _missing(*(Counter(name for name, _ in links) for links in (more, less)))
    return (dict(more).get(told[0], ""), dict(less).get(told[1], "")) if told else None


def _nameless(address: str, language: str) -> str:
    return re.sub(rf"(?<=[/.=]){re.escape(language)}(?=[/.&?]|$)", "*", address)


def _pictures(block: Element, other: Element) -> str:
    ours, theirs = ([one.get("alt", "") for one in elements([each], "img")] for each in (block, other))
    return next((words for words in ours if words in theirs), "")


def _line_of(text: ProofText, block: Element, figure: str) -> int:
    """Find the line of a figure in a block that may run over several."""
    first = text.parsed.lines[block]
    lines = ((number, words) for number, words in sorted(text.lines.items()) if number >= first)
    told = (number for number, words in lines if figure in _numbers(words))
    return next(told, first)
