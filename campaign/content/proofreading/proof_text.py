"""One text, read to be looked through: as it was written, and as a tree whose placeholders are blanks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown.util import STX

from campaign.content import editors_file
from campaign.content.markup import parse_cache
from campaign.content.markup.dialect import Parsed
from campaign.content.markup.line_numbers import LinePart
from campaign.content.markup.tree import ESCAPED, elements, shown_nodes
from campaign.content.placeholders import PLACEHOLDER
from campaign.errors import ContentError, Fix

BLANK = "…"  # what stands for a placeholder's value, and for a sign that its writer meant
NOTE = re.compile(r"^ *<!--.*?--> *$", re.MULTILINE | re.DOTALL)  # of editors, for editors


@dataclass(frozen=True)
class ProofText:
    """A text without faults: its file, its language, what was written but for notes, and what was read."""

    path: Path
    language: str
    written: str
    parsed: Parsed

    @property
    def name(self) -> str:
        """Its name below its edition's folder: "story.md", "news/2026-12-01-moved.md"."""
        return (
            self.path.name if self._home == self.path.parent else f"{self.path.parent.name}/{self.path.name}"
        )

    @property
    def campaign(self) -> str:
        """The name of the campaign's folder."""
        return self._home.parent.name

    @property
    def _home(self) -> Path:
        return self.path.parent if self.path.parent.name == self.language else self.path.parent.parent

    def warning(self, line: int, fault: str, remedy: str, fix: Fix | None = None) -> ContentError:
        """Make a warning about one of its lines."""
        return ContentError(self.path, line, fault, remedy, level="warning", fix=fix)

    @cached_property
    def parts(self) -> Sequence[LinePart]:
        """What is shown of each line; signs that were escaped are blanks."""
        return [
            replace(part, words=ESCAPED.sub(BLANK, part.words)) if STX in part.words else part
            for part in self.parsed.words
        ]

    @cached_property
    def lines(self) -> Mapping[int, str]:
        """The words that are shown of each line, by its number."""
        parts = groupby(self.parts, key=lambda part: part.number)
        joined: dict[int, str] = {}
        for number, group in parts:
            joined[number] = joined.get(number, "") + " ".join(part.words for part in group)
        return joined

    def elements(self, *tags: str) -> Iterator[tuple[Element, int]]:
        """Yield the elements of some tags, each with its line."""
        for element in elements(self.parsed.blocks, *tags):
            yield element, self.parsed.lines[element]


def read(path: Path, language: str) -> ProofText:
    """Read a text that loads without a fault."""
    read_source = editors_file.read(path, [], "")
    text = unicodedata.normalize("NFC", read_source.text if read_source else "")  # de is no part of dépôt
    written = NOTE.sub(lambda note: "\n" * note[0].count("\n"), text)
    return ProofText(path, language, written, parse_cache.read(PLACEHOLDER.sub(BLANK, text), language))


def words_of(block: Element) -> str:
    """Return everything that a block shows, in one line."""
    words = " ".join(node.words for node in shown_nodes(block))
    return " ".join((ESCAPED.sub(lambda sign: chr(int(sign[1])), words) if STX in words else words).split())
