"""Lists and tables as word processors make them: named once, with a fix for all of their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix

# Word's own bullets are letters of fonts that nobody else has: o, §, Ø, ü, v, q, with a tab behind them.
BULLET = re.compile(r"\s*(?:[•·▪●◦‣■□➢►▶➤❖⁃∙\uf0b7\uf0a7\uf0d8\uf0fc]\s*|[o§ØüvqÜ–—-]\t\s*)(?=\S)")
SPEECH = re.compile(r"\s*—")  # so people speak with each other in be, ru, uk and pl: of that nothing is made
# One of them may be meant. » also begins a quotation, in German and in Danish.
ARROW = re.compile(r"\s*(?:[→⇒✓✔✅☑★☆✗✘]\ufe0f? *(?=\S)|» +(?=\S)(?!.*«)|−(?=\S))")
DASH = re.compile(r"\s*[–—] +(?=\S)")
TAB = re.compile(r"(?<=\S) *\t *")
NUMBER = re.compile(r"\s*(?:\d+|\w)[.)]\t")
CELL = re.compile(r"(?<!\\)\|")
SEPARATORS = (";", ",")
# No row of a spreadsheet: a list, a table, a quotation, a link, an address, a character's name, a number.
NO_ROW = re.compile(r"\s*(?:[-*+>|]|\d+[.)]|\[)|.*?(?:://|]\(|&#?\w+;|\d,\d)")
FENCED = re.compile(r"\s*(?:`{3,}|~{3,})")
SHORT = 40  # characters: whoever ends a line so early means it
PLAIN = re.compile(r"(?:[^\W\d_]|\d[^.)])(?!.*(?:\\| {2})$)")  # it begins a paragraph, and ends as it is
UNSPACED = frozenset(("zh", "ja", "ko", "th"))
Run = tuple[int, Sequence[str]]  # the first line's number, and the lines


def pasted(text: ProofText) -> Iterator[ContentError]:
    """Warn of each such list and table."""
    lines = text.written.split("\n")
    for number, run in _runs(lines, lambda line: bool(BULLET.match(line))):
        shown = run[0].split()[0][:1]
        new = [BULLET.sub("- ", line, count=1) for line in run]
        yield _warning(
            text, (number, run), f'a bullet "{shown}" that makes no list', new, 'begin each line with "- "'
        )
    for number, run in _runs(lines, lambda line: bool(ARROW.match(line))):
        if len(run) > 1:
            new = [ARROW.sub("- ", line, count=1) for line in run]
            fault = f'a bullet "{run[0].strip()[:1]}" that makes no list'
            yield _warning(text, (number, run), fault, new, 'begin each line with "- "')
    for number, run in _runs(lines, lambda line: bool(DASH.match(line))):
        if len(run) > 1:
            remedy = 'begin each line with "- "; where people speak, leave a line empty between them'
            new = [DASH.sub("- ", line, count=1) for line in run]
            if any(SPEECH.match(line) for line in run):
                yield text.warning(number, "dashes that make no list", remedy)
            else:
                yield _warning(text, (number, run), "dashes that make no list", new, remedy)
    for number, run in _runs(lines, _has_tabs):
        if len(run) > 1:
            yield _warning(
                text,
                (number, run),
                "a table drawn with tabs",
                _table(run),
                "write it with | between its cells",
            )


def of_spreadsheets(text: ProofText) -> Iterator[ContentError]:
    """Warn of a table whose cells are parted as a spreadsheet's file parts them."""
    signs = [sign for sign in SEPARATORS if sign in text.written]
    lines = _without_code(text.written.split("\n")) if signs else []
    for sign in signs:
        for number, run in _runs(lines, partial(_is_row, sign)):
            columns = {line.count(sign) for line in run}
            if len(run) > 2 and len(columns) == 1 and not any(line.rstrip().endswith(sign) for line in run):
                new = _made(
                    [[CELL.sub(r"\|", cell.strip(' "')) for cell in line.split(sign)] for line in run]
                )
                fault, remedy = f'a table drawn with "{sign}"', "write it with | between its cells"
                if sign == ",":  # which stands in any words: that they are cells is for a person to see
                    told = text.warning(number, fault, remedy)
                    told.below = len(run) - 1
                    yield told
                else:
                    yield _warning(text, (number, run), fault, new, remedy)


