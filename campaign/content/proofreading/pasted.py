"""Lists and tables as word processors make them: named once, with a fix for all of their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix

# Word's own bullets are letters of fonts that nobody else has: o, §, Ø, ü, v, q, with a tab behind them.
BULLET = re.compile(
    r"[\s\u200e\u200f]*(?:[•·▪●◦‣■□➢►▶➤❖⁃∙\uf0b7\uf0a7\uf0d8\uf0fc]\s*|[o§ØüvqÜ–—-]\t\s*)(?=\S)"
)
# One of them may be meant.
ARROW = re.compile(r"\s*(?:[→⇒✓✔✅☑★☆✗✘]\ufe0f? *(?=\S)|» +(?=\S)(?!.*«)|−(?=[^\W\d]))")
DASH = re.compile(r"\s*[–—] +(?=\S)")
# What only its writer may make a list of: people who speak, behind » or a dash, and ✗, which says "not".
MEANT = re.compile(r"\s*(?:[»—✗✘☆]|–.*[.!?…:][\"“”«»’]*\s*$)")
LISTED = frozenset(("de", "en", "nl"))  # in which – begins a list; elsewhere people speak behind it
TAB = re.compile(r"(?<=\S) *\t *")
NUMBER = re.compile(r"\s*(?:\d+|\w)[.)]\t")
CELL = re.compile(r"(?<!\\)\|")
SHORT = 40  # characters: whoever ends a line so early means it
PLAIN = re.compile(r"(?:[^\W\d_]|\d[^.)])(?!.*(?:\\| {2})$)")  # it begins a paragraph, and ends as it is
GOES_ON = re.compile(r"[\w,]$")  # how a line ends that the next one goes on with
UNSPACED = frozenset(("zh", "ja", "ko", "th"))
CELLS = "write it with | between its cells"
BEGIN = 'begin each line with "- "'
LISTS = (  # the sign of an entry, how many make a list, the fault, the remedy
    (BULLET, 1, 'a bullet "{}" that makes no list', BEGIN),
    (ARROW, 2, 'a bullet "{}" that makes no list', BEGIN),
    (DASH, 2, "dashes that make no list", f"{BEGIN}; where people speak, leave a line empty between them"),
)
Run = tuple[int, Sequence[str]]  # the first line's number, and the lines


def pasted(text: ProofText) -> Iterator[ContentError]:
    """Warn of each such list and table."""
    lines = text.written.split("\n")
    for sign, fewest, fault, remedy in LISTS:
        runs = list(_runs(lines, sign.match))
        for number, run in runs:
            if len(run) >= fewest:
                new = [sign.sub("- ", line, count=1) for line in run]
                spoken = sign is DASH and text.language.split("-")[0] not in LISTED
                sure = fewest == 1 or not (spoken or any(map(MEANT.match, run)))
                sure &= len(runs) > 1 or len(run) > 1  # one alone may be a paragraph
                shown = fault.format(run[0].strip().lstrip("\u200e\u200f")[:1])
                yield _warning(text, (number, run), shown, remedy, new if sure else None)
    for number, run in _runs(lines, _has_tabs):
        if len(run) > 1:
            yield _warning(text, (number, run), "a table drawn with tabs", CELLS, _table(run))


def run_together(text: ProofText) -> Iterator[ContentError]:
    """Warn of lines such as a poem's or an address's, of which a page makes one."""
    if text.language.split("-")[0] in UNSPACED:
        return
    for number, run in _runs(text.written.split("\n"), bool):
        if len(run) > 2 and all(len(line) <= SHORT and PLAIN.match(line) for line in run):
            remedy = "end each but the last with \\ where they are meant to stand below each other"
            new = [*(f"{line.rstrip()}\\" for line in run[:-1]), run[-1]]
            # A PDF parts what people wrote as one line anywhere.
            parted = all(GOES_ON.search(above) and below[0].islower() for above, below in pairwise(run))
            fault = "short lines that become one"
            yield _warning(text, (number, run), fault, remedy, None if parted else new)


def _runs(lines: Sequence[str], belongs: Callable[[str], object]) -> Iterator[Run]:
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


def _warning(
    text: ProofText, run: Run, fault: str, remedy: str, new: Sequence[str] | None = None
) -> ContentError:
    number, old = run
    fix = Fix(number, "\n".join(old), "\n".join(new)) if new else None
    told = text.warning(number, fault, remedy, fix)
    told.below = len(old) - 1
    return told


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
