"""Quotations with their source: the last line, where it begins with a dash, names who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

SOURCE = re.compile(r"(?:^|\n) *(?:[—–―]|--)[ \u00a0]+(?=\S|$)")


@dataclass(frozen=True)
class _Dash:
    """A line's dash: in which text it stands, and from where to where."""

    holder: Element
    part: Literal["text", "tail"]
    start: int
    end: int

    @property
    def above(self) -> str:
        return getattr(self.holder, self.part)[: self.start].strip()


def sourced(quotation: Element) -> Sequence[Element]:
    """Return what a quotation becomes: figures of words and their source, or itself where none is named.

    Quotations with an empty line between them reach us as one. A line with a dash right below another is
    people who speak with each other, and no source.
    """
    parts = list(_parts(quotation))
    if not all(_is_quoted(part) for part in parts):
        return [quotation]
    quotation[:] = []
    return [_figure(part) for part in parts]


def _parts(quotation: Element) -> Iterator[list[Element]]:
    """Yield the blocks of a quotation as far as each source."""
    part: list[Element] = []
    for block in quotation:
        part.append(block)
        if _dashes(block):
            yield part
            part = []
    if part:
        yield part


def _is_quoted(part: Sequence[Element]) -> bool:
    """Tell whether one source stands at the end of a part, and words above it."""
    dashes = _dashes(part[-1])
    return len(dashes) == 1 and (len(part) > 1 or dashes[0].holder is not part[-1] or bool(dashes[0].above))


def _dashes(block: Element) -> list[_Dash]:
    if block.tag != "p":
        return []
    lines = SOURCE.finditer(block.text or "")
    dashes = [_Dash(block, "text", line.start(), line.end()) for line in lines]
    for child in block:
        lines = SOURCE.finditer(child.tail or "")
        found = (line for line in lines if line[0][0] == "\n" or child.tag == "br")
        dashes += [_Dash(child, "tail", line.start(), line.end()) for line in found]
    return dashes


def _figure(part: Sequence[Element]) -> Element:
    (dash,), last = _dashes(part[-1]), part[-1]
    figure, quotation, source = Element("figure"), Element("blockquote"), Element("figcaption")
    words = getattr(dash.holder, dash.part)
    source.text = words[dash.end :]
    behind = list(last) if dash.holder is last else list(last)[list(last).index(dash.holder) + 1 :]
    source.extend(behind)
    setattr(dash.holder, dash.part, words[: dash.start])
    ends = dash.holder.tag == "br" and not dash.above
    last[:] = [child for child in last if child not in behind and not (ends and child is dash.holder)]
    is_empty = not len(last) and not (last.text or "").strip()
    quotation.extend(part[:-1] if is_empty else part)
    figure.extend((quotation, source))
    return figure