def _is_row(sign: str, line: str) -> bool:
    return sign in line and f"{sign} " not in line and not NO_ROW.match(line)


def _without_code(lines: Sequence[str]) -> list[str]:
    """Return a text's lines, those between two fences empty: they are shown as they are."""
    fenced, shown = False, []
    for line in lines:
        fence = bool(FENCED.match(line))
        shown.append("" if fenced or fence else line)
        fenced ^= fence
    return shown


def run_together(text: ProofText) -> Iterator[ContentError]:
    """Warn of lines such as a poem's or an address's, of which a page makes one."""
    if text.language.split("-")[0] in UNSPACED:
        return
    for number, run in _runs(text.written.split("\n"), bool):
        if len(run) > 2 and all(len(line) <= SHORT and PLAIN.match(line) for line in run):
            remedy = "end each but the last with \\ where they are meant to stand below each other"
            new = [*(f"{line.rstrip()}\\" for line in run[:-1]), run[-1]]
            yield _warning(text, (number, run), "short lines that become one", new, remedy)


def _runs(lines: Sequence[str], belongs: Callable[[str], bool]) -> Iterator[Run]:
    """Yield the lines that belong together, one right below the other."""
    run: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip() and belongs(line):
            run.append(line)
        elif run:
            yield number - len(run), run
            run = []


def _has_tabs(line: str) -> bool:
    return bool(TAB.search(line)) and not NUMBER.match(line) and not BULLET.match(line)


def _table(run: Sequence[str]) -> list[str]:
    return _made([[CELL.sub(r"\|", cell.strip()) for cell in line.strip().split("\t")] for line in run])


def _made(rows: Sequence[list[str]]) -> list[str]:
    columns = max(map(len, rows))
    first, *others = (_row(row + [""] * (columns - len(row))) for row in rows)
    return [first, _row(["---"] * columns), *others]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _warning(text: ProofText, run: Run, fault: str, new: Sequence[str], remedy: str) -> ContentError:
    number, old = run
    return text.warning(number, fault, remedy, Fix(number, "\n".join(old), "\n".join(new)))


@dataclass(frozen=True)
class DrawnTable:
    """A table drawn with bars alone: its first and last line, and what makes one of it."""

    first: int
    last: int
    fix: Fix | None


def drawn(text: ProofText, number: int) -> DrawnTable:
    """Return the table that a line belongs to."""
    lines = text.written.split("\n")
    start = end = number - 1
    while start and _is_drawn(lines[start - 1]):
        start -= 1
    while end < len(lines) and _is_drawn(lines[end]):
        end += 1
    run = lines[start:end]
    rows = [[cell.strip() for cell in CELL.split(line.strip().strip("|"))] for line in run if _holds(line)]
    columns = max(map(len, rows), default=0)
    # Two lines of prose may end with a bar: a table has a rule, or bars in front, or three rows alike.
    ruled = not all(map(_holds, run)) or all(line.lstrip().startswith("|") for line in run)
    meant = ruled or (len(rows) > 2 and len(set(map(len, rows))) == 1)
    several = len(rows) > 1 and columns > 1 and meant
    fix = Fix(start + 1, "\n".join(run), "\n".join(_made(rows))) if several else None
    return DrawnTable(start + 1, end, fix)


def _holds(line: str) -> bool:
    """Tell whether a line holds more than what is drawn between two rows."""
    return bool(line.strip(" +-=|:_"))


def _is_drawn(line: str) -> bool:
    return "|" in line or (bool(line.strip()) and not _holds(line))
