"""Slips of campaign.toml that run over lines: commas left out, a word processor's quotes, a text in two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaign.content.campaign_toml.toml_keys import reads_beyond
from campaign.content.conflict_lines import CHOOSE, CONFLICT

LIST = re.compile(r"\s*[\w-]+\s*=\s*\[")
WORDS = re.compile(r"""(\s*(?:"[^"]*"|'[^']*'))\s*(#.*)?$""")
LONG = re.compile(r"""(\s*[\w-]+\s*[:=]\s*)(["'“”„‟«»‘’‚]{3})(.*)$""")
LONG_END = re.compile(r"""(.*?)["'“”„‟«»‘’‚]{3}\s*$""")
STATEMENT = re.compile(r"\s*[\w-]+\s*=|\[")
BEGUN = re.compile(r'\s*[\w-]+\s*=\s*"[^"]*$')
ENDED = re.compile(r'[^"=\[\]]*"\s*$')
MOST = 200  # lines of one value
PARTED = 4  # lines over which a text was parted by hand
ADDRESS = re.compile(r"\s*address\s*=")  # whose lines stay lines
CONTACT = re.compile("@|https?:")  # but not that of a page or an e-mail


@dataclass(frozen=True)
class LineRun:
    """Lines from the first one on, and what they were meant to be."""

    first: int
    lines: Sequence[str]
    fault: str
    meant: str


def conflict(text: str) -> tuple[int, str, str] | None:
    """Return the first mark of two versions that met: its line, the fault, the remedy."""
    for number, line in enumerate(text.split("\n"), start=1):
        if CONFLICT.match(line):
            return number, f'a mark of a conflict: "{line[:40]}"', CHOOSE
    return None


def meant(text: str, number: int) -> LineRun | None:
    """Find how the lines from one on were meant, where more of the file can be read with it."""
    lines = text.split("\n")
    for run in _runs(lines[number - 1 : number - 1 + MOST], number):
        other = [*lines[: run.first - 1], run.meant, *lines[run.first - 1 + len(run.lines) :]]
        if reads_beyond("\n".join(other), run.first + run.meant.count("\n")):
            return run
    return None


def _runs(lines: Sequence[str], number: int) -> Iterator[LineRun]:
    yield from _without_commas(lines, number)
    yield from _long_text(lines, number)
    yield from _in_two(lines, number)


def _without_commas(lines: Sequence[str], number: int) -> Iterator[LineRun]:
    if not LIST.match(lines[0]):
        return
    wrong = [
        place
        for place, line in enumerate(lines[:-1])
        if place and WORDS.match(line) and lines[place + 1].lstrip()[:1] in {'"', "'"}
    ]
    if wrong:
        run = lines[wrong[0] : wrong[-1] + 1]
        ended = [WORDS.sub(_with_comma, line) if at in wrong else line for at, line in enumerate(lines)]
        value = "\n".join(ended[wrong[0] : wrong[-1] + 1])
        yield LineRun(number + wrong[0], run, "a list's line without its comma", value)


def _with_comma(found: re.Match[str]) -> str:
    return f"{found[1]},{'  ' + found[2] if found[2] else ''}"


def _long_text(lines: Sequence[str], number: int) -> Iterator[LineRun]:
    """Yield a text of several lines whose three quotes are those of a word processor, or of two kinds."""
    begun = LONG.match(lines[0])
    if not begun:
        return
    for place, line in enumerate(lines[1:], start=1):
        if STATEMENT.match(line):
            return
        if ended := LONG_END.match(line):
            value = [f'{begun[1]}"""{begun[3]}', *lines[1:place], f'{ended[1]}"""']
            fault = 'a text of several lines whose quotes are not """'
            yield LineRun(number, lines[: place + 1], fault, "\n".join(value))
            return


def _in_two(lines: Sequence[str], number: int) -> Iterator[LineRun]:
    """Yield a text of one line that somebody, or a mail, parted: no line of it alone was meant."""
    if not BEGUN.match(lines[0]):
        return
    address = ADDRESS.match(lines[0])
    for place, line in enumerate(lines[1 : 3 * PARTED if address else PARTED], start=1):
        if ENDED.match(line):
            if address and not CONTACT.search("".join(lines[: place + 1])):
                begun, _, first = lines[0].partition('"')
                inside = (first, *lines[1:place], line.rstrip().removesuffix('"'))
                value = "\n".join((f'{begun}"""', *(part.strip() for part in inside if part.strip()), '"""'))
                yield LineRun(number, lines[: place + 1], 'an address whose quotes are not """', value)
                return
            value = " ".join((lines[0].rstrip(), *(part.strip() for part in lines[1 : place + 1])))
            yield LineRun(number, lines[: place + 1], "a text that is parted over several lines", value)
            return
