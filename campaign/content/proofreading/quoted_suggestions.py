"""Suggestions with what each card that borrows them would show: quotes around the words, somebody's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

FILE = "suggestions.md"
QUOTES = "\"“”„«»‘’'"
QUOTED = re.compile(rf"\s*[-*+] +([{QUOTES}]([^{QUOTES}]+(?:['’]\w[^{QUOTES}]*)*)[{QUOTES}])\s*")
SIGNED = re.compile(r"(?<=[.!?…”»\"]) +(?:[—–]|--?) *[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?$")


def of_others(text: ProofText) -> Iterator[ContentError]:
    """Warn of each."""
    lines = text.written.split("\n")
    for entry, number in text.elements("li") if text.name == FILE else ():
        words, line = words_of(entry), lines[number - 1]
        if found := QUOTED.fullmatch(line):
            fix = Fix(number, found[1], found[2].strip())
            fault = "the suggestion stands in quotes, which are printed"
            yield text.warning(number, fault, "take them out", fix)
        elif found := SIGNED.search(words):
            fault = f'the suggestion is signed: "{found[0].strip()}"'
            yield text.warning(number, fault, "take it out; each writer's own name stands there")
