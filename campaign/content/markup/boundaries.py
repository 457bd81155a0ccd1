"""Lines that make a block of their own wherever they stand: a fold's fences, and a table's first row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from campaign.content.markup.indentation import Line

FENCE = re.compile(r" {0,3}:{3,}(?: *(?:details\b.*)?)$")
# |---|---|; nothing of it is tried twice, however long the line is
TABLE_RULE = re.compile(r"\|?(?: *+:?-++:? *+\|)*+ *+(?::?-++:? *+)?")
NOBODYS = Line(0, "")


def apart(lines: Iterable[Line]) -> Iterator[Line]:
    """Set such lines off by empty ones, where Python-Markdown looks for them."""
    fenced = False
    for line, below in pairwise(chain(lines, [NOBODYS])):
        fence = bool(FENCE.match(line.words))
        if fenced or fence or heads_a_table(line.words, below.words):
            yield NOBODYS
        yield line
        fenced = fence


def heads_a_table(words: str, below: str) -> bool:
    """Tell whether a line is a table's first row, by the line below it."""
    return "|" in words and not is_table_rule(words) and is_table_rule(below)


def is_table_rule(words: str) -> bool:
    """Tell whether a line is nothing but bars and dashes, as below the first row of a table."""
    return "-" in words and "|" in words and TABLE_RULE.fullmatch(words.strip(" ")) is not None
