"""The ink of a back: black text, told by its operators alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Arrays with the strings in them, dictionaries, names: without them, numbers and operators are left.
_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_OPERANDS = re.compile(
    rb"\[(?:[^()\[\]]++|" + _STRING + rb")*+\]|" + _STRING + rb"|<[0-9A-Fa-f\s]*+>|/[^\s()<>\[\]/]++|[<>]++",
    re.DOTALL,
)
_NUMBERS = re.compile(rb"[-+.\d ]*+")
# All that a back may do: place, choose a font, show, state the text, draw a crop mark. No colour, no picture.
_BLACK_TEXT = frozenset(b"q Q cm BT ET Tm Td TL Tf Ts TJ T* BDC EMC g G w m l S".split())
# The same, each operator with its operands and nothing behind it that would make another word of it: as the
# press writes it, one look is enough.
_SHOWN = rb"\([^()\\]*+(?:\\.[^()\\]*+)*+\)"
_AS_DRAWN = re.compile(
    rb"(?:\s*+(?:\[(?:" + _SHOWN + rb"|-?\d++)*+\]TJ|T\*|[-\d. ]++(?:T[mdLs]|cm|[wml])|/\w++ [\d.]++ Tf|EMC"
    rb"|/Span<</ActualText" + _SHOWN + rb">>BDC|[QqS]|BT|ET|0 [gG])(?![^\s\[/]))*+\s*+",
    re.DOTALL,
)


def colour_faults(operators: bytes) -> Iterator[str]:
    """Name what a back does besides setting text in black."""
    if not _AS_DRAWN.fullmatch(operators):
        yield from _word_by_word(operators)


def _word_by_word(operators: bytes) -> Iterator[str]:
    words = _OPERANDS.sub(b" ", operators).split()
    others = set(words) - _BLACK_TEXT
    if not _NUMBERS.fullmatch(b" ".join(others)):  # all at once: most are numbers
        for operator in sorted(word for word in others if not _NUMBERS.fullmatch(word)):
            yield f"its back uses {operator.decode('latin-1')}, which may print other than black text"
    before = dict.fromkeys(words[i - 1] for grey in (b"g", b"G") for i in _places(words, grey))
    if before.keys() - {b"0"}:
        yield "its back is grey, not black"


def _places(words: list[bytes], word: bytes) -> Iterator[int]:
    at = -1
    for _ in range(words.count(word)):
        at = words.index(word, at + 1)
        yield at
